import type { Row } from "../rows.ts";
import { showPicture } from "./cell.ts";
import { must, part, setText } from "./dom.ts";
import type { Panel } from "./panel.ts";

export interface Loupe {
  readonly isOpen: boolean;
  show(row: Row, neighbours: readonly Row[]): void;
  close(): void;
}

/** Ours, or the one the camera put into its file until there is ours. */
const largeOf = (row: Row): string | undefined => row.previews?.large ?? row.sight?.large;

/** The large picture beside its fields. The pictures before and after are fetched and decoded ahead. */
export function loupeWith(panel: Panel): Loupe {
  const photo = must("photo", HTMLImageElement);
  const missing = part("photo-missing");
  const loupe = part("loupe");
  let ahead: readonly HTMLImageElement[] = [];

  const fetchAhead = (rows: readonly Row[]): void => {
    ahead = rows.flatMap((row) => {
      const src = largeOf(row);
      if (src === undefined) return [];
      const known = ahead.find((image) => image.getAttribute("src") === src);
      if (known !== undefined) return [known];
      const image = new Image();
      image.src = src;
      // A picture that cannot be decoded ahead is shown when it is there.
      image.decode().catch(() => undefined);
      return [image];
    });
  };

  const showMissing = (row: Row, is: boolean): void => {
    photo.hidden = is;
    missing.hidden = !is;
    setText(missing, row.culled === null ? `${row.file}: preview in line` : `${row.file}: no preview`);
  };

  return {
    get isOpen() {
      return !loupe.hidden;
    },
    show(row, neighbours) {
      loupe.hidden = false;
      part("grid").hidden = true;
      document.body.classList.add("in-loupe");
      const src = largeOf(row);
      showMissing(row, src === undefined);
      showPicture(photo, src, () => showMissing(row, true));
      // The alt text under review is what a reader without the picture gets: reading it is its best test.
      photo.alt = row.altText ?? "";
      panel.show(row);
      fetchAhead(neighbours);
    },
    close() {
      loupe.hidden = true;
      part("grid").hidden = false;
      document.body.classList.remove("in-loupe");
    },
  };
}
