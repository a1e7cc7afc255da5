import { basename, dirname } from "node:path";
import type { Drop } from "../domain/photo.ts";
import type { ResolvedProfile } from "../domain/profile.ts";
import { dropOf, readContext, sort } from "./drop.ts";
import type { Entry } from "./listing.ts";
import type { Examined } from "./messages.ts";
import type { Reader } from "./reader.ts";

/**
 * A folder that a person hands over: taken as it is, at once, without waiting for it to settle.
 *
 * @param reader of that folder
 * @returns undefined if there is no photo in it, or the folder is not there
 * @throws Fault context.invalid
 */
export async function readDrop(reader: Reader, profile: ResolvedProfile): Promise<Drop | undefined> {
  const { root, entries } = await reader.list();
  if (root === undefined) return undefined;
  const within = basename(reader.root);
  const named = [...entries.values()].map((entry): Entry => ({ ...entry, relative: `${within}/${entry.relative}` }));
  const group = sort(named).groups[0];
  if (group === undefined) return undefined;
  const { contextFile, photos } = group;
  const context =
    contextFile === undefined ? {} : readContext(await reader.ask({ kind: "text", path: contextFile.path }));
  const paths = photos.filter(({ nameIsText }) => nameIsText).map(({ path }) => path);
  const found = new Map<string, Examined>();
  for (const one of await reader.ask({ kind: "examine", paths })) found.set(one.path, one);
  const sha256Of = ({ path }: Entry): string | undefined => found.get(path)?.sha256 ?? undefined;
  return dropOf(dirname(reader.root), group, { profile, looseName: "" }, context, sha256Of);
}
