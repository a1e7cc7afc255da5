import { basename } from "node:path";
import { capturedAt } from "../domain/captured.ts";
import type { Cropped } from "../domain/cropped.ts";
import { cropsSaid } from "../domain/crops.ts";
import { unevenExposures } from "../domain/evenness.ts";
import type { Band, Facts, Origin } from "../domain/facts.ts";
import { remedyOf } from "../domain/fault.ts";
import { type Marks, writtenMarks } from "../domain/marks.ts";
import type { Cull, LoadedPhoto } from "../domain/photo.ts";
import type { Attempt, FoundFlaw, Outcome, Overruled } from "../domain/proof.ts";
import { type Shown, shownOf } from "../domain/remains.ts";
import type { Verdict } from "../domain/review.ts";
import { blockersIn } from "../domain/standing-proof.ts";
import type { PhotoId, SetId } from "../domain/words.ts";
import type { Looked, Screened } from "../store/looks.ts";
import type { DeskPhoto } from "../store/standing.ts";
import type { Store } from "../store/store.ts";
import { type Alike, alikeIn } from "./alike.ts";
import { type Judged, judgedOf } from "./judged.ts";
import { type Worded, wordedOf } from "./worded.ts";

/** A photo as page and CLI show it. Values are what would be published now: the machine's proposal under the person's edits. */
export interface Row extends Judged, Worded {
  readonly id: PhotoId;
  readonly position: number;
  /** the camera's file name */
  readonly file: string;
  readonly source: string;
  /** file name of the photo this one is a new version of */
  readonly revises: string | null;
  /** revision to send with an edit */
  readonly rev: number;
  /** hash to send with an approval; null before the gate */
  readonly hash: string | null;
  readonly verdict: Verdict | null;
  /** to be approved once its words are there; never together with a verdict */
  readonly wished: boolean;
  readonly released: boolean;
  readonly name: string | null;
  readonly caption: string | null;
  readonly altText: string | null;
  readonly keywords: readonly string[];
  readonly subject: string | null;
  readonly location: string | null;
  readonly folder: string;
  readonly kind: string | null;
  readonly year: string | null;
  readonly qr: number | null;
  readonly band: Band | null;
  /** stars and colour: a person's, or what was in the file */
  readonly stars: number;
  readonly label: Marks["label"];
  /** why it is rejected; null where nobody said, or it is not */
  readonly reason: string | null;
  /** the figure was computed without some metrics; one a person gave is whole */
  readonly partial: boolean;
  /** metrics that were not there when QR was computed */
  readonly missingMetrics: readonly string[];
  /** the machine's own words, kept beside the person's */
  readonly proposed: {
    readonly caption: string;
    readonly altText: string;
    readonly keywords: readonly string[];
  } | null;
  readonly captioner: string | null;
  /** what is wrong with the words as they stand */
  readonly flaws: readonly FoundFlaw[];
  /** an error is left that nobody has overruled: it cannot be approved */
  readonly blocked: boolean;
  /** what became of the machine's words; null where there was nothing to prove */
  readonly outcome: Outcome | null;
  /** what was tried to mend them */
  readonly attempts: readonly Attempt[];
  /** file name of the photo like it whose words these are */
  readonly derivedFrom: string | null;
  readonly overruled: readonly Overruled[];
  /** who wrote each field of the proposal: the captioner, or somebody before us */
  readonly wordsFrom: Facts["words"]["from"] | null;
  /** what somebody wrote into the file or its sidecar, as lines to be read */
  readonly written: readonly { readonly what: string; readonly value: string; readonly from: Origin }[];
  readonly edited: readonly string[];
  /** with the camera's clock put right */
  readonly takenAt: string | null;
  /** where that time comes from, in words, if it is not simply the camera's clock */
  readonly takenFrom: string | null;
  readonly timeSource: Facts["exif"]["timeSource"];
  /** when the file was last written, ISO in UTC; it dates nothing */
  readonly fileTime: string | null;
  readonly camera: string | null;
  readonly lens: string | null;
  readonly exposure: string | null;
  readonly aperture: string | null;
  readonly iso: number | null;
  readonly focalLength: number | null;
  /** what a reader would expect and this photo lacks: `date`, `camera` */
  readonly missing: readonly string[];
  readonly width: number | null;
  readonly height: number | null;
  /** the JPEG that stands for a RAW */
  readonly embedded: { readonly width: number; readonly height: number; readonly isSmall: boolean } | null;
  /** crops that are proposed, in words: `4:5 sure, 16:9 to review` */
  readonly crops: string;
  /** the middle of what the photo seems to be of, in fractions of its width and height; null where nothing stands out */
  readonly subjectAt: { readonly x: number; readonly y: number } | null;
  /** the crop a person has chosen; null where the whole picture is published */
  readonly crop: Cropped | null;
  readonly previews: { readonly small: string; readonly medium: string; readonly large: string } | null;
  /** what the camera put into its file, for as long as there are no previews; a file without one answers with a pixel of nothing */
  readonly sight: { readonly small: string; readonly large: string } | null;
  /** photos that are like this one */
  readonly alike: Alike;
  /** how it was looked at on the page, as it is now; null for not at all */
  readonly looked: Looked;
  /** approved with its whole screen, and not looked at again yet; or looked at again */
  readonly screened: Screened;
  readonly culled: { readonly code: string; readonly why: string; readonly remedy: string } | null;
  readonly published: {
    readonly url: string;
    readonly thumbUrl: string;
    readonly path: string;
    readonly rowId: number;
  } | null;
}

export type { AlikeGroup } from "./alike.ts";

type RowStore = Pick<Store, "desk" | "sets" | "clearings" | "approved" | "likenesses" | "looks">;

/** @param only rows of these photos, in any order; all of them in theirs, if nothing is said */
export const rowsOf = (store: RowStore, set: SetId, only?: ReadonlySet<PhotoId>): Row[] =>
  rowMakerFor(store, set)(only);

/** Rows of a set whose photos are asked for by and by: what they have in common is read once, at the first. */
export function rowMakerFor(store: RowStore, set: SetId): (only?: ReadonlySet<PhotoId>) => Row[] {
  const culls = store.sets.culls(set);
  const lost = store.clearings.lost(set);
  const approved = store.approved.scores();
  const uneven = unevenExposures(store.sets.exposures(set));
  const alike = alikeIn(store, set);
  const fileOf = (photo: PhotoId | null): string | null => {
    const source = photo === null ? undefined : store.sets.photo(photo)?.source.path;
    return source === undefined ? null : basename(source);
  };
  return (only) => {
    const lookOf = store.looks.of(set, only);
    const screenedOf = store.looks.screened(set, only);
    return store.desk.photos(set, only).map((one) => {
      const { id, revises } = one.photo;
      const { likeness, quality } = shownOf(one.photo);
      const before = revises === null ? undefined : store.sets.photo(revises);
      const judged = judgedOf(quality, approved, uneven.get(id) ?? null);
      return {
        ...rowOf(one, judged, culls.get(id), !lost.has(id), before && basename(before.source.path)),
        alike: alike(id, likeness),
        looked: lookOf(id, one.hash),
        screened: screenedOf(id, one.verdict === "approved" ? one.state.approvedHash : null),
        derivedFrom: fileOf(one.photo.facts.words?.derivedFrom ?? null),
      };
    });
  };
}

/** Rows of photos of any sets, for pages that show them beside others; what is not there any more is left out. */
export function rowsAcross(store: Parameters<typeof rowsOf>[0], photos: readonly PhotoId[]): Row[] {
  const known = [...new Set(photos)].flatMap((photo) => store.sets.photo(photo) ?? []);
  return [...Map.groupBy(known, ({ setId }) => setId)].flatMap(([set, some]) =>
    rowsOf(store, set, new Set(some.map(({ id }) => id))),
  );
}

function rowOf(
  one: DeskPhoto,
  judged: Judged,
  cull: Cull | undefined,
  isWhole: boolean,
  revises: string | undefined,
): Omit<Row, "alike" | "derivedFrom" | "looked" | "screened"> {
  const { photo, state, final, hash, verdict, flaws } = one;
  const { exif, iptc, words, publish, review } = photo.facts;
  const { look, quality } = shownOf(photo);
  const shown = review?.final ?? final;
  const written = writtenMarks(iptc);
  const captured = exif && capturedAt(exif, photo.context.clock);
  return {
    id: photo.id,
    position: photo.position,
    file: basename(photo.source.path),
    source: photo.source.path,
    revises: revises ?? null,
    rev: state.rev,
    hash: hash ?? null,
    verdict,
    wished: state.wished,
    released: review !== undefined,
    name: shown?.name ?? null,
    caption: shown?.caption ?? null,
    altText: shown?.altText ?? null,
    keywords: shown?.keywords ?? [],
    subject: shown?.subject ?? photo.context.subject ?? null,
    location: shown?.location ?? photo.context.location ?? null,
    folder: photo.context.folder,
    kind: photo.context.kind ?? null,
    year: shown?.year ?? null,
    qr: shown?.qr ?? quality?.qr ?? null,
    band: shown?.band ?? quality?.band ?? null,
    stars: state.edits.stars ?? written.stars,
    label: state.edits.label ?? written.label,
    reason: verdict === "rejected" ? (state.edits.reason ?? null) : null,
    partial: shown?.partial ?? (quality?.missing ?? []).length > 0,
    missingMetrics: quality?.missing ?? [],
    ...judged,
    proposed: words === undefined ? null : { caption: words.caption, altText: words.altText, keywords: words.keywords },
    captioner: words?.captioner ?? null,
    flaws,
    blocked: blockersIn(flaws, state.edits.overruled ?? []).length > 0,
    outcome: words?.proof?.outcome ?? null,
    attempts: words?.proof?.attempts ?? [],
    overruled: state.edits.overruled ?? [],
    ...wordedOf(one),
    wordsFrom: words?.from ?? null,
    written: iptc === undefined ? [] : writtenLines(iptc),
    edited: Object.keys(state.edits),
    takenAt: captured?.at ?? null,
    takenFrom: captured?.source ?? null,
    timeSource: exif?.timeSource ?? null,
    fileTime: exif?.fileTime ?? null,
    camera: exif?.camera ?? null,
    lens: exif?.lens ?? null,
    exposure: exif?.exposure ?? null,
    aperture: exif?.aperture ?? null,
    iso: exif?.iso ?? null,
    focalLength: exif?.focalLength ?? null,
    missing: exif?.missing ?? [],
    width: look?.width ?? null,
    height: look?.height ?? null,
    embedded: embeddedOf(look),
    crops: cropsSaid(look?.crops ?? []),
    subjectAt: subjectAt(look?.crops ?? []),
    crop: state.edits.crop ?? null,
    previews: look === undefined ? null : previewsOf(photo.id, look, isWhole),
    sight: look === undefined ? sightOf(photo) : null,
    culled: cull === undefined ? null : { code: cull.code, why: cull.why, remedy: remedyOf(cull.code) },
    published:
      publish === undefined
        ? null
        : { url: publish.full.url, thumbUrl: publish.thumb.url, path: publish.full.path, rowId: publish.rowId },
  };
}

function embeddedOf(look: Shown["look"] | undefined): Row["embedded"] {
  if (look?.embedded == null) return null;
  const { width, height, isSmall } = look.embedded;
  return { width, height, isSmall };
}

/** The surest crop is about what matters. */
function subjectAt(crops: Facts["look"]["crops"]): Row["subjectAt"] {
  const [surest] = crops.toSorted((a, b) => b.confidence - a.confidence);
  if (surest === undefined) return null;
  const middle = (from: number, length: number): number => Math.round((from + length / 2) * 1_000) / 1_000;
  return { x: middle(surest.x, surest.width), y: middle(surest.y, surest.height) };
}

const WRITTEN: Readonly<Record<keyof Facts["iptc"], string>> = {
  title: "Title",
  headline: "Headline",
  caption: "Caption",
  altText: "Alt text",
  keywords: "Keywords",
  hierarchy: "Keyword tree",
  rating: "Rating",
  label: "Label",
  copyright: "Copyright",
  creator: "Creator",
  sublocation: "Spot",
  city: "City",
  state: "State",
  country: "Country",
  persons: "Persons",
};

function writtenLines(iptc: Facts["iptc"]): Row["written"] {
  const names = Object.keys(WRITTEN).filter((name): name is keyof Facts["iptc"] => Object.hasOwn(iptc, name));
  return names.flatMap((name) => {
    const found = iptc[name];
    return found === null ? [] : [{ what: WRITTEN[name], value: lineOf(found.value), from: found.from }];
  });
}

const lineOf = (value: string | number | readonly string[]): string =>
  typeof value === "number"
    ? value < 0
      ? "rejected"
      : `${value} of 5`
    : typeof value === "string"
      ? value
      : value.join(", ");

/** Of a cleared set only the small preview is left. */
function previewsOf(photo: PhotoId, { previews }: Shown["look"], isWhole: boolean): NonNullable<Row["previews"]> {
  const small = mediaUrl(photo, "small", previews.small.sha256);
  if (!isWhole) return { small, medium: small, large: small };
  return {
    small,
    medium: mediaUrl(photo, "medium", previews.medium.sha256),
    large: mediaUrl(photo, "large", previews.large.sha256),
  };
}

/** Known before anybody has looked for it: the same bytes have the same picture in them. */
function sightOf({ id, source: { sha256 } }: LoadedPhoto): Row["sight"] {
  if (sha256 === undefined) return null;
  return { small: mediaUrl(id, "sight", sha256), large: mediaUrl(id, "sight-large", sha256) };
}

/** The hash makes the address immutable; the file itself is found by photo and size alone. */
const mediaUrl = (photo: PhotoId, size: string, sha256: string): string =>
  `/media/${photo}/${size}/${sha256.slice(0, 16)}.jpg`;
