import { join } from "node:path";
import type { PublishedFile, RenderedFile } from "../domain/facts.ts";
import { Fault } from "../domain/fault.ts";
import { folderKey, sitePaths } from "../domain/naming.ts";
import type { CatalogueRow, Publication, Publisher } from "../domain/ports.ts";
import { durableRemove, fileExists, hashFile, NameTaken, PUBLIC } from "../files.ts";
import { durableCopy } from "../originals.ts";

/** The catalogue table behind the site; rows are keyed by `File_Name`. */
export interface Catalogue {
  /** @returns the row's id */
  upsert(row: CatalogueRow): number;
  remove(fileName: string): void;
}

export interface FolderSettings {
  /** absolute; made if it is not there */
  readonly root: string;
  /** what stands before `<year>/…` in the public address, without a slash at the end; may be empty */
  readonly urlBase: string;
}

/** Publishes into a folder of the site on this machine: full image, thumbnail, then the row. */
export function folder(settings: FolderSettings, catalogue: Catalogue): Publisher {
  const placeOf = (relative: string): string => join(settings.root, ...relative.split("/"));
  const put = async (file: RenderedFile, relative: string, signal: AbortSignal): Promise<PublishedFile> => {
    const path = placeOf(relative);
    try {
      await durableCopy(file.path, path, signal, PUBLIC);
    } catch (cause) {
      throw asSiteFault(cause);
    }
    return { ...file, path, url: `${settings.urlBase}/${relative.split("/").map(encodeURIComponent).join("/")}` };
  };

  const assertFree = async (file: RenderedFile, relative: string, signal: AbortSignal): Promise<void> => {
    const path = placeOf(relative);
    if (!(await fileExists(path))) return;
    const there = await hashFile(path, signal);
    if (there.sha256 !== file.sha256) throw asSiteFault(new NameTaken(path, there));
  };

  return {
    name: "folder",
    async publish({ final, rendered, columns }, signal) {
      const paths = sitePaths(final);
      // Known before anything is put there: a full image whose thumbnail has no place would stay behind.
      await assertFree(rendered.thumb, paths.thumb, signal);
      const full = await put(rendered.full, paths.full, signal);
      const thumb = await put(rendered.thumb, paths.thumb, signal);
      signal.throwIfAborted();
      const rowId = catalogue.upsert(rowOf({ final, rendered, columns }, full, thumb));
      return { target: "folder", full, thumb, rowId };
    },
    async withdraw({ full, thumb }, signal) {
      catalogue.remove(full.path.split(/[\\/]/).at(-1) ?? "");
      for (const file of [full, thumb]) if (await isOurs(file, signal)) await durableRemove(file.path);
    },
    async retract(final, render, signal) {
      const paths = sitePaths(final);
      const [full, thumb] = [placeOf(paths.full), placeOf(paths.thumb)];
      if (!(await fileExists(full)) && !(await fileExists(thumb))) return;
      const rendered = await render();
      const ours = [
        ...((await isOurs({ ...rendered.full, path: full }, signal)) ? [full] : []),
        ...((await isOurs({ ...rendered.thumb, path: thumb }, signal)) ? [thumb] : []),
      ];
      // The row comes after both files: where one is missing or somebody else's, the row is none of ours.
      if (ours.length === 2) catalogue.remove(final.name);
      for (const path of ours) await durableRemove(path);
    },
  };
}

/** A file that somebody changed since is theirs. */
const isOurs = async (file: Pick<PublishedFile, "path" | "sha256">, signal: AbortSignal): Promise<boolean> =>
  (await fileExists(file.path)) && (await hashFile(file.path, signal)).sha256 === file.sha256;

function asSiteFault(cause: unknown): unknown {
  if (cause instanceof NameTaken) return new Fault("site.collision", cause.message, { cause });
  if (cause instanceof Fault && cause.code === "disk.failed")
    return new Fault("site.unwritable", cause.message, { cause });
  return cause;
}

function rowOf({ final, columns }: Publication, full: PublishedFile, thumb: PublishedFile): CatalogueRow {
  return {
    ...columns,
    Folder: folderKey(final.folder),
    File_Name: final.name,
    Path: full.url,
    Thumb_Path: thumb.url,
    Width: full.width,
    Height: full.height,
    Keywords: final.keywords.join(", "),
    Caption: final.caption,
    alt_text: final.altText,
    Location: final.location === "" ? null : final.location,
    // A figure with metrics missing would not compare with the site's other rows.
    QR: final.partial ? null : final.qr,
    QC_Status: final.band,
  };
}
