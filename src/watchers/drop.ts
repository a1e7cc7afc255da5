import { parse } from "yaml";
import { CONTEXT_FILE, type ContextFile, ContextSchema, contextOfFolder, mergeContext } from "../domain/context.ts";
import { Fault, type FaultCode, messageOf } from "../domain/fault.ts";
import { extensionOf, looksLikePhoto, RAW_EXTENSIONS } from "../domain/formats.ts";
import type { Drop, Shot, SourceFile } from "../domain/photo.ts";
import type { ResolvedProfile } from "../domain/profile.ts";
import type { Entry } from "./listing.ts";

// Whose they are: macOS, Windows, Synology, Syncthing, Lightroom, darktable, and every Unix.
const SYSTEM =
  /^(\..*|thumbs\.db|ehthumbs\.db|desktop\.ini|@eadir|#recycle|\$recycle\.bin|system volume information|lost\+found|icon\r)$/i;
const TEMPORARY = /(\.(part|partial|filepart|crdownload|download|tmp|temp|swp|!ut)|~)$/i;
const COMPANIONS = new Set(["xmp", "yaml", "yml", "json", "txt", "caption", "thm", "wav", "pp3", "dop"]);
// What a camera or phone writes beside the JPEG of the same shot, best first: the first there is stands for the shot.
const STANDS_FOR_SHOT = [new Set(["jpg", "jpeg", "jpe"]), new Set(["heic", "heif", "hif"]), RAW_EXTENSIONS];
/** Put into a folder to say that everything is there. */
const DONE_FILE = /^_done(\..*)?$/i;

/** Our own mark in the root of an inbox, by which its volume is known again. */
export const MARKER_FILE = ".photogate-inbox";

/** Where `photogate likeness --apply` puts what is to be looked at before it is deleted. */
export const REVIEW_FOLDER = "_review_dupes";

/** Folders whose content is nobody's photos; they are not even listed. */
export const isPruned = (name: string): boolean => SYSTEM.test(name);

/** Something in an inbox that is no photo, and why. */
export interface Aside {
  readonly entry: Entry;
  readonly code: FaultCode;
  readonly why: string;
}

/** A first-level folder of an inbox, or its loose files: what may become a set. */
export interface Group {
  /** name of the folder below the inbox; empty for loose files */
  readonly folder: string;
  readonly photos: readonly Entry[];
  readonly companions: readonly Companion[];
  readonly contextFile: Entry | undefined;
  /** a file that says that everything is there: `photogate.yaml` or `_DONE` */
  readonly sign: Entry | undefined;
}

/** A file that travels with a photo. */
export interface Companion {
  readonly entry: Entry;
  readonly owner: Entry;
}

/** A listing in order. */
export interface Sorted {
  readonly groups: readonly Group[];
  readonly aside: readonly Aside[];
  /** companions of no photo that is here: it may still come */
  readonly orphans: readonly Entry[];
}

/** Sorts a listing into groups of candidates and what is left aside, each with its reason. Pure. */
export function sort(entries: readonly Entry[]): Sorted {
  const aside: Aside[] = [];
  const orphans: Entry[] = [];
  const groups = Map.groupBy(
    entries.filter((entry) => isCandidate(entry, aside)),
    (entry) => (entry.relative.includes("/") ? (entry.relative.split("/")[0] ?? "") : ""),
  );
  return {
    groups: [...groups]
      .map(([folder, files]) => groupOf(folder, files, aside, orphans))
      .filter(({ photos }) => photos.length > 0),
    aside,
    orphans,
  };
}

function isCandidate(entry: Entry, aside: Aside[]): boolean {
  if (entry.relative === MARKER_FILE) return false;
  const reason = reasonAgainst(entry);
  if (reason !== undefined) aside.push({ entry, ...reason });
  return reason === undefined && entry.kind === "file";
}

function reasonAgainst({ name, kind, relative }: Entry): Omit<Aside, "entry"> | undefined {
  if (SYSTEM.test(name)) return { code: "drop.system-file", why: `${relative} is a system file` };
  if (kind === "file" && relative.split("/").slice(0, -1).includes(REVIEW_FOLDER))
    return { code: "drop.review-folder", why: `${relative} lies in ${REVIEW_FOLDER}` };
  switch (kind) {
    case "link":
      return { code: "drop.symlink", why: `${relative} is a link` };
    case "other":
      return { code: "drop.not-a-file", why: `${relative} is a pipe, socket or device` };
    case "too-deep":
      return { code: "drop.too-deep", why: `${relative} has a path longer than the system takes` };
    case "unreadable-folder":
      return { code: "drop.unreadable-folder", why: `${relative} cannot be listed` };
    case "folder":
      return looksLikePhoto(name) ? { code: "drop.not-a-file", why: `${relative} is a folder` } : undefined;
    case "file":
      return TEMPORARY.test(name) ? { code: "drop.temporary", why: `${relative} has a temporary name` } : undefined;
  }
}

function groupOf(folder: string, files: readonly Entry[], aside: Aside[], orphans: Entry[]): Group {
  const inFolder = (name: string): string => (folder === "" ? name : `${folder}/${name}`);
  const contextFile = files.find(({ relative }) => relative === inFolder(CONTEXT_FILE));
  const done = files.find(({ relative, name }) => DONE_FILE.test(name) && relative === inFolder(name));
  const photos = shotsOf(files.filter(({ name }) => looksLikePhoto(name)));
  const isPhoto = new Set(photos);
  const photoOf = new Map(photos.toReversed().flatMap((photo) => keysOf(photo).map((key) => [key, photo])));
  const companions: Companion[] = [];
  for (const entry of files) {
    if (isPhoto.has(entry)) continue;
    if (entry === contextFile || entry === done)
      aside.push({ entry, code: "drop.companion", why: `${entry.relative} speaks of its set` });
    else if (entry.name === CONTEXT_FILE)
      aside.push({ entry, code: "drop.other-file", why: `${entry.relative} is read in the folder of a set only` });
    else if (COMPANIONS.has(extensionOf(entry.name)) || looksLikePhoto(entry.name)) {
      const owner = ownersOf(entry).flatMap((key) => photoOf.get(key) ?? [])[0];
      if (owner === undefined) orphans.push(entry);
      else {
        companions.push({ entry, owner });
        aside.push({ entry, code: "drop.companion", why: `${entry.relative} travels with ${owner.name}` });
      }
    } else aside.push({ entry, code: "drop.other-file", why: `${entry.relative} is no photo by its name` });
  }
  return { folder, photos, companions, contextFile, sign: contextFile ?? done };
}

/** One file for each press of the shutter: of JPEG, HEIC and RAW with one stem, the first of these. */
function shotsOf(named: readonly Entry[]): Entry[] {
  const rank = ({ name }: Entry): number => STANDS_FOR_SHOT.findIndex((kind) => kind.has(extensionOf(name)));
  const best = new Map<string, number>();
  for (const entry of named.filter((one) => rank(one) >= 0))
    best.set(
      stemOf(entry.relative),
      Math.min(rank(entry), best.get(stemOf(entry.relative)) ?? Number.POSITIVE_INFINITY),
    );
  return named.filter((entry) => rank(entry) < 0 || rank(entry) === best.get(stemOf(entry.relative)));
}

/** Path without the last extension, folded. */
const stemOf = (relative: string): string => relative.replace(/\.[^./]*$/, "").toLowerCase();

/** What a companion may call a photo. */
const keysOf = ({ relative }: Entry): string[] => [relative.toLowerCase(), stemOf(relative)];

/**
 * What a companion calls its photo: `dsc_1.xmp`, `DSC_1.JPG.xmp`, `DSC_1.JPG.crop.json` and, beside a RAW, `DSC_1.NEF.xmp`
 * belong to `DSC_1.JPG`.
 */
function ownersOf({ relative }: Entry): string[] {
  const stem = stemOf(relative.replace(/\.crop(\.json)$/i, "$1"));
  return RAW_EXTENSIONS.has(extensionOf(stem)) ? [stem, stemOf(stem)] : [stem];
}

/**
 * @param text content of `photogate.yaml`
 * @throws Fault context.invalid with every mistake in it
 */
export function readContext(text: string): ContextFile {
  let value: unknown;
  try {
    value = parse(text) ?? {};
  } catch (cause) {
    throw new Fault("context.invalid", `${CONTEXT_FILE} is no YAML: ${messageOf(cause)}`, { cause });
  }
  const read = ContextSchema.safeParse(value);
  if (read.success) return read.data;
  const mistakes = read.error.issues.map((issue) => `${issue.path.join(".") || "file"}: ${issue.message}`);
  throw new Fault("context.invalid", `${CONTEXT_FILE}: ${mistakes.join("; ")}`);
}

/** A settled group as a drop: shots in the order of the camera's names, each with its companions. */
export function dropOf(
  inbox: string,
  group: Group,
  settings: { readonly profile: ResolvedProfile; readonly looseName: string },
  contextFile: ContextFile,
  sha256Of: (file: Entry) => string | undefined = () => undefined,
): Drop {
  const named = group.folder === "" ? {} : contextOfFolder(group.folder);
  const companions = Map.groupBy(group.companions, ({ owner }) => owner);
  const shots: Shot[] = group.photos.toSorted(byName).map((main) => ({
    main: { ...fileOf(main), sha256: sha256Of(main) },
    companions: (companions.get(main) ?? []).map(({ entry }) => fileOf(entry)).toSorted(byPath),
  }));
  return {
    inbox,
    folder: group.folder === "" ? inbox : `${inbox}/${group.folder}`,
    name: group.folder === "" ? settings.looseName : group.folder,
    context: mergeContext(settings.profile, named, contextFile),
    shots,
  };
}

const fileOf = ({ path, bytes, mtimeMs, nameIsText }: Entry) => ({ path, bytes, mtimeMs, nameIsText });
const byPath = (a: SourceFile, b: SourceFile): number => (a.path < b.path ? -1 : 1);
const byName = (a: Entry, b: Entry): number => (a.relative < b.relative ? -1 : a.relative > b.relative ? 1 : 0);
