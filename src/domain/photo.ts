import type { Facts, StageName } from "./facts.ts";
import type { Remains } from "./remains.ts";
import type { Millis, PhotoId, SetId } from "./words.ts";

/** A file as a listing saw it. */
export interface SourceFile {
  /** absolute; bytes that are not UTF-8 stand as `\xNN` */
  readonly path: string;
  readonly bytes: number;
  readonly mtimeMs: Millis;
  /** false if the name on disk is not UTF-8, so that no path string can open it */
  readonly nameIsText: boolean;
  /** of its content as it settled; undefined where nobody could read it */
  readonly sha256?: string | undefined;
}

/** One press of the shutter: the file we take and the companions that travel with it. */
export interface Shot {
  readonly main: SourceFile;
  readonly companions: readonly SourceFile[];
}

/** The captioners and publishers there are, by the names settings use; the first is taken where none is named. */
export const CAPTIONERS = ["template", "ollama", "openai"] as const;
export type CaptionerName = (typeof CAPTIONERS)[number];
export const PUBLISHERS = ["site"] as const;
export type PublisherName = (typeof PUBLISHERS)[number];

/** What becomes of an original once its photo is published. */
export const ORIGINALS = ["leave", "move-to-archive"] as const;

/** How far a camera's clock was off. */
export interface ClockFix {
  /** make and model as `exif` found them; null for every camera that is not named */
  readonly camera: string | null;
  /** above zero: the camera showed a later time than it was */
  readonly aheadSeconds: number;
}

/** What the photographer told us about a set, by folder name, `photogate.yaml`, settings, or on the page. */
export interface SetContext {
  readonly subject?: string | undefined;
  readonly location?: string | undefined;
  /** category key: the directory on the site, a part of the file name */
  readonly folder: string;
  /** `2026`, `2026-10` or `2026-10-14`; stands in where a photo does not know its own date */
  readonly date?: string | undefined;
  /** as a notice reads: `(c) 2026 A. Photographer`; kept with the set, not published yet */
  readonly copyright?: string | undefined;
  /** what happened, in a few words; the machine never guesses one */
  readonly event?: string | undefined;
  /** name of the kind of set it is: `wildlife`; what hangs on it stands in `kinds.ts` and the settings */
  readonly kind?: string | undefined;
  readonly captioner?: CaptionerName | undefined;
  /** asked in place of the one in the settings, by the captioner of this set */
  readonly model?: string | undefined;
  readonly targets?: readonly PublisherName[] | undefined;
  /** what becomes of the originals of published photos; they are left where they are if nothing is said */
  readonly originals?: "leave" | "move-to-archive" | undefined;
  readonly clock?: readonly ClockFix[] | undefined;
  /** how often the words of a photo were asked for anew; said of single photos only, as is the next */
  readonly wordsTake?: number | undefined;
  readonly nameTake?: number | undefined;
}

/**
 * What a person says about one photo, in place of what is said about its set; null says that there is none. `wordsTake` and
 * `nameTake` count how often its words and its file name were asked for anew.
 */
export interface OwnWord extends Pick<SetContext, "wordsTake" | "nameTake"> {
  readonly subject?: string | null | undefined;
  readonly location?: string | null | undefined;
  readonly folder?: string | undefined;
  readonly kind?: string | null | undefined;
}

/** A settled drop, ready to be taken in. */
export interface Drop {
  readonly inbox: string;
  /** absolute folder of the drop; the inbox itself for loose files */
  readonly folder: string;
  readonly name: string;
  readonly context: SetContext;
  readonly shots: readonly Shot[];
}

export interface PhotoSet {
  readonly id: SetId;
  readonly name: string;
  readonly inbox: string;
  readonly folder: string;
  readonly context: SetContext;
  readonly openedAt: Millis;
  /** the set whose review had begun when these files came late */
  readonly follows: SetId | null;
}

/** Left out, with a reason, reversibly. */
export interface Cull {
  readonly stage: StageName;
  readonly code: string;
  readonly why: string;
}

export interface Photo {
  readonly id: PhotoId;
  readonly setId: SetId;
  /** from 1, in the order of the camera's names */
  readonly position: number;
  readonly source: SourceFile;
  readonly companions: readonly SourceFile[];
  /** the photo whose file this one replaced */
  readonly revises: PhotoId | null;
  /** what is said of it: of its set, under what is said of this photo alone */
  readonly context: SetContext;
  /** what is said of this photo alone, and what of its set */
  readonly own?: { readonly word: OwnWord; readonly of: SetContext } | undefined;
  /** absolute working folder of this photo; files named in facts are relative to it */
  readonly dir: string;
}

/** A photo with the facts of the stages `N`, and no others. */
export interface PhotoWith<N extends StageName> extends Photo {
  readonly facts: { readonly [K in N]: Facts[K] };
}

/** A photo with whatever facts it has so far. */
export interface LoadedPhoto extends Photo {
  readonly facts: { readonly [K in StageName]?: Facts[K] };
  /** what can still be shown of facts that no longer read */
  readonly remains?: Remains;
}
