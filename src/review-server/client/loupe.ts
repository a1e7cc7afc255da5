import type { Row } from "../rows.ts";
import { showPicture } from "./cell.ts";
import { must, part, setText } from "./dom.ts";
import type { Panel } from "./panel.ts";

export interface Loupe {
  readonly isOpen: boolean;
  show(row: Row, neighbours: readonly Row[]): void;
  close(): void;
}

/** The large picture beside its fields. The pictures before and after are fetched and decoded ahead. */
export function loupeWith(panel: Panel): Loupe {
  const photo = must("photo", HTMLImageElement);
  const missing = part("photo-missing");
  const loupe = part("loupe");
  let ahead: readonly HTMLImageElement[] = [];

  const fetchAhead = (rows: readonly Row[]): void => {
    ahead = rows.flatMap(({ previews }) => {
      if (previews === null) return [];
      const known = ahead.find((image) => image.getAttribute("src") === previews.large);
      if (known !== undefined) return [known];
      const image = new Image();
      image.src = previews.large;
      // A picture that cannot be decoded ahead is shown when it is there.
      image.decode().catch(() => undefined);
      return [image];
    });
  };

  return {
    get isOpen() {
      return !loupe.hidden;
    },
    show(row, neighbours) {
      loupe.hidden = false;
      part("grid").hidden = true;
      document.body.classList.add("in-loupe");
      showPicture(photo, row.previews?.large);
      photo.hidden = row.previews === null;
      // The alt text under review is what a reader without the picture gets: reading it is its best test.
      photo.alt = row.altText ?? "";
      missing.hidden = row.previews !== null;
      setText(missing, row.culled === null ? `${row.file}: preview in line` : `${row.file}: no preview`);
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
