import { sharp } from "./sharp.ts";

/** The long edge of what models are shown, in pixels. */
const WIDTH = 896;
const HEIGHT = 672;
const RADIUS = 160;

const PAINT = { red: [214, 30, 30], blue: [25, 60, 210], green: [20, 150, 50], yellow: [245, 215, 20] } as const;
type Colour = keyof typeof PAINT;

/** A circle on the left and a square on the right, on white, as a JPEG: what a model that sees can name. */
export async function testCardPicture(card: { readonly circle: Colour; readonly square: Colour }): Promise<Buffer> {
  const data = Buffer.alloc(WIDTH * HEIGHT * 3, 255);
  const dot = (x: number, y: number, colour: Colour): void => data.set(PAINT[colour], (y * WIDTH + x) * 3);
  for (let dy = -RADIUS; dy <= RADIUS; dy += 1)
    for (let dx = -RADIUS; dx <= RADIUS; dx += 1) {
      if (dx * dx + dy * dy <= RADIUS * RADIUS) dot(WIDTH / 4 + dx, HEIGHT / 2 + dy, card.circle);
      dot((3 * WIDTH) / 4 + dx, HEIGHT / 2 + dy, card.square);
    }
  return sharp(data, { raw: { width: WIDTH, height: HEIGHT, channels: 3 } })
    .jpeg({ quality: 88 })
    .toBuffer();
}
