/** The crop of a photo in the loupe: what is not published is not shown, unless a key is held. */
import type { Row } from "../rows.ts";
import type { Commands } from "./commands.ts";

export interface Cut {
  /** of the photo the loupe shows */
  show(row: Row): void;
  readonly commands: Commands;
}

/** @param picture of the loupe, fitted into its element with room left over on two sides */
export function cutWith(picture: HTMLImageElement): Cut {
  let crop: Row["crop"] = null;
  let isBare = false;
  const draw = (): void => {
    picture.style.clipPath = crop === null || isBare ? "" : insetOf(picture, crop);
  };
  const bare = (is: boolean): void => {
    isBare = is;
    draw();
  };
  picture.addEventListener("load", draw);
  new ResizeObserver(draw).observe(picture);
  document.addEventListener("keyup", ({ key }) => {
    if (key === "\\") bare(false);
  });
  // The key may be let go in another window.
  window.addEventListener("blur", () => bare(false));

  return {
    show(row) {
      crop = row.crop;
      draw();
    },
    commands: {
      "crop.before": () => {
        bare(true);
        // Whatever else the key does, it does as well.
        return false;
      },
    },
  };
}

/** Of the element, in which the picture may stand with bars beside it. */
function insetOf(picture: HTMLImageElement, { x, y, width, height }: NonNullable<Row["crop"]>): string {
  const { clientWidth, clientHeight, naturalWidth, naturalHeight } = picture;
  const scale = Math.min(clientWidth / naturalWidth, clientHeight / naturalHeight);
  if (!Number.isFinite(scale)) return "";
  const [wide, high] = [naturalWidth * scale, naturalHeight * scale];
  const [barX, barY] = [(clientWidth - wide) / 2, (clientHeight - high) / 2];
  const sides = [barY + y * high, barX + (1 - x - width) * wide, barY + (1 - y - height) * high, barX + x * wide];
  return `inset(${sides.map((side) => `${Math.max(0, side).toFixed(2)}px`).join(" ")})`;
}
