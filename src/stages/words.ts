import { join } from "node:path";
import { capturedAt } from "../domain/captured.ts";
import { CAPTIONERS, type CaptionerName } from "../domain/photo.ts";
import type { Captioner } from "../domain/ports.ts";
import { done, photoStage } from "../domain/stage.ts";
import { HOUR } from "../domain/words.ts";

export type Captioners = Readonly<Record<CaptionerName, Captioner>>;

const [DEFAULT] = CAPTIONERS;

/** Caption, alt text and keywords, by the captioner of the set's profile. */
export const words = (captioners: Captioners) =>
  photoStage({
    name: "words",
    needs: ["exif", "iptc", "look", "subject"],
    reads: ["location", "folder", "date", "clock", "captioner"],
    limitMs: HOUR,
    run: async ({ context, dir, facts }, { signal }) => {
      const { day } = capturedAt(facts.exif, context.clock);
      const captioner = captioners[context.captioner ?? DEFAULT];
      const { file, sha256 } = facts.look.previews.model;
      const request = {
        picture: { file: join(dir, file), sha256 },
        context,
        subject: facts.subject.subject,
        date: day ?? context.date ?? null,
        written: facts.iptc,
      };
      return done(await captioner.caption(request, signal));
    },
  });
