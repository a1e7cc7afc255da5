import type { Facts, Tier } from "./facts.ts";
import { Fault } from "./fault.ts";
import type { PhotoWith } from "./photo.ts";
import type { Distrust, Written, WrittenIn } from "./ports.ts";
import type { FoundFlaw } from "./proof.ts";
import type { Words } from "./wording-rule.ts";
import { chorusOf } from "./wording-set.ts";
import type { Lexicon } from "./wording-text.ts";
import type { PhotoId, SetId } from "./words.ts";

/** What the photos of a set say so far, while its words are written: to tell photos apart that are, and not to describe one twice. */
export interface SetSoFar {
  /** Words of a photo that is like this one, or those that `write` makes; two that are alike are not asked about at once. */
  describedOnce(photo: Alike, captioner: string, write: () => Promise<Facts["words"]>): Promise<Facts["words"]>;
  /** What of these words another photo has already said. */
  flaws(photo: Alike, words: Words): FoundFlaw[];
  add(photo: Alike, words: Words): void;
  /** Has it got its words? Then it gets them anew, and what is known here is of before. */
  has(photo: PhotoId): boolean;
  /**
   * Has the answers distrusted where three photos that are not alike got the very same.
   *
   * @throws Fault captioner.constant
   */
  refuseConstant(photo: Alike, words: Facts["words"], distrust: Distrust): Promise<void>;
}

type Alike = PhotoWith<"iptc" | "likeness">;

/** Photos of these show one scene, and one description is true of them all. Parts of a panorama and crops show others. */
export const ONE_SCENE: readonly Tier[] = ["exact", "same-frame", "burst", "bracket", "stack"];
/** A set is left behind when its words are written; a few may be under way side by side. */
const SETS_AT_ONCE = 4;
/** So many unlike photos with one and the same answer are no coincidence. */
const CONSTANT = 3;

/** Made from the store for a set that has not been seen for a while, and anew where a photo is written about again. */
export function setsSoFar(lexicon: Lexicon, writtenIn: WrittenIn): (photo: Alike) => SetSoFar {
  const open = new Map<SetId, SetSoFar>();
  return ({ id, setId: set }) => {
    const before = open.get(set);
    const one = before === undefined || before.has(id) ? setSoFar(lexicon, writtenIn(set)) : before;
    open.delete(set);
    open.set(set, one);
    const [oldest] = open.keys();
    if (open.size > SETS_AT_ONCE && oldest !== undefined) open.delete(oldest);
    return one;
  };
}

function setSoFar(lexicon: Lexicon, before: readonly Written[]): SetSoFar {
  const chorus = chorusOf(lexicon);
  const written = new Set<PhotoId>();
  const scenes = new Map<string, Promise<Source>>();
  const answers = new Map<string, Map<PhotoId, Given>>();

  const noteAnswer = (photo: PhotoId, alike: ReadonlySet<PhotoId>, { evidence }: Facts["words"]) => {
    const said = evidence?.said ?? "";
    const those = answers.get(said) ?? new Map<PhotoId, Given>();
    answers.set(said, those.set(photo, { alike, key: evidence?.key ?? "" }));
    return those;
  };
  for (const { photo, groups, words, own } of before) {
    const alike = membersOf(groups);
    written.add(photo);
    if (words.proof !== null) chorus.add({ photo, words, alike });
    const said = words.evidence?.said ?? "";
    if (said !== "" && words.derivedFrom === null) noteAnswer(photo, alike, words);
    const scene = sceneOf(groups, words.captioner, own);
    if (scene !== undefined && isWhole(words)) scenes.set(scene, Promise.resolve({ photo, words }));
  }

  const writeFirst = async (photo: PhotoId, scene: string, write: () => Promise<Facts["words"]>) => {
    const writing = write();
    const source = writing.then((words): Source => ({ photo, words }));
    scenes.set(scene, source);
    try {
      const words = await writing;
      if (!isWhole(words)) scenes.delete(scene);
      return words;
    } catch (cause) {
      scenes.delete(scene);
      source.catch(() => undefined);
      throw cause;
    }
  };

  const sharedWords = async (photo: Alike, captioner: string, write: () => Promise<Facts["words"]>) => {
    const scene = sceneOf(
      photo.facts.likeness.groups,
      captioner,
      photo.own === undefined ? null : JSON.stringify(photo.own.word),
    );
    if (scene === undefined) return write();
    const running = scenes.get(scene);
    // Nothing may be awaited before it is known that this one is being described: the next would be asked about as well.
    if (running === undefined) return writeFirst(photo.id, scene, write);
    // One that could not be described is no reason not to try the next.
    const source = await running.catch(() => undefined);
    if (source === undefined || !isWhole(source.words)) return write();
    return { ...source.words, derivedFrom: source.photo };
  };

  return {
    has: (photo) => written.has(photo),
    async describedOnce(photo, captioner, write) {
      const words = await (isUnwritten(photo) ? sharedWords(photo, captioner, write) : write());
      written.add(photo.id);
      return words;
    },
    flaws: ({ id, facts }, words) =>
      chorus
        .flaws({ photo: id, words, alike: membersOf(facts.likeness.groups) })
        .map(({ rule, severity, field, like, why }) => ({ rule, severity, field, like, why })),
    add: ({ id, facts }, words) => chorus.add({ photo: id, words, alike: membersOf(facts.likeness.groups) }),
    async refuseConstant({ id, facts }, words, distrust) {
      const said = words.evidence?.said ?? "";
      if (said === "") return;
      // Asked again, it is another round: what was refused before is not held against it.
      if (answers.get(said)?.has(id) === true) answers.delete(said);
      const those = noteAnswer(id, membersOf(facts.likeness.groups), words);
      const unlike = [...those].filter(([photo, { alike }]) => photo === id || !alike.has(id));
      if (unlike.length < CONSTANT) return;
      const why = `${words.captioner} gave ${unlike.length} photos that are not alike the very same answer: “${words.caption.slice(0, 80)}”`;
      const keyOf = ([, { key }]: (typeof unlike)[number]): string => key;
      const others = unlike.filter(([photo]) => photo !== id);
      await distrust(others.map(keyOf), why, unlike.map(keyOf));
      throw new Fault("captioner.constant", why);
    },
  };
}

/** Who else may say the same, and under which key the answer is noted. */
interface Given {
  readonly alike: ReadonlySet<PhotoId>;
  readonly key: string;
}

interface Source {
  readonly photo: PhotoId;
  readonly words: Facts["words"];
}

type Groups = Facts["likeness"]["groups"];

/** What only a learned model calls alike may be strangers: it excuses no words, and asks for none. */
const membersOf = (groups: Groups): ReadonlySet<PhotoId> =>
  new Set(groups.filter(({ tier }) => tier !== "semantic").flatMap(({ members }) => members));

/** Of one scene, photos of which something else is said have other words. */
function sceneOf(groups: Groups, captioner: string, own: string | null): string | undefined {
  const scene = groups.find(({ tier }) => ONE_SCENE.includes(tier));
  return scene && `${scene.group} ${captioner} ${own ?? ""}`;
}

/** Words that somebody wrote into one file are that file's. */
const isWhole = ({ from, evidence, derivedFrom }: Facts["words"]): boolean =>
  derivedFrom === null &&
  evidence !== null &&
  [from.caption, from.altText, from.keywords].every((by) => by === "captioner" || by === "template");

const isUnwritten = ({ facts: { iptc } }: Alike): boolean =>
  iptc.caption === null && iptc.altText === null && iptc.keywords === null;
