import type { Box } from "./crops.ts";
import type { Facts, Final, PixelwiseAnswer, PluginSaid, Position, PublishedFile, Rendered } from "./facts.ts";
import type { Comparable } from "./frame.ts";
import type { Identified } from "./identification.ts";
import type { Kind } from "./kinds.ts";
import type { SetContext } from "./photo.ts";
import type { Learned } from "./plugin.ts";
import type { WordField, Words } from "./wording-rule.ts";
import type { Millis, PhotoId, SetId } from "./words.ts";

/** Everything that reads pixels or tags of a file; runs in another process, so that a hostile file costs one photo. */
export interface Images {
  /**
   * @throws Fault photo.undecodable, photo.too-many-pixels, photo.decoder-crash, photo.decode-timeout; for RAW also
   *   photo.no-preview, photo.needs-perl
   */
  look(file: string, into: string, signal: AbortSignal): Promise<Facts["look"]>;
  /**
   * Never throws for odd tags: what cannot be read is missing.
   *
   * @throws Fault photo.needs-perl for RAW
   */
  exif(file: string, signal: AbortSignal): Promise<CameraFacts>;
  /**
   * What somebody already wrote, in the file and in its sidecars; these win, field by field. Odd blocks are as if absent.
   *
   * @param into folder for what has to be taken out of the file first
   * @throws Fault photo.needs-perl for RAW
   */
  iptc(file: string, sidecars: Sidecars, into: string, signal: AbortSignal): Promise<Facts["iptc"]>;
  /**
   * Compares the grey reductions of photos pair by pair.
   *
   * @returns an answer for each pair; nulls where a reduction is not there any more
   */
  alike(pairs: readonly GreyPair[], signal: AbortSignal): Promise<PixelwiseAnswer[]>;
  /** Makes the files the site gets, sRGB, upright, cropped, without the camera's tags. */
  render(file: string, into: string, want: Rendering, signal: AbortSignal): Promise<Rendered>;
}

/** What a learned scorer said about a photo, and the metric of QR that is. */
export interface Judgement extends PluginSaid {
  readonly metric: Learned | null;
}

/** The learned scorers of the user's own; there may be none. */
export interface Scorers {
  /**
   * Asks all of them. One that cannot answer is `unavailable`, and says why.
   *
   * @param picture a preview of ours; null to load each and try it
   */
  judge(picture: string | null, signal: AbortSignal): Promise<readonly Judgement[]>;
}

/** Two grey reductions to be compared. */
export interface GreyPair {
  readonly a: GreyFile;
  readonly b: GreyFile;
  /** the second was taken right after the first: look whether it goes on where the first ends */
  readonly isStep: boolean;
}

export interface GreyFile {
  /** absolute */
  readonly file: string;
  /** width / height of the upright photo */
  readonly aspect: number;
}

/** The photos of every set, to find what a new one is like among those of before. */
export interface Catalogue {
  /**
   * Makes photos known, and finds out which photos of other sets may show the same picture. Known first, so that of two sets
   * that are compared at the same time at least one sees the other.
   *
   * @returns pairs to be looked at
   */
  meet(photos: readonly Comparable[], signal: AbortSignal): Promise<readonly [Comparable, Comparable][]>;
  /** a person has said that these two are no duplicates */
  areDistinct(a: PhotoId, b: PhotoId): boolean;
}

/**
 * Reads what is not ours: files in inboxes. In a process of its own for each inbox, so that what hangs with a card or a
 * share costs its own sets and nobody else.
 */
export interface Originals {
  /**
   * First and last bytes of a file, without following links.
   *
   * @throws Fault photo.unreadable, photo.gone, photo.read-error, inbox.not-answering
   */
  ends(
    path: string,
    head: number,
    tail: number,
    signal: AbortSignal,
  ): Promise<{ readonly head: Uint8Array; readonly tail: Uint8Array; readonly bytes: number }>;
  /**
   * A verified copy; the original is opened for reading only.
   *
   * @throws Fault photo.*, disk.*, copy.mismatch, inbox.not-answering
   */
  copy(
    source: string,
    target: string,
    signal: AbortSignal,
  ): Promise<{ readonly bytes: number; readonly sha256: string }>;
  /** Size and time of a file as it lies there now; undefined if there is none, or nobody can say. */
  looks(path: string, signal: AbortSignal): Promise<Looks | undefined>;
  /**
   * Takes an original away of which there is a verified copy: both are read, both must have the hash, and the original must
   * still be the very file that was read. Whatever speaks against it lets it stay. May be asked for again.
   *
   * @throws Fault copy.mismatch, disk.failed: the copy is not what it should be, and the original was not touched;
   *   inbox.not-answering, inbox.offline
   */
  remove(original: string, copy: string, sha256: string, signal: AbortSignal): Promise<Removal>;
}

export interface Looks {
  readonly bytes: number;
  readonly mtimeMs: Millis;
}

export type Removal =
  | { readonly kind: "removed" }
  /** it was not there any more; its copy is */
  | { readonly kind: "gone" }
  | { readonly kind: "stays"; readonly why: string };

/** The tags of a camera. */
export type CameraFacts = Omit<Facts["exif"], "fileTime" | "place"> & {
  /** where the camera says it was; never stored */
  readonly position: Position | null;
};

/** What a position is called by. */
export type NearPlace = NonNullable<Facts["exif"]["place"]>;

export interface Gazetteer {
  /** @returns null where no town is within a day's walk */
  nearest(position: Position): NearPlace | null;
}

/** Absolute paths of what lies beside a photo; null where there is none. */
export interface Sidecars {
  readonly xmp: string | null;
  /** plain text: a caption */
  readonly text: string | null;
}

/** Pixels and JPEG quality (1-100) of the two published images; each fits its box, nothing is enlarged. */
export interface SiteSizes {
  readonly full: { readonly width: number; readonly height: number; readonly quality: number };
  readonly thumb: { readonly width: number; readonly height: number; readonly quality: number };
  /** goes into both images, if there is any */
  readonly xmp?: string | undefined;
}

/** What of a picture goes to the site, and in which sizes. */
export interface Rendering extends SiteSizes {
  /** in fractions of the upright picture; null for all of it */
  readonly crop: Box | null;
}

/** The JPEG a model is shown: upright, sRGB, without tags. */
export interface ModelPicture {
  /** absolute path of our preview; it is read here and told to nobody */
  readonly file: string;
  readonly sha256: string;
}

/** What a captioner may know: facts and a picture. No credentials, and no path that would go anywhere. */
export interface CaptionRequest {
  readonly picture: ModelPicture;
  readonly context: SetContext;
  /** to be asked in place of the one in the settings */
  readonly model?: string | undefined;
  readonly subject: string | null;
  /** what is said of sets of its kind; null where nobody chose one */
  readonly kind?: Pick<Kind, "genre" | "vocabulary"> | null;
  /** `2026-10-14`, `2026-10` or `2026`; null if nothing says when */
  readonly date: string | null;
  /** what somebody already wrote about the photo; null if nobody looked */
  readonly written: Facts["iptc"] | null;
}

/** Words nobody has held to the rules yet. */
export type Draft = Omit<Facts["words"], "proof" | "derivedFrom">;

/** One field that is to be written anew. */
export interface RewriteRequest {
  readonly words: Words;
  readonly field: WordField;
  /** what to do otherwise, the gravest first */
  readonly wishes: readonly string[];
  /** from 1; the same question asked again is asked with another seed */
  readonly attempt: number;
}

/** Writes caption, alt text and keywords for one photo. */
export interface Captioner {
  readonly name: string;
  /**
   * Words signed with its name; signed `template` where a model could not be brought to answer about this photo.
   *
   * @throws Fault with blame `tool` when it cannot work at all
   */
  caption(request: CaptionRequest, signal: AbortSignal): Promise<Draft>;
  /**
   * Says what a picture shows, told nothing else; where nobody can, it is not there.
   *
   * @returns undefined where a model could not be brought to answer about this picture
   * @throws Fault as `caption` does
   */
  identify?(request: Pick<CaptionRequest, "picture" | "model">, signal: AbortSignal): Promise<Identified | undefined>;
  /**
   * Writes one field anew; where nobody can, it is not there.
   *
   * @returns undefined if it has nothing to offer
   * @throws Fault as `caption` does
   */
  rewrite?(
    request: CaptionRequest,
    rewrite: RewriteRequest,
    signal: AbortSignal,
  ): Promise<Words[WordField] | undefined>;
}

/**
 * Sees to it that what a model said is not believed: its answers are thrown away, stored words of them are forgotten, and
 * their photos asked about anew.
 *
 * @param keys `evidence.key` of words that are stored, or about to be
 * @param answers keys of which only the answers must go; the same as `keys` if nothing is said
 */
export type Distrust = (keys: readonly string[], why: string, answers?: readonly string[]) => Promise<void>;

/** What has been written about a photo of a set so far. */
export interface Written {
  readonly photo: PhotoId;
  readonly groups: Facts["likeness"]["groups"];
  readonly words: Facts["words"];
  /** what is said of this photo alone, as it is stored; null where nothing is */
  readonly own: string | null;
}

/** The photos of a set that have their words. */
export type WrittenIn = (set: SetId) => readonly Written[];

/** One approved photo on its way out: exactly what was approved. */
export interface Publication {
  readonly final: Final;
  readonly rendered: Rendered;
  /** columns of the site's table that are facts of the photo and not edited: camera, lens, size … */
  readonly columns: CatalogueColumns;
}

/** The technical columns of `photos_info_revamp`, under the site's own names. */
export interface CatalogueColumns {
  readonly DateTime: string | null;
  readonly Camera: string | null;
  readonly Lens_model: string | null;
  readonly Exposure: string | null;
  readonly Aperture: string | null;
  readonly ISO: number | null;
  readonly Focal_length: number | null;
  readonly Original_File_Name: string;
  readonly nima_score: number | null;
  readonly blur_score: number | null;
  readonly brightness_score: number | null;
  readonly contrast_score: number | null;
  readonly brisque_score: number | null;
  readonly clip_aesthetic_score: number | null;
}

/** A row of the site's table, all 26 columns but the id. */
export interface CatalogueRow extends CatalogueColumns {
  readonly Folder: string;
  readonly File_Name: string;
  readonly Path: string;
  readonly Thumb_Path: string;
  readonly Width: number;
  readonly Height: number;
  readonly Keywords: string;
  readonly Caption: string;
  readonly alt_text: string;
  readonly Location: string | null;
  readonly QR: number | null;
  readonly QC_Status: string;
}

/** Puts files and rows where the site reads them. Publishing the same photo twice is publishing it once. */
export interface Publisher {
  readonly name: string;
  /**
   * Files first, row last: the row makes them public.
   *
   * @throws Fault site.unwritable, site.collision
   */
  publish(publication: Publication, signal: AbortSignal): Promise<Published>;
  /** Row first, then files; only what equals what was published. */
  withdraw(published: Published, signal: AbortSignal): Promise<void>;
  /**
   * Takes back what a publication that was cut off may have left, of which no facts tell. What is not ours stays.
   *
   * @param render makes the files anew, to tell ours from others; not called if there is nothing
   */
  retract(final: Final, render: () => Promise<Rendered>, signal: AbortSignal): Promise<void>;
}

export interface Published {
  readonly target: string;
  readonly full: PublishedFile;
  readonly thumb: PublishedFile;
  readonly rowId: number;
}

export interface Clock {
  /** wall clock, for what is stored and shown */
  now(): Millis;
  /** monotonic, for what is waited for */
  elapsed(): Millis;
}
