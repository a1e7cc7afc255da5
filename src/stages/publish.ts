import { basename, join } from "node:path";
import { capturedAt } from "../domain/captured.ts";
import type { Facts, Metrics } from "../domain/facts.ts";
import { marksPacket } from "../domain/marks.ts";
import { type PhotoWith, PUBLISHERS, type PublisherName, type SetContext } from "../domain/photo.ts";
import type { CatalogueColumns, Images, Publisher, SiteSizes } from "../domain/ports.ts";
import { done, photoStage } from "../domain/stage.ts";
import { HOUR } from "../domain/words.ts";
import { removeFolder } from "../files.ts";

export type Publishers = Readonly<Record<PublisherName, Publisher>>;

type Approved = PhotoWith<"ingest" | "exif" | "look" | "quality" | "review">;

/** Makes the site's files and publishes exactly what the approval is bound to. Twice is once. */
export const publish = (images: Images, publishers: Publishers, sizes: SiteSizes) =>
  photoStage({
    name: "publish",
    needs: ["ingest", "exif", "look", "quality", "review"],
    limitMs: HOUR,
    run: async (photo, { dir, signal }) => {
      const { final } = photo.facts.review;
      const want = { ...marked(sizes, photo.facts.review), crop: final.crop };
      const rendered = await images.render(pictureOf(photo.dir, photo.facts), dir, want, signal);
      const published = await publishers[targetOf(photo.context)].publish(
        { final, rendered, columns: columnsOf(photo) },
        signal,
      );
      await removeFolder(dir);
      return done(published);
    },
    undo: async (photo) => {
      const { publish: published, review, ingest, look } = photo.facts;
      const signal = AbortSignal.timeout(HOUR);
      const publisher = publishers[targetOf(photo.context)];
      if (published !== undefined) return publisher.withdraw(published, signal);
      if (review === undefined || ingest === undefined || look === undefined) return;
      const dir = join(photo.dir, "publish");
      const want = { ...marked(sizes, review), crop: review.final.crop };
      const render = () => images.render(pictureOf(photo.dir, { ingest, look }), dir, want, signal);
      await publisher.retract(review.final, render, signal);
    },
  });

const marked = (sizes: SiteSizes, { final: { marks } }: Facts["review"]): SiteSizes =>
  marks === undefined ? sizes : { ...sizes, xmp: marksPacket(marks) };

/** What the approval was given on: our copy of the original, or the JPEG out of a RAW. */
const pictureOf = (dir: string, { ingest, look }: Pick<Facts, "ingest" | "look">): string =>
  join(dir, look.embedded?.file ?? ingest.file);

// The facts of a publication are of one target; there is no second yet.
const targetOf = ({ targets: [first = PUBLISHERS[0]] = PUBLISHERS }: SetContext): PublisherName => first;

function columnsOf({ source, context, facts: { exif, quality } }: Approved): CatalogueColumns {
  return {
    DateTime: capturedAt(exif, context.clock).at,
    Camera: exif.camera,
    Lens_model: exif.lens,
    Exposure: exif.exposure,
    Aperture: exif.aperture,
    ISO: exif.iso,
    Focal_length: exif.focalLength,
    Original_File_Name: basename(source.path),
    nima_score: valueIn(quality.metrics.nima),
    blur_score: valueIn(quality.metrics.blur),
    brightness_score: valueIn(quality.metrics.brightness),
    contrast_score: valueIn(quality.metrics.contrast),
    brisque_score: valueIn(quality.metrics.brisque),
    clip_aesthetic_score: valueIn(quality.metrics.clip),
  };
}

const valueIn = (metric: Metrics[keyof Metrics]): number | null => (metric.source === "missing" ? null : metric.value);
