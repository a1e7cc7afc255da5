import type { StageName } from "../domain/facts.ts";
import { remedyOf } from "../domain/fault.ts";
import type { PhotoSet, SetContext } from "../domain/photo.ts";
import type { Taxonomy } from "../domain/profile.ts";
import { type Tally, tallyOf } from "../domain/proof-tally.ts";

import { type NewWord, newWords } from "../domain/spelling.ts";
import { type SubjectFlaw, shareOf, subjectFlaws, suggestedSubject } from "../domain/subject-rules.ts";
import { unusualRate } from "../domain/wording-rate.ts";
import type { Millis, SetId } from "../domain/words.ts";
import type { Clearable } from "../store/clearings.ts";
import type { SetCounts } from "../store/sets.ts";
import type { Store } from "../store/store.ts";
import type { SetSeen } from "../store/subjects.ts";

export type SetState = "queued" | "processing" | "ready" | "in_review" | "publishing" | "done" | "held";

/** A set as the home page, the tray and `status` show it. */
export interface Card {
  readonly id: SetId;
  readonly name: string;
  readonly folder: string;
  /** what is said about it */
  readonly context: SetContext;
  /** its locations and categories that were never used before; none once photos are released */
  readonly newWords: readonly NewWord[];
  /** where its photos were taken by their positions, if nobody has said where; offered, and never taken by itself */
  readonly takenNear: readonly { readonly place: string; readonly photos: number }[];
  /** what the machine takes it to show */
  readonly shows: Shows;
  readonly state: SetState;
  readonly counts: Omit<SetCounts, "stages">;
  readonly stages: readonly { readonly name: StageName; readonly done: number; readonly total: number }[];
  /** seconds to the gate at the pace of the last minute; null if unknown */
  readonly etaSec: number | null;
  /** where the words of its photos stand */
  readonly proof: Tally;
  readonly hold: {
    readonly stage: StageName;
    readonly code: string;
    readonly why: string;
    readonly remedy: string;
    readonly retryAt: Millis | null;
    /** names that stay reserved while the set is held */
    readonly namesReserved: number;
  } | null;
  /** the stage it was taken up from after the daemon was killed */
  readonly resumedFrom: StageName | null;
  readonly openedAt: Millis;
  /** what clearing it would free; null unless it is done and has working copies */
  readonly clearable: Clearable | null;
  /** its working copies are being removed */
  readonly clearing: boolean;
  /** freed by clearing; null if it was never cleared */
  readonly clearedBytes: number | null;
  readonly clearedAt: Millis | null;
  /** its photos whose words were written anew because their model failed a test picture, and approvals that were lost by it */
  readonly rewritten: { readonly photos: number; readonly approvals: number };
  /** the set of the same folder whose review had begun when these photos came */
  readonly follows: { readonly id: SetId; readonly name: string } | null;
  /** why its words are far worse than those of other sets (BATCH-RATE); null where they are not */
  readonly unusual: string | null;
  /** its photos were a part of the set it follows */
  readonly splitOff: boolean;
}

/** What a model saw in a set that was told nothing about it, and what is doubtful about its subject. */
export interface Shows {
  /** what one press makes the subject of the set; null where nothing is offered */
  readonly suggestion: string | null;
  /** `3 of 4 photos, by qwen3.5:4b` */
  readonly by: string | null;
  /** why nothing is suggested, where something might have been */
  readonly silence: string | null;
  readonly flaws: readonly SubjectFlaw[];
  /** subjects it might be split by, with their photos; none where it shows one thing */
  readonly parts: SetSeen["parts"];
}

/** Words that are offered where a person types. */
export interface Offered extends Taxonomy {
  readonly kinds: readonly string[];
  /** of all sets */
  readonly subjects: readonly string[];
}

/** Locations, categories and kinds that are known. */
export interface Vocabulary {
  /** what a set is compared with; nothing in it while nothing is known, and then nothing is new */
  knownTo(set: PhotoSet): readonly Taxonomy[];
  /** what is offered where a person types */
  all(): Offered;
  /** names of the kinds of sets there are */
  readonly kinds: readonly string[];
}

/** How fast a set moves; the roof knows from the events, a stopped daemon has none. */
export type Pace = (set: SetId) => number | null;

type CardStore = Pick<
  Store,
  "sets" | "checkpoints" | "runs" | "clearings" | "desk" | "descriptions" | "distrusts" | "subjects" | "splits"
>;

export function cardsOf(
  store: CardStore,
  stageNames: readonly StageName[],
  vocabulary: Pick<Vocabulary, "knownTo" | "kinds">,
  pace: Pace,
): Card[] {
  const resumed = new Map(store.runs.latest()?.resumed.map(({ set, from }) => [set, from]));
  const cards = store.sets
    .all()
    .map((set) => cardOf(set, store, stageNames, vocabulary, pace, resumed.get(set.id) ?? null));
  return cards.map((card) => {
    const others = cards.filter(({ id }) => id !== card.id).map(({ proof }) => proof);
    return { ...card, unusual: unusualRate(card.proof, others) ?? null };
  });
}

function cardOf(
  set: PhotoSet,
  store: CardStore,
  stageNames: readonly StageName[],
  vocabulary: Pick<Vocabulary, "knownTo" | "kinds">,
  pace: Pace,
  resumedFrom: StageName | null,
): Omit<Card, "unusual"> {
  const { stages, ...counts } = store.sets.counts(set.id);
  const hold = store.checkpoints.holdOf(set.id);
  const state = hold === undefined ? stateOf(counts, stages) : "held";
  const cleared = store.clearings.of(set.id);
  const clearing = store.clearings.asked(set.id) !== undefined;
  const live = counts.photos - counts.culled;
  const perSecond = pace(set.id);
  const left = counts.photos - counts.culled - (stages.look ?? 0);
  return {
    id: set.id,
    name: set.name,
    folder: set.folder,
    context: set.context,
    newWords: counts.released > 0 ? [] : newWords(set.context, vocabulary.knownTo(set)),
    takenNear: counts.released > 0 || set.context.location !== undefined ? [] : takenNear(set, store),
    shows: showsOf(set, store.subjects.of(set.id), vocabulary.kinds, counts.released > 0),
    state,
    counts,
    stages: stageNames.map((name) => ({ name, done: stages[name] ?? 0, total: live })),
    etaSec: perSecond === null || perSecond === 0 || left <= 0 ? null : Math.ceil(left / perSecond),
    proof: tallyOf(store.desk.judgements(set.id)),
    hold:
      hold === undefined
        ? null
        : {
            stage: hold.stage,
            code: hold.code,
            why: hold.why,
            remedy: remedyOf(hold.code),
            retryAt: hold.retryAt,
            namesReserved: stages.name ?? 0,
          },
    resumedFrom,
    openedAt: set.openedAt,
    rewritten: store.distrusts.rewritten(set.id),
    follows: followedBy(set, store),
    splitOff: store.splits.isSplitOff(set.id),
    clearable: state === "done" && !clearing ? whatThereIs(store.clearings.clearable(set.id)) : null,
    clearing,
    clearedBytes: cleared?.bytes ?? null,
    clearedAt: cleared?.at ?? null,
  };
}

const takenNear = ({ id }: PhotoSet, { descriptions }: CardStore): Card["takenNear"] =>
  descriptions.towns(id).map(({ city, country, photos }) => ({
    place: country === null ? city : `${city}, ${country}`,
    photos,
  }));

const NOTHING: Shows = { suggestion: null, by: null, silence: null, flaws: [], parts: [] };

/** @param isOut photos of it are released, so that what holds for the whole set cannot be changed; it can still be split */
function showsOf({ context }: PhotoSet, seen: SetSeen | undefined, kinds: readonly string[], isOut: boolean): Shows {
  if (seen === undefined) return NOTHING;
  const { suggestion, silence, parts } = seen;
  if (isOut) return { ...NOTHING, parts };
  const subject = suggestion === null ? null : suggestedSubject(suggestion);
  return {
    suggestion: subject === context.subject ? null : subject,
    by: suggestion === null ? null : `${shareOf(suggestion)}, by ${suggestion.model}`,
    silence,
    flaws: subjectFlaws(context, seen, kinds),
    parts,
  };
}

const whatThereIs = (clearable: Clearable): Clearable | null => (clearable.copies === 0 ? null : clearable);

function followedBy({ follows }: PhotoSet, { sets }: CardStore): Card["follows"] {
  const before = follows === null ? undefined : sets.get(follows);
  return before === undefined ? null : { id: before.id, name: before.name };
}

export function stateOf(counts: Omit<SetCounts, "stages">, stages: SetCounts["stages"]): SetState {
  if (counts.released > counts.archived) return "publishing";
  if (counts.working > 0) return Object.keys(stages).length === 0 ? "queued" : "processing";
  const open = counts.undecided + counts.approved + counts.held;
  if (open === 0) return "done";
  return counts.wished + counts.approved + counts.held + counts.rejected + counts.released > 0 ? "in_review" : "ready";
}

/** Does the set want a person? */
export const needsPerson = (state: SetState): boolean => state === "ready" || state === "in_review";
