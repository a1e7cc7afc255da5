/** Rules for what is said to be the subject of a set. They are shown at the set, and never keep a photo from anything. */
import { isCamera } from "./captioning.ts";
import type { Facts } from "./facts.ts";
import type { SetContext } from "./photo.ts";
import type { Severity } from "./wording-rule.ts";
import type { PhotoId } from "./words.ts";

export interface SubjectFlaw {
  readonly rule: "SUBJ-FORM" | "SUBJ-GENERIC" | "SUBJ-CONFLICT" | "KIND-UNKNOWN";
  readonly severity: Severity;
  readonly why: string;
}

const LONGEST = 60;
/** Words that hold for half of all photos. */
const GENERIC = new Set(
  `animal animals bird birds insect insects flower flowers plant plants tree trees plane planes airplane aircraft building
  buildings people person person persons landscape landscapes nature scenery wildlife macro travel holiday misc miscellaneous
  various other stuff things photos pictures`.split(/\s+/),
);

/**
 * @param seen what the machine made of the set; undefined before it looked
 * @param kinds names of the kinds there are
 */
export function subjectFlaws(
  { subject = "", kind }: Pick<SetContext, "subject" | "kind">,
  seen: Pick<Facts["subject"], "suggestion" | "conflict"> | undefined,
  kinds: readonly string[],
): SubjectFlaw[] {
  const form = formFlaw(subject);
  const suggestion = seen?.suggestion ?? null;
  return [
    ...(form === undefined ? [] : [form]),
    ...(suggestion?.specific != null && GENERIC.has(subject.toLowerCase())
      ? [flaw("SUBJ-GENERIC", "warning", `“${subject}” is a word for much, and an exact name is offered`)]
      : []),
    ...(seen?.conflict === true
      ? [flaw("SUBJ-CONFLICT", "warning", `a model that was not told “${subject}” saw something else`)]
      : []),
    ...(kind === undefined || kinds.includes(kind)
      ? []
      : [flaw("KIND-UNKNOWN", "warning", `there is no kind “${kind}”; there are: ${kinds.join(", ")}`)]),
  ];
}

const flaw = (rule: SubjectFlaw["rule"], severity: Severity, why: string): SubjectFlaw => ({ rule, severity, why });

function formFlaw(subject: string): SubjectFlaw | undefined {
  const why = malformed(subject);
  if (why !== undefined) return flaw("SUBJ-FORM", "error", why);
  if (!/[a-z]/i.test(subject.normalize("NFKD")))
    return flaw("SUBJ-FORM", "warning", `“${subject}” has no Latin letters: nothing of it can be in a file name`);
  return undefined;
}

function malformed(subject: string): string | undefined {
  if (subject === "") return "nobody has said what this set shows";
  if (subject.length > LONGEST) return `${subject.length} characters; ${LONGEST} are enough for a subject`;
  if (isCamera(subject)) return `“${subject}” is what a camera writes, not what is seen`;
  if (/^[\d\s._-]+$/.test(subject)) return `“${subject}” is a number, not a subject`;
  return undefined;
}

type Suggested = NonNullable<Facts["subject"]["suggestion"]>;

/** What was suggested, what was seen, and what the photographer says, for the journal. */
export const subjectTriple = (
  seen: readonly (readonly [PhotoId, Pick<Facts["subject"], "suggestion" | "seen">])[],
  final: string | null,
): object => ({
  suggestion: seen[0]?.[1].suggestion ?? null,
  identification: seen.flatMap(([photo, { seen: one }]) => (one === null ? [] : [{ photo, ...one }])),
  final,
});

/** `3 of 5 photos` */
export const shareOf = ({ share, frames }: Pick<Suggested, "share" | "frames">): string =>
  `${Math.round(share * frames.length)} of ${frames.length} photos`;

/** What would become the subject if a person said yes. */
export const suggestedSubject = ({ specific, generic }: Pick<Suggested, "specific" | "generic">): string =>
  specific ?? generic;
