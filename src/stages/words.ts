import { capturedAt } from "../domain/captured.ts";
import { CAPTIONERS, type CaptionerName } from "../domain/photo.ts";
import type { Captioner } from "../domain/ports.ts";
import { done, photoStage } from "../domain/stage.ts";
import { HOUR } from "../domain/words.ts";

export type Captioners = Readonly<Record<CaptionerName, Captioner>>;

const [DEFAULT] = CAPTIONERS;

/** Caption, alt text and keywords, by the captioner of the set's profile. The captioner gets facts, never paths. */
export const words = (captioners: Captioners) =>
  photoStage({
    name: "words",
    needs: ["exif", "iptc", "subject"],
    reads: ["location", "folder", "date", "clock", "captioner"],
    limitMs: HOUR,
    run: async ({ context, facts }, { signal }) => {
      const { day } = capturedAt(facts.exif, context.clock);
      const captioner = captioners[context.captioner ?? DEFAULT];
      const date = day ?? context.date ?? null;
      return done(
        await captioner.caption({ context, subject: facts.subject.subject, date, written: facts.iptc }, signal),
      );
    },
  });
