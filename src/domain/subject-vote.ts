/** What a set shows, by what a model saw in some of its photos: which to ask about, and what the answers come to. */
import type { Facts, Suggestion } from "./facts.ts";
import { cosine, type Fingerprint } from "./fingerprint.ts";
import type { Identified } from "./identification.ts";
import { aliasesOf, type Kind } from "./kinds.ts";
import { capitalised, isStopWord, type Lexicon, lemmasOf, wordsOf } from "./wording-text.ts";
import type { PhotoId } from "./words.ts";

/** More are asked about only where a set is large, and never more than these. */
const MOST_FRAMES = 5;
/** So many must agree on an exact name for it to be offered. */
const SPECIFIC_SHARE = 0.6;
/** So many that show something else than the photographer said are a conflict. */
const CONFLICT_SHARE = 0.4;
/** So many must show a thing for the set to be two sets: one frame of five is one frame. */
const PART_SHARE = 0.3;

export interface Seeable {
  readonly id: PhotoId;
  readonly print: Pick<Fingerprint, "thumb">;
}

/** How many photos of a set are asked about. */
export const framesFor = (photos: number): number => Math.min(MOST_FRAMES, Math.ceil(Math.sqrt(photos)));

/**
 * The photos that are least alike: the first, then always the one that is farthest from all that were chosen.
 *
 * @param photos in the order of the set
 */
export function diverse<T extends Seeable>(photos: readonly T[], many: number): T[] {
  const chosen = photos.slice(0, Math.min(1, many));
  const nearest = new Map(photos.map((photo) => [photo.id, Number.NEGATIVE_INFINITY]));
  while (chosen.length < Math.min(many, photos.length)) {
    const last = chosen.at(-1);
    if (last === undefined) break;
    for (const photo of photos) nearest.set(photo.id, Math.max(nearest.get(photo.id) ?? 0, likeness(photo, last)));
    const left = photos.filter((photo) => !chosen.includes(photo));
    chosen.push(left.reduce((far, photo) => ((nearest.get(photo.id) ?? 0) < (nearest.get(far.id) ?? 0) ? photo : far)));
  }
  return chosen;
}

const likeness = (a: Seeable, b: Seeable): number => cosine(a.print, b.print);

/** The one a photo is most like. */
export const nearestTo = <T extends Seeable>(photo: Seeable, among: readonly T[]): T | undefined =>
  among.reduce<T | undefined>(
    (best, one) => (best === undefined || likeness(photo, one) > likeness(photo, best) ? one : best),
    undefined,
  );

export interface Sample {
  readonly photo: PhotoId;
  readonly seen: Identified;
}

type Votes = Pick<Facts["subject"], "suggestion" | "conflict" | "mixed"> & {
  /** the subject of each photo that was asked about, of a mixed set */
  readonly partOf: ReadonlyMap<PhotoId, string>;
};

/**
 * @param subject the photographer's word; null where there is none
 * @param samples not empty
 */
export function votesOf(
  samples: readonly Sample[],
  subject: string | null,
  kind: Pick<Kind, "broader"> | undefined,
  lexicon: Lexicon,
): Votes {
  const said = samples.map((sample) => ({ ...sample, ...namesOf(sample.seen, kind, lexicon) }));
  const parts = partsOf(said);
  const mixed = mixedIn(parts, samples.length);
  return {
    suggestion: suggested(said, lexicon),
    conflict: subject !== null && isAgainst(subject, said, kind, lexicon),
    mixed:
      mixed?.map(({ subject: named, those }) => ({ subject: named, photos: those.map(({ photo }) => photo) })) ?? null,
    partOf: new Map(
      mixed?.flatMap(({ subject: named, those }) => those.map(({ photo }) => [photo, named] as const)) ?? [],
    ),
  };
}

interface Named extends Sample {
  /** what its head noun is, as a singular */
  readonly head: string;
  /** what it is called */
  readonly own: ReadonlySet<string>;
  /** what it may be called besides */
  readonly broader: ReadonlySet<string>;
}

function namesOf(
  seen: Identified,
  kind: Pick<Kind, "broader"> | undefined,
  lexicon: Lexicon,
): Omit<Named, keyof Sample> {
  const names = [seen.generic, seen.specific ?? ""];
  const own = names.flatMap((name) => lemmasOf(name, lexicon));
  const category = seen.category === "other" || seen.category === "object" ? [] : [seen.category];
  return {
    head: headOf(seen.generic, lexicon),
    own: new Set(own),
    broader: new Set([...names.flatMap((name) => aliasesOf(name, kind, lexicon)), ...category]),
  };
}

/** `small birds on a branch` is about birds: what follows a small word says where it is. */
function headOf(generic: string, lexicon: Lexicon): string {
  const words = wordsOf(generic.toLowerCase());
  const from = words.findIndex((word) => !isStopWord(word));
  const rest = words.slice(Math.max(0, from));
  const to = rest.findIndex(isStopWord);
  return lemmasOf((to < 0 ? rest : rest.slice(0, to)).join(" "), lexicon).at(-1) ?? "";
}

/** Does one name the other, or what the other is a kind of? Two that are both birds may be two birds. */
const areOneThing = (a: Pick<Named, "own" | "broader">, b: Pick<Named, "own" | "broader">): boolean =>
  meet(a.own, b.own) || meet(a.own, b.broader) || meet(a.broader, b.own);

const meet = (a: ReadonlySet<string>, b: ReadonlySet<string>): boolean => [...a].some((word) => b.has(word));

function suggested(said: readonly Named[], lexicon: Lexicon): Suggestion | null {
  const [winners = []] = [...Map.groupBy(said, ({ head }) => head).values()].sort((a, b) => b.length - a.length);
  const [first] = winners;
  // A majority, not the largest of many minorities.
  if (first === undefined || winners.length * 2 <= said.length) return null;
  const all = said.map(({ seen }) => seen);
  return {
    generic: capitalised(commonest(winners.map(({ seen }) => seen.generic))),
    specific: agreedName(winners, said.length, lexicon),
    share: hundredths(winners.length / said.length),
    category: commonest(winners.map(({ seen }) => seen.category)),
    people: commonest(all.map(({ people }) => people)),
    visibleText: [...new Set(all.flatMap(({ visibleText }) => visibleText))],
    setting: commonest(winners.map(({ seen }) => seen.setting)),
    frames: said.map(({ photo }) => photo),
    model: first.seen.by.model,
  };
}

/** An exact name that enough photos agree on, each time surely. */
function agreedName(winners: readonly Named[], asked: number, lexicon: Lexicon): string | null {
  const sure = winners.flatMap(({ seen }) =>
    seen.specific !== null && seen.specificity === "high" ? [seen.specific] : [],
  );
  const byName = Map.groupBy(sure, (name) => lemmasOf(name, lexicon).toSorted().join(" "));
  const [most = []] = [...byName.values()].sort((a, b) => b.length - a.length);
  return most.length >= SPECIFIC_SHARE * asked ? capitalised(commonest(most)) : null;
}

/** The first of those that are there most often. */
function commonest<T extends string>(values: readonly [T, ...T[]] | readonly T[]): T {
  const [most] = [...Map.groupBy(values, (value) => value).values()].sort((a, b) => b.length - a.length);
  const [value] = most ?? [];
  if (value === undefined) throw new Error("nothing was said");
  return value;
}

const hundredths = (value: number): number => Math.round(value * 100) / 100;

function isAgainst(
  subject: string,
  said: readonly Named[],
  kind: Pick<Kind, "broader"> | undefined,
  lexicon: Lexicon,
): boolean {
  const operators = {
    own: new Set(lemmasOf(subject, lexicon)),
    broader: new Set(aliasesOf(subject, kind, lexicon)),
  };
  const others = said.filter((one) => !areOneThing(operators, one));
  return others.length >= CONFLICT_SHARE * said.length;
}

/** Those that show one thing, directly or through others. */
function partsOf(said: readonly Named[]): (readonly Named[])[] {
  return said.reduce<Named[][]>((parts, one) => {
    const [same, others] = [
      parts.filter((part) => part.some((other) => areOneThing(one, other))),
      parts.filter((part) => !part.some((other) => areOneThing(one, other))),
    ];
    return [...others, [...same.flat(), one]];
  }, []);
}

interface Part {
  readonly subject: string;
  readonly those: readonly Named[];
}

/** Clearly different: of another category, or by names the model is sure of. */
function mixedIn(parts: readonly (readonly Named[])[], asked: number): Part[] | null {
  const large = parts
    .filter((part) => part.length >= PART_SHARE * asked)
    .map((those): Part => ({ subject: capitalised(commonest(those.map(nameOf))), those }));
  large.sort((a, b) => b.those.length - a.those.length);
  const kept = large.filter((part, i) => large.slice(0, i).every((other) => areClearlyTwo(part, other)));
  return kept.length < 2 ? null : kept;
}

const nameOf = ({ seen }: Named): string =>
  seen.specific !== null && seen.specificity === "high" ? seen.specific : seen.generic;

function areClearlyTwo({ those: a }: Part, { those: b }: Part): boolean {
  const categories = new Set(a.map(({ seen }) => seen.category));
  if (!b.some(({ seen }) => categories.has(seen.category))) return true;
  return [...a, ...b].every(({ seen }) => seen.specific !== null && seen.specificity === "high");
}
