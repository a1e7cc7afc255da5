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
  const span = (row: number, middle: number, reach: number, colour: Colour): void => {
    const at = (x: number): number => ((HEIGHT / 2 + row) * WIDTH + x) * 3;
    data.fill(Uint8Array.from(PAINT[colour]), at(middle - reach), at(middle + reach + 1));
  };
  for (let row = -RADIUS; row <= RADIUS; row += 1) {
    span(row, WIDTH / 4, Math.floor(Math.sqrt(RADIUS * RADIUS - row * row)), card.circle);
    span(row, (3 * WIDTH) / 4, RADIUS, card.square);
  }
  return sharp(data, { raw: { width: WIDTH, height: HEIGHT, channels: 3 } })
    .jpeg({ quality: 88 })
    .toBuffer();
}
