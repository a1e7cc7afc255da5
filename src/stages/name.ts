import { capturedAt } from "../domain/captured.ts";
import { stemOf, yearOf } from "../domain/naming.ts";
import type { PhotoWith } from "../domain/photo.ts";
import { done, setStage } from "../domain/stage.ts";
import { MINUTE, type PhotoId } from "../domain/words.ts";

export interface Ledger {
  /** idempotent by photo; the row is there before the name is used */
  reserve(photo: PhotoId, stem: string): string;
  release(photo: PhotoId): void;
}

/**
 * Reserves a file name for each photo, in the order in which they were taken, so that the same set always gets the same
 * names. A set stage, because numbers run through the set.
 */
export const name = (ledger: Ledger, pattern: string) =>
  setStage({
    name: "name",
    needs: ["exif", "subject"],
    reads: ["location", "folder", "date", "clock", "nameTake"],
    limitMs: 5 * MINUTE,
    run: async (photos) =>
      new Map(
        photos.toSorted(byCaptureTime).map((photo) => {
          const { stem, shortened } = stemOf(pattern, {
            subject: photo.facts.subject.subject,
            location: photo.context.location ?? null,
            folder: photo.context.folder,
            camera: photo.facts.exif.camera,
            year: yearOf(capturedAt(photo.facts.exif, photo.context.clock).at, photo.context.date),
          });
          return [photo.id, done({ name: ledger.reserve(photo.id, stem), shortened })];
        }),
      ),
    undo: async (photo) => ledger.release(photo.id),
  });

type Dated = PhotoWith<"exif" | "subject">;

/** Photos without a date come last, in the order of the camera's file names. */
function byCaptureTime(a: Dated, b: Dated): number {
  const at = ({ facts: { exif }, context: { clock } }: Dated): string =>
    `${capturedAt(exif, clock).at ?? "9999"}.${(exif.subSec ?? "").padEnd(9, "0")}`;
  return at(a) < at(b) ? -1 : at(a) > at(b) ? 1 : a.position - b.position;
}
