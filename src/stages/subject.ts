import { done, setStage } from "../domain/stage.ts";
import { MINUTE } from "../domain/words.ts";

/** What the set shows. For now the photographer's own word, from folder name or photogate.yaml. */
export const subject = () =>
  setStage({
    name: "subject",
    needs: [],
    reads: ["subject"],
    limitMs: MINUTE,
    run: async (photos) =>
      new Map(
        photos.map(({ id, context }) => [
          id,
          done(
            context.subject === undefined
              ? { subject: null, source: "none" }
              : { subject: context.subject, source: "context" },
          ),
        ]),
      ),
  });
