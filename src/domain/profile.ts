/** What the settings say about the sets of an inbox, or of some of its sub-folders. */
import type { SetContext } from "./photo.ts";
import type { Millis } from "./words.ts";

/** Words that are known: what is not among them is taken all the same, and shown as new. */
export interface Taxonomy {
  readonly locations: readonly string[];
  readonly categories: readonly string[];
}

/** Every field may be left out: then the next that knows it speaks. */
export interface Profile
  extends Partial<
    Pick<SetContext, "subject" | "location" | "copyright" | "kind" | "captioner" | "targets" | "originals">
  > {
  /** directory on the site, part of the file name; `folder` in the context of a set */
  readonly category?: string | undefined;
  readonly taxonomy?: Taxonomy | undefined;
  /** how long a file must be left alone; where it is not said, a network folder needs longer than a local one */
  readonly quietMs?: Millis | undefined;
}

/** A profile for sub-folders of one kind. */
export interface FolderProfile extends Profile {
  /** `*` stands for anything, `?` for one character; case does not count */
  readonly match: string;
}

export interface InboxProfile extends Profile {
  readonly category: string;
  readonly profiles: readonly FolderProfile[];
}

export type ResolvedProfile = Profile & { readonly category: string };

/**
 * What holds for a first-level folder of an inbox: the first profile whose pattern fits, and under it, field by field, the
 * inbox's own.
 *
 * @param folder its name, empty for loose files, which fit no pattern
 */
export function profileFor({ profiles, ...own }: InboxProfile, folder: string): ResolvedProfile {
  const fitting = folder === "" ? undefined : profiles.find(({ match }) => fits(match, folder));
  if (fitting === undefined) return own;
  const { match: _, ...said } = fitting;
  return { ...own, ...withoutGaps(said) };
}

/** The profile's part of a set's context. */
export const contextOfProfile = ({
  category,
  subject,
  location,
  copyright,
  kind,
  captioner,
  targets,
  originals,
}: ResolvedProfile): SetContext => ({
  ...withoutGaps({ subject, location, copyright, kind, captioner, targets, originals }),
  folder: category,
});

/** Only the fields that say something. */
export const withoutGaps = (fields: object) =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));

/** Compared piece by piece from the left, so that no pattern can make it slow. */
function fits(pattern: string, name: string): boolean {
  const wanted = [...plain(pattern)];
  const given = [...plain(name)];
  let at = 0;
  let star = -1;
  let resumeAt = 0;
  for (let i = 0; i < given.length; ) {
    if (wanted[at] === "*") {
      star = at;
      resumeAt = i;
      at += 1;
    } else if (wanted[at] === "?" || wanted[at] === given[i]) {
      at += 1;
      i += 1;
    } else if (star >= 0) {
      // The last star takes one character more.
      at = star + 1;
      resumeAt += 1;
      i = resumeAt;
    } else return false;
  }
  return wanted.slice(at).every((one) => one === "*");
}

const plain = (text: string): string => text.normalize("NFC").toLowerCase();
