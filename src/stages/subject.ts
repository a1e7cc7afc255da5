import { join } from "node:path";
import type { Facts } from "../domain/facts.ts";
import { Fault } from "../domain/fault.ts";
import { fingerprintOf } from "../domain/fingerprint.ts";
import { aliasesOf, type Kind, type Kinds, kindOf } from "../domain/kinds.ts";
import { contextOfSet } from "../domain/own-word.ts";
import { CAPTIONERS, type CaptionerName, type PhotoWith } from "../domain/photo.ts";
import type { Captioner } from "../domain/ports.ts";
import { ONE_SCENE } from "../domain/set-so-far.ts";
import { done, setStage } from "../domain/stage.ts";
import { diverse, framesFor, nearestTo, type Sample, votesOf } from "../domain/subject-vote.ts";
import type { Lexicon } from "../domain/wording-text.ts";
import { HOUR, type Millis, type PhotoId } from "../domain/words.ts";

export interface SubjectTools {
  readonly captioners: Readonly<Record<CaptionerName, Pick<Captioner, "name" | "identify">>>;
  readonly kinds: Kinds;
  readonly lexicon: Lexicon;
  /** how long a set may wait to be looked at before its words are written; 0 for not at all */
  readonly identifyMs: Millis;
}

const NEEDS = ["look", "likeness"] as const;
type Ready = PhotoWith<(typeof NEEDS)[number]>;

/**
 * What the set shows: the photographer's own word, and beside it what a model sees that is told nothing. A model that is
 * away, or slow, holds nobody up: there is no suggestion then.
 */
export const subject = (tools: SubjectTools) =>
  setStage({
    name: "subject",
    needs: NEEDS,
    reads: ["subject", "kind", "captioner", "model"],
    limitMs: 3 * HOUR,
    run: async (photos, { signal }) => {
      const { samples, silence } = await lookedAt(photos, tools, signal);
      const [first] = photos;
      const set = first && contextOfSet(first);
      const ofSet = set?.subject ?? null;
      const votes =
        samples.length === 0 ? undefined : votesOf(samples, ofSet, kindOf(tools.kinds, set?.kind), tools.lexicon);
      const seenIn = new Map(samples.map(({ photo, seen }) => [photo, seen]));
      const partOf = votes === undefined ? () => null : nearestPart(photos, votes.partOf);
      return new Map(
        photos.map((photo): [PhotoId, ReturnType<typeof done<Facts["subject"]>>] => {
          const said = photo.context.subject ?? null;
          const kind = kindOf(tools.kinds, photo.context.kind);
          const facts: Facts["subject"] = {
            subject: said,
            source: said === null ? "none" : "context",
            kind: kind === undefined ? null : ofKind(kind, said, tools.lexicon),
            suggestion: votes?.suggestion ?? null,
            silence:
              silence ??
              (samples.length > 0 && !votes?.suggestion ? "no majority of the photos shows one thing" : null),
            // Who has said of this very photo what it shows has looked at it.
            conflict: said === ofSet && (votes?.conflict ?? false),
            mixed: votes?.mixed ?? null,
            part: partOf(photo),
            seen: seenIn.get(photo.id) ?? null,
            readable: readableIn(photo, seenIn),
          };
          return [photo.id, done(facts)];
        }),
      );
    },
  });

const ofKind = (kind: Kind, said: string | null, lexicon: Lexicon): Facts["subject"]["kind"] => ({
  name: kind.name,
  genre: kind.genre,
  vocabulary: [...kind.vocabulary],
  aliases: said === null ? [] : aliasesOf(said, kind, lexicon),
  setAside: [...kind.setAside],
  unsaid: [...kind.unsaid],
});

interface LookedAt {
  readonly samples: readonly Sample[];
  /** why there are none, where a model was to be asked */
  readonly silence: string | null;
}

/** One photo after the other, until all are answered, the time is over, or the model fails: then those that are there count. */
async function lookedAt(
  photos: readonly Ready[],
  { captioners, identifyMs }: SubjectTools,
  signal: AbortSignal,
): Promise<LookedAt> {
  const { captioner: name = CAPTIONERS[0], model } = photos[0]?.context ?? {};
  const captioner = captioners[name];
  if (captioner.identify === undefined || identifyMs === 0) return { samples: [], silence: null };
  const samples: Sample[] = [];
  const deadline = AbortSignal.timeout(identifyMs);
  const until = AbortSignal.any([signal, deadline]);
  try {
    for (const { id, dir, facts } of diverse(photos.map(withPrint), framesFor(photos.length))) {
      const { file, sha256 } = facts.look.previews.model;
      const seen = await captioner.identify({ picture: { file: join(dir, file), sha256 }, model }, until);
      if (seen !== undefined) samples.push({ photo: id, seen });
    }
  } catch (cause) {
    // The set was described anew, or the daemon stops: what was seen so far is nobody's.
    signal.throwIfAborted();
    if (!deadline.aborted && !(cause instanceof Fault)) throw cause;
    const why = cause instanceof Fault ? `${cause.message} (${cause.code})` : `no answer within ${identifyMs / 1000} s`;
    return { samples, silence: samples.length === 0 ? why : null };
  }
  return { samples, silence: samples.length === 0 ? `${captioner.name} gave no answer about any of the photos` : null };
}

const withPrint = (photo: Ready): Ready & { print: ReturnType<typeof fingerprintOf> } => ({
  ...photo,
  print: fingerprintOf(photo.facts.look),
});

/** A photo nobody asked about belongs where the most alike of those belongs that somebody did. A guess, and offered as one. */
function nearestPart(photos: readonly Ready[], partOf: ReadonlyMap<PhotoId, string>): (photo: Ready) => string | null {
  const asked = photos.filter(({ id }) => partOf.has(id)).map(withPrint);
  return (photo) => {
    if (asked.length === 0) return null;
    return partOf.get(photo.id) ?? partOf.get(nearestTo(withPrint(photo), asked)?.id ?? photo.id) ?? null;
  };
}

/** Text in a photo, and in those that are the same scene: it is evidence for nothing else. */
function readableIn({ id, facts }: Ready, seenIn: ReadonlyMap<PhotoId, Sample["seen"]>): string[] {
  const groups = facts.likeness.groups.filter(({ tier }) => ONE_SCENE.includes(tier));
  const scene = new Set([id, ...groups.flatMap(({ members }) => members)]);
  return [...new Set([...scene].flatMap((photo) => seenIn.get(photo)?.visibleText ?? []))];
}
