/** Any folder of photos, as the verbs see it that need no daemon. */
import { realpath } from "node:fs/promises";
import { join, resolve } from "node:path";
import { Fault, messageOf } from "./domain/fault.ts";
import { isPruned, REVIEW_FOLDER, sort } from "./watchers/drop.ts";
import { type Entry, listingsOf } from "./watchers/listing.ts";

/** One press of the shutter: the file that stands for it, and what travels with it. */
export interface FolderShot {
  readonly main: Entry;
  readonly companions: readonly Entry[];
}

/** What is left alone, and why. */
export interface Aside {
  /** below the folder; bytes that are not UTF-8 stand as `\xNN` */
  readonly path: string;
  readonly code: string;
  readonly why: string;
}

export interface FolderSeen {
  /** absolute, links resolved */
  readonly root: string;
  readonly shots: readonly FolderShot[];
  readonly aside: readonly Aside[];
  /** every path there is below the folder, whatever it is */
  readonly paths: readonly string[];
}

const NOT_WORTH_SAYING: ReadonlySet<string> = new Set(["drop.companion", "drop.other-file", "drop.system-file"]);

/**
 * Lists a folder and all below it, links not followed.
 *
 * @throws Fault folder.unusable
 */
export async function folderSeen(folder: string): Promise<FolderSeen> {
  try {
    const root = await realpath(resolve(folder));
    const { seen } = listingsOf(root, (name) => isPruned(name) || name === REVIEW_FOLDER)();
    const { groups, aside } = sort(seen.filter(({ relative }) => relative !== REVIEW_FOLDER));
    const shots = groups.flatMap(({ photos, companions }) => {
      const along = Map.groupBy(companions, ({ owner }) => owner);
      return photos.map((main) => ({ main, companions: (along.get(main) ?? []).map(({ entry }) => entry) }));
    });
    const nameless = shots.flatMap(asideOfShot);
    return {
      root,
      shots: shots.filter((shot) => asideOfShot(shot).length === 0).toSorted(byPath),
      aside: [
        ...nameless,
        ...aside
          .filter(({ code }) => !NOT_WORTH_SAYING.has(code))
          .map(({ entry, code, why }) => ({ path: entry.relative, code, why })),
      ],
      paths: seen.map(({ relative }) => relative),
    };
  } catch (cause) {
    throw cause instanceof Fault ? cause : new Fault("folder.unusable", `${folder}: ${messageOf(cause)}`, { cause });
  }
}

function asideOfShot({ main, companions }: FolderShot): Aside[] {
  return [main, ...companions]
    .filter(({ nameIsText }) => !nameIsText)
    .map(({ relative }) => ({
      path: main.relative,
      code: "photo.name-not-text",
      why: `${relative} has a name that is not UTF-8`,
    }));
}

const byPath = (a: FolderShot, b: FolderShot): number => (a.main.relative < b.main.relative ? -1 : 1);

export const pathBelow = (root: string, relative: string): string => join(root, ...relative.split("/"));
