import { join } from "node:path";
import { capturedAt } from "../domain/captured.ts";
import type { Facts } from "../domain/facts.ts";
import { CAPTIONERS, type CaptionerName, type PhotoWith } from "../domain/photo.ts";
import type { Captioner, CaptionRequest, Distrust, WrittenIn } from "../domain/ports.ts";
import type { Proof } from "../domain/proof.ts";
import { type SetSoFar, setsSoFar } from "../domain/set-so-far.ts";
import { done, photoStage } from "../domain/stage.ts";
import { rulesVersion } from "../domain/wording.ts";
import { type Means, repair } from "../domain/wording-repair.ts";
import type { WordField } from "../domain/wording-rule.ts";
import { knownOf } from "../domain/wording-standing.ts";
import type { Lexicon } from "../domain/wording-text.ts";
import { HOUR, type Millis } from "../domain/words.ts";

export type Captioners = Readonly<Record<CaptionerName, Captioner>>;

const [DEFAULT] = CAPTIONERS;
const NEEDS = ["exif", "iptc", "look", "likeness", "subject"] as const;
type Ready = PhotoWith<(typeof NEEDS)[number]>;

/**
 * Caption, alt text and keywords, by the captioner of the set's profile, held to the rules: what a model wrote is mended
 * within bounds, or stays marked. Photos that are alike are described once.
 *
 * @param writtenIn what the photos of a set say so far
 */
export const words = (captioners: Captioners, lexicon: Lexicon, writtenIn: WrittenIn, distrust: Distrust) => {
  const soFar = setsSoFar(lexicon, writtenIn);
  return photoStage({
    name: "words",
    needs: NEEDS,
    reads: ["location", "folder", "date", "event", "clock", "captioner", "model", "wordsTake"],
    limitMs: HOUR,
    run: async (photo, { signal, now }) => {
      const captioner = captioners[photo.context.captioner ?? DEFAULT];
      const set = soFar(photo);
      const write = () =>
        written(photo, set, { captioner, template: captioners.template, lexicon, distrust, signal, now });
      return done(await set.describedOnce(photo, captioner.name, write));
    },
  });
};

interface Desk {
  readonly captioner: Captioner;
  readonly template: Captioner;
  readonly lexicon: Lexicon;
  readonly distrust: Distrust;
  readonly signal: AbortSignal;
  readonly now: () => Millis;
}

async function written(photo: Ready, set: SetSoFar, desk: Desk): Promise<Facts["words"]> {
  const { captioner, template, lexicon, signal } = desk;
  const request = requestFor(photo);
  const draft = { ...(await captioner.caption(request, signal)), proof: null, derivedFrom: null };
  const known = knownOf(photo, draft, {});
  if (!Object.values(known.authors).includes("model")) return draft;
  await set.refuseConstant(photo, draft, desk.distrust);
  const means: Means = {
    rewrite:
      captioner.rewrite &&
      (async (said, field, wishes, attempt) =>
        captioner.rewrite?.(request, { words: said, field, wishes, attempt }, signal)),
    beside: (said) => set.flaws(photo, said),
    template: await template.caption({ ...request, written: null }, signal),
    elapsed: desk.now,
  };
  const { words: mended, outcome, found, flaws, attempts, authors } = await repair(draft, known, lexicon, means);
  set.add(photo, mended);
  const proof: Proof = {
    rules: rulesVersion(lexicon),
    outcome,
    found: [...found],
    flaws: [...flaws],
    attempts: [...attempts],
  };
  const from = (field: WordField) => (authors[field] === "template" ? "template" : draft.from[field]);
  return {
    ...draft,
    caption: mended.caption,
    altText: mended.altText,
    keywords: mended.keywords,
    from: { caption: from("caption"), altText: from("altText"), keywords: from("keywords") },
    proof,
  };
}

function requestFor({ context, dir, facts }: Ready): CaptionRequest {
  const { day } = capturedAt(facts.exif, context.clock);
  const { file, sha256 } = facts.look.previews.model;
  return {
    picture: { file: join(dir, file), sha256 },
    context,
    model: context.model,
    subject: facts.subject.subject,
    kind: facts.subject.kind,
    date: day ?? context.date ?? null,
    written: facts.iptc,
  };
}
