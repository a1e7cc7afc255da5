import { spokenDate } from "./captioning.ts";
import { capturedAt } from "./captured.ts";
import { evidenceOf, type WordEvidence } from "./evidence.ts";
import type { Facts, Final } from "./facts.ts";
import { SYSTEM } from "./model-answer.ts";
import { UNDATED, yearOf } from "./naming.ts";
import type { LoadedPhoto } from "./photo.ts";
import type { FoundFlaw } from "./proof.ts";
import type { Edits } from "./review.ts";
import { flawsOf, rulesVersion } from "./wording.ts";
import type { Author, Known, WordField, Words } from "./wording-rule.ts";
import { type Lexicon, wordsOf } from "./wording-text.ts";

/** What is wrong with the words of a photo as they stand: the machine's, under a person's edits. */

const WORDING = ["caption", "altText", "keywords"] as const satisfies readonly WordField[];

/**
 * @param words the machine's, as they are stored or about to be
 * @param edits a person's, which make known what they say
 */
export function knownOf({ facts, context, source }: LoadedPhoto, words: Facts["words"], edits: Edits): Known {
  const { exif, iptc, subject } = facts;
  const captured = exif === undefined ? null : capturedAt(exif, context.clock);
  const year = yearOf(captured?.at ?? null, context.date);
  const visible = words.evidence?.visible ?? [];
  return {
    subject: edits.subject ?? subject?.subject ?? null,
    location: edits.location ?? context.location ?? null,
    names: context.event === undefined ? [] : [context.event],
    category: context.folder,
    gps: exif === undefined ? [] : namesNear(exif.place),
    written: writtenNames(iptc),
    typed: typedWords(words, edits),
    readable: [...readableIn(visible), ...visibleTextOf(facts)],
    people: iptc?.persons?.value ?? [],
    aliases: subject?.kind?.aliases ?? [],
    unsaid: subject?.kind?.unsaid ?? [],
    setAside: subject?.kind?.setAside ?? [],
    year: year === UNDATED ? null : Number(year),
    date: spokenDate(captured?.day ?? context.date ?? null),
    stem: stemOf(source.path),
    visible: visible.length === 0 ? null : visible,
    persons: subject?.seen?.people ?? null,
    prompt: words.evidence === null ? "" : SYSTEM,
    answer: "whole",
    authors: authorsOf(words, edits),
  };
}

/** What a model could read in the photo. Evidence that it stands there, and for nothing else: a sign may lie. */
const visibleTextOf = ({ subject }: LoadedPhoto["facts"]): readonly string[] => subject?.readable ?? [];

/** Whatever somebody wrote about the photo before us is known of it. */
function writtenNames(iptc: Facts["iptc"] | undefined): string[] {
  if (iptc === undefined) return [];
  const { sublocation, city, state, country, title, headline, caption, altText, keywords, hierarchy } = iptc;
  const texts = [sublocation, city, state, country, title, headline, caption, altText].flatMap(
    (one) => one?.value ?? [],
  );
  return [...texts, ...(keywords?.value ?? []), ...(hierarchy?.value ?? []).flatMap((path) => path.split("|"))];
}

/** A photo taken farther from a town's middle was not taken in it. */
const IN_TOWN_KM = 10;

const namesNear = (place: Facts["exif"]["place"]): string[] =>
  place === null
    ? []
    : [...(place.km <= IN_TOWN_KM ? [place.city] : []), ...(place.country === null ? [] : [place.country])];

/** What a model puts between quotation marks of what it sees is text in the picture. */
const readableIn = (visible: readonly string[]): string[] =>
  visible.flatMap((phrase) => [...phrase.matchAll(/["“]([^"“”]{2,60})["”]/g)].map(([, text = ""]) => text));

/** What a person has typed and no machine had proposed. */
function typedWords(words: Facts["words"], edits: Edits): string[] {
  return WORDING.flatMap((field) => {
    const edit = edits[field];
    if (edit === undefined) return [];
    const proposed = new Set(wordsOf(textOf(words[field]).toLowerCase()));
    return wordsOf(textOf(edit)).filter((word) => !proposed.has(word.toLowerCase()));
  });
}

const textOf = (value: string | readonly string[]): string => (typeof value === "string" ? value : value.join(", "));

export function authorsOf(words: Facts["words"], edits: Edits): Known["authors"] {
  const machine: Author = words.evidence?.doneReason == null ? "template" : "model";
  const author = (field: WordField): Author => {
    const from = words.from[field];
    if (edits[field] !== undefined || from === "file" || from === "sidecar") return "person";
    return from === "template" ? "template" : machine;
  };
  return { caption: author("caption"), altText: author("altText"), keywords: author("keywords") };
}

const stemOf = (path: string): string => (path.split(/[\\/]/).at(-1) ?? "").replace(/\.\w+$/, "");

/** @param likeNow words of another photo as they stand; undefined if it has none, or is not there any more */
export function standingFlaws(
  photo: LoadedPhoto,
  edits: Edits,
  final: Final,
  lexicon: Lexicon,
  likeNow: (photo: number) => Words | undefined,
): FoundFlaw[] {
  const { words } = photo.facts;
  if (words === undefined) return [];
  const { proof } = words;
  const isAsWritten = [...WORDING, "subject" as const, "location" as const].every(
    (field) => edits[field] === undefined,
  );
  // Of words that no model wrote there is nothing to be proved before a person changes them.
  const isAsProved = isAsWritten && (proof === null || proof.rules === rulesVersion(lexicon));
  const own = isAsProved
    ? (proof?.flaws ?? []).filter(({ like }) => like === undefined)
    : flawsOf(final, knownOf(photo, words, edits), lexicon);
  return [...own, ...stillAlike(proof?.flaws ?? [], final, likeNow)];
}

/**
 * Who vouches for each word of a photo as it stands.
 *
 * @returns null before there are words
 */
export function standingEvidence(
  photo: LoadedPhoto,
  edits: Edits,
  final: Final | undefined,
  lexicon: Lexicon,
): WordEvidence | null {
  const { words } = photo.facts;
  return words === undefined || final === undefined ? null : evidenceOf(final, knownOf(photo, words, edits), lexicon);
}

/** One of two photos with the same words may have got others since. */
const stillAlike = (
  flaws: readonly FoundFlaw[],
  final: Words,
  likeNow: (photo: number) => Words | undefined,
): FoundFlaw[] =>
  flaws.filter(({ like, field }) => {
    const other = like === undefined ? undefined : likeNow(like);
    return other !== undefined && textOf(other[field]).toLowerCase() === textOf(final[field]).toLowerCase();
  });
