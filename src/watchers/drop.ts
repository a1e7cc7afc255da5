import { parse } from "yaml";
import { CONTEXT_FILE, type ContextFile, ContextSchema, contextOfFolder, mergeContext } from "../domain/context.ts";
import { Fault, type FaultCode, messageOf } from "../domain/fault.ts";
import { extensionOf, looksLikePhoto } from "../domain/formats.ts";
import type { Drop, Shot } from "../domain/photo.ts";
import type { Entry } from "./listing.ts";

// Whose they are: macOS, Windows, Synology, Syncthing, Lightroom, darktable, and every Unix.
const SYSTEM =
  /^(\..*|thumbs\.db|ehthumbs\.db|desktop\.ini|@eadir|#recycle|\$recycle\.bin|system volume information|lost\+found|icon\r)$/i;
const TEMPORARY = /(\.(part|partial|filepart|crdownload|download|tmp|temp|swp|!ut)|~)$/i;
const COMPANIONS = new Set(["xmp", "yaml", "yml", "json", "txt", "caption", "thm", "wav", "pp3", "dop"]);
const RAW = new Set(["cr2", "cr3", "nef", "arw", "dng", "raf", "rw2", "orf", "pef", "srw"]);

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
  readonly companions: readonly Entry[];
  readonly contextFile: Entry | undefined;
}

/** Sorts a listing into groups of candidates and what is left aside, each with its reason. Pure. */
export function sort(entries: readonly Entry[]): {
  readonly groups: readonly Group[];
  readonly aside: readonly Aside[];
} {
  const aside: Aside[] = [];
  const groups = Map.groupBy(
    entries.filter((entry) => isCandidate(entry, aside)),
    (entry) => (entry.relative.includes("/") ? (entry.relative.split("/")[0] ?? "") : ""),
  );
  return {
    groups: [...groups]
      .map(([folder, files]) => groupOf(folder, files, aside))
      .filter(({ photos }) => photos.length > 0),
    aside,
  };
}

function isCandidate(entry: Entry, aside: Aside[]): boolean {
  const reason = reasonAgainst(entry);
  if (reason !== undefined) aside.push({ entry, ...reason });
  return reason === undefined && entry.kind === "file";
}

function reasonAgainst({ name, kind, relative }: Entry): Omit<Aside, "entry"> | undefined {
  if (SYSTEM.test(name)) return { code: "drop.system-file", why: `${relative} is a system file` };
  switch (kind) {
    case "link":
      return { code: "drop.symlink", why: `${relative} is a link` };
    case "other":
      return { code: "drop.not-a-file", why: `${relative} is a pipe, socket or device` };
    case "unreadable-folder":
      return { code: "drop.unreadable-folder", why: `${relative} cannot be listed` };
    case "folder":
      return looksLikePhoto(name) ? { code: "drop.not-a-file", why: `${relative} is a folder` } : undefined;
    case "file":
      return TEMPORARY.test(name) ? { code: "drop.temporary", why: `${relative} has a temporary name` } : undefined;
  }
}

function groupOf(folder: string, files: readonly Entry[], aside: Aside[]): Group {
  const contextFile = files.find(
    ({ relative }) => relative === (folder === "" ? CONTEXT_FILE : `${folder}/${CONTEXT_FILE}`),
  );
  const named = files.filter(({ name }) => looksLikePhoto(name));
  const isRaw = ({ name }: Entry): boolean => RAW.has(extensionOf(name));
  const stems = new Set(named.filter((entry) => !isRaw(entry)).map(({ relative }) => stemOf(relative)));
  const photos = named.filter((entry) => !isRaw(entry) || !stems.has(stemOf(entry.relative)));
  const isPhoto = new Set(photos);
  const photoKeys = new Set(photos.flatMap(keysOf));
  const companions: Entry[] = [];
  for (const entry of files) {
    if (isPhoto.has(entry)) continue;
    if (entry === contextFile)
      aside.push({ entry, code: "drop.companion", why: `${entry.relative} describes its set` });
    else if (
      (COMPANIONS.has(extensionOf(entry.name)) || isRaw(entry)) &&
      ownersOf(entry).some((key) => photoKeys.has(key))
    ) {
      companions.push(entry);
      aside.push({ entry, code: "drop.companion", why: `${entry.relative} travels with its photo` });
    } else aside.push({ entry, code: "drop.other-file", why: `${entry.relative} is no photo by its name` });
  }
  return { folder, photos, companions, contextFile };
}

/** Path without the last extension, folded. */
const stemOf = (relative: string): string => relative.replace(/\.[^./]*$/, "").toLowerCase();

/** What a companion may call a photo. */
const keysOf = ({ relative }: Entry): string[] => [relative.toLowerCase(), stemOf(relative)];

/** What a companion calls its photo: `dsc_1.xmp`, `DSC_1.JPG.xmp` and, beside a RAW, `DSC_1.NEF.xmp` belong to `DSC_1.JPG`. */
function ownersOf({ relative }: Entry): string[] {
  const stem = stemOf(relative);
  return RAW.has(extensionOf(stem)) ? [stem, stemOf(stem)] : [stem];
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
  settings: { readonly category: string; readonly looseName: string },
  contextFile: ContextFile,
): Drop {
  const named = group.folder === "" ? {} : contextOfFolder(group.folder);
  const photoKeys = new Set(group.photos.flatMap(keysOf));
  const companions = Map.groupBy(group.companions, (one) => ownersOf(one).find((key) => photoKeys.has(key)));
  const shots: Shot[] = group.photos.toSorted(byName).map((main) => ({
    main: fileOf(main),
    companions: keysOf(main).flatMap((key) => (companions.get(key) ?? []).map(fileOf)),
  }));
  return {
    inbox,
    folder: group.folder === "" ? inbox : `${inbox}/${group.folder}`,
    name: group.folder === "" ? settings.looseName : group.folder,
    context: mergeContext(settings.category, named, contextFile),
    shots,
  };
}

const fileOf = ({ path, bytes, mtimeMs, nameIsText }: Entry) => ({ path, bytes, mtimeMs, nameIsText });
const byName = (a: Entry, b: Entry): number => (a.relative < b.relative ? -1 : a.relative > b.relative ? 1 : 0);
