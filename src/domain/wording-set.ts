/** Rules for the words of a whole set: alike text on unlike pictures says nothing about either. */
import { isInForce } from "./wording-house.ts";
import type { Severity, WordField, Words } from "./wording-rule.ts";
import { contentOf, jaccard, type Lexicon, normal, trigramsOf, wordsOf } from "./wording-text.ts";
import type { PhotoId } from "./words.ts";

export interface Member {
  readonly photo: PhotoId;
  readonly words: Words;
  /** photos of the same group: alike words are right for them */
  readonly alike: ReadonlySet<PhotoId>;
}

export const SET_RULES = ["BATCH-DUP-CAP", "BATCH-DUP-ALT", "BATCH-DUP-KW", "BATCH-UNLIKE", "BATCH-LEAD"] as const;

export interface SetFlaw {
  readonly rule: (typeof SET_RULES)[number];
  readonly severity: Severity;
  readonly field: WordField;
  readonly photo: PhotoId;
  /** the photo that has them too; not there where many have */
  readonly like?: PhotoId;
  readonly why: string;
}

/** Texts that share so much of what they name, and of their letters, may change places. */
const ALIKE = { content: 0.8, letters: 0.6, keywords: 0.9 };

/** What the photos of a set say, one after the other. */
export interface Chorus {
  readonly size: number;
  /** What of these words another photo has already said. The first keeps its words. */
  flaws(member: Member): SetFlaw[];
  add(member: Member): void;
}

interface Text {
  readonly text: string;
  readonly content: ReadonlySet<string>;
  readonly letters: ReadonlySet<string>;
}

interface Voice {
  readonly member: Member;
  readonly caption: Text;
  /** its first words */
  readonly lead: string;
  readonly altText: Text;
  readonly keywords: ReadonlySet<string>;
}

export function chorusOf(lexicon: Lexicon): Chorus {
  const voices = new Map<PhotoId, Voice>();
  const others = (member: Member): Voice[] =>
    [...voices.values()].filter(({ member: { photo } }) => photo !== member.photo && !member.alike.has(photo));
  return {
    get size() {
      return voices.size;
    },
    flaws(member) {
      const voice = voiceOf(member, lexicon);
      const unlike = others(member);
      return [
        ...sameText(voice, unlike, "caption", "BATCH-DUP-CAP"),
        ...sameText(voice, unlike, "altText", "BATCH-DUP-ALT"),
        ...sameKeywords(voice, unlike),
        ...otherWords(
          voice,
          [...member.alike].flatMap((photo) => voices.get(photo) ?? []),
        ),
        ...sameLead(voice, unlike),
      ].filter(({ rule }) => isInForce(rule, lexicon.house));
    },
    add: (member) => void voices.set(member.photo, voiceOf(member, lexicon)),
  };
}

function voiceOf(member: Member, lexicon: Lexicon): Voice {
  const textOf = (field: "caption" | "altText"): Text => {
    const text = normal(member.words[field]).toLowerCase();
    return { text, content: contentOf(text, lexicon), letters: trigramsOf(text) };
  };
  return {
    member,
    caption: textOf("caption"),
    lead: wordsOf(member.words.caption.toLowerCase()).slice(0, LEAD.words).join(" "),
    altText: textOf("altText"),
    keywords: contentOf(member.words.keywords.join(" "), lexicon),
  };
}

function sameText(
  voice: Voice,
  others: readonly Voice[],
  field: "caption" | "altText",
  rule: SetFlaw["rule"],
): SetFlaw[] {
  const own = voice[field];
  const like = own.text === "" ? undefined : others.find((other) => areAlike(own, other[field]));
  if (like === undefined) return [];
  const isSame = like[field].text === own.text;
  return [
    {
      rule,
      // Of two unlike pictures one must be described wrongly; that both look alike in words may be true of both.
      severity: isSame && field === "caption" ? "error" : "warning",
      field,
      photo: voice.member.photo,
      like: like.member.photo,
      why: `${isSame ? "the same" : "almost the same"} as another photo's: “${like.member.words[field].slice(0, 60)}”`,
    },
  ];
}

/** What two sets can share at most is known from their sizes. */
const couldReach = (one: ReadonlySet<string>, other: ReadonlySet<string>, least: number): boolean =>
  Math.min(one.size, other.size) >= least * Math.max(one.size, other.size);

const areAlike = (one: Text, other: Text): boolean =>
  one.text === other.text ||
  (couldReach(one.content, other.content, ALIKE.content) &&
    jaccard(one.content, other.content) >= ALIKE.content &&
    jaccard(one.letters, other.letters) >= ALIKE.letters);

function sameKeywords(voice: Voice, others: readonly Voice[]): SetFlaw[] {
  const { keywords, member } = voice;
  const like = others.find(
    (other) =>
      keywords.size > 0 &&
      couldReach(keywords, other.keywords, ALIKE.keywords) &&
      jaccard(keywords, other.keywords) >= ALIKE.keywords,
  );
  if (like === undefined) return [];
  return [
    {
      rule: "BATCH-DUP-KW",
      severity: "warning",
      field: "keywords",
      photo: member.photo,
      like: like.member.photo,
      why: "the same keywords as another photo, which is another picture",
    },
  ];
}

/** So many that begin alike read like a machine. */
const LEAD = { words: 3, share: 0.3, least: 10 };

function sameLead({ lead, member }: Voice, others: readonly Voice[]): SetFlaw[] {
  const alike = others.filter((other) => other.lead === lead).length + 1;
  const all = others.length + 1;
  if (lead === "" || all < LEAD.least || alike <= LEAD.share * all) return [];
  return [
    {
      rule: "BATCH-LEAD",
      severity: "info",
      field: "caption",
      photo: member.photo,
      why: `${alike} of ${all} captions begin with “${lead}”`,
    },
  ];
}

/** Captions of one picture that share less than this speak of different things. */
const UNLIKE = 0.2;

function otherWords({ member, caption }: Voice, twins: readonly Voice[]): SetFlaw[] {
  const unlike = twins.find((twin) => caption.text !== "" && jaccard(caption.content, twin.caption.content) < UNLIKE);
  if (unlike === undefined) return [];
  return [
    {
      rule: "BATCH-UNLIKE",
      severity: "warning",
      field: "caption",
      photo: member.photo,
      like: unlike.member.photo,
      why: `a photo like it is described otherwise: “${unlike.member.words.caption.slice(0, 60)}”`,
    },
  ];
}
