import type { PublishedFile, RenderedFile } from "../domain/facts.ts";
import { Fault } from "../domain/fault.ts";
import { folderKey, sitePaths } from "../domain/naming.ts";
import type { CatalogueRow, Publication, Publisher } from "../domain/ports.ts";
import type { Place } from "./place.ts";

/** The catalogue table behind the site; rows are keyed by `File_Name`. */
export interface Table {
  /**
   * @returns the row's id
   * @throws Fault rows.*
   */
  upsert(row: CatalogueRow, signal: AbortSignal): number | Promise<number>;
  /** @throws Fault rows.* */
  remove(fileName: string, signal: AbortSignal): void | Promise<void>;
}

export interface SiteSettings {
  /** what stands before `<year>/…` in the public address, without a slash at the end; may be empty */
  readonly urlBase: string;
}

/** Publishes a photo: full image, thumbnail, then the row that makes them public. Taken back the other way round. */
export function site(settings: SiteSettings, place: Place, table: Table): Publisher {
  const isOurs = async (
    { path, bytes, sha256 }: Pick<PublishedFile, "path" | "bytes" | "sha256">,
    signal: AbortSignal,
  ): Promise<boolean> => (await place.look(path, bytes, signal))?.sha256 === sha256;

  const put = async (file: RenderedFile, relative: string, signal: AbortSignal): Promise<PublishedFile> => {
    const path = place.pathOf(relative);
    await place.put(file, path, signal);
    return { ...file, path, url: `${settings.urlBase}/${relative.split("/").map(encodeURIComponent).join("/")}` };
  };

  const assertFree = async (file: RenderedFile, relative: string, signal: AbortSignal): Promise<void> => {
    const path = place.pathOf(relative);
    const there = await place.look(path, file.bytes, signal);
    if (there !== undefined && there.sha256 !== file.sha256)
      throw new Fault("site.collision", `${path} is there already, ${there.bytes} bytes, and is another file`);
  };

  return {
    name: place.name,
    async publish({ final, rendered, columns }, signal) {
      signal.throwIfAborted();
      const paths = sitePaths(final);
      // Known before anything is put there: a full image whose thumbnail has no place would stay behind.
      await assertFree(rendered.thumb, paths.thumb, signal);
      const full = await put(rendered.full, paths.full, signal);
      const thumb = await put(rendered.thumb, paths.thumb, signal);
      signal.throwIfAborted();
      const rowId = await table.upsert(rowOf({ final, rendered, columns }, full, thumb), signal);
      return { target: place.name, full, thumb, rowId };
    },
    async withdraw({ full, thumb }, signal) {
      await table.remove(full.path.split(/[\\/]/).at(-1) ?? "", signal);
      for (const file of [full, thumb]) if (await isOurs(file, signal)) await place.remove(file.path, signal);
    },
    async retract(final, render, signal) {
      const paths = sitePaths(final);
      const [full, thumb] = [place.pathOf(paths.full), place.pathOf(paths.thumb)];
      const isThere = async (path: string): Promise<boolean> => (await place.look(path, 0, signal)) !== undefined;
      if (!(await isThere(full)) && !(await isThere(thumb))) return;
      const rendered = await render();
      const ours = [
        ...((await isOurs({ ...rendered.full, path: full }, signal)) ? [full] : []),
        ...((await isOurs({ ...rendered.thumb, path: thumb }, signal)) ? [thumb] : []),
      ];
      // The row comes after both files: where one is missing or somebody else's, the row is none of ours.
      if (ours.length === 2) await table.remove(final.name, signal);
      for (const path of ours) await place.remove(path, signal);
    },
  };
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
