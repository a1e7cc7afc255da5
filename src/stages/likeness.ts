import { done, setStage } from "../domain/stage.ts";
import { MINUTE } from "../domain/words.ts";

/** The place where photos are compared with one another. Nothing is compared yet, and the facts say so. */
export const likeness = () =>
  setStage({
    name: "likeness",
    needs: ["look"],
    limitMs: MINUTE,
    run: async (photos) => new Map(photos.map((photo) => [photo.id, done({ compared: false })])),
  });
