import type { Captioner } from "../domain/ports.ts";
import { done, photoStage } from "../domain/stage.ts";
import { HOUR } from "../domain/words.ts";

/** Caption, alt text and keywords. The captioner gets facts, never paths. */
export const words = (captioner: Captioner) =>
  photoStage({
    name: "words",
    needs: ["exif", "iptc", "subject"],
    limitMs: HOUR,
    run: async ({ context, facts }, { signal }) =>
      done(
        await captioner.caption(
          {
            context,
            subject: facts.subject.subject,
            date: dayOf(facts.exif.takenAt) ?? context.date ?? null,
            written: facts.iptc,
          },
          signal,
        ),
      ),
  });

const dayOf = (takenAt: string | null): string | undefined => takenAt?.slice(0, 10).replaceAll(":", "-");
