import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { CatalogueRow } from "../../src/domain/ports.ts";
import type { Place } from "../../src/publishers/place.ts";
import { site, type Table } from "../../src/publishers/site.ts";
import { openPlain } from "../../src/store/database.ts";
import { openMirror } from "../../src/store/mirror.ts";
import type { Target } from "../contracts/publisher.ts";

/** A site in a folder that we can look into, whoever puts files there, with the real mirror as its table. @param root of the site, as the server has it */
export async function siteAt(at: string, root: string, place: Place): Promise<Target> {
  mkdirSync(at, { recursive: true });
  const mirrorFile = join(at, "mirror.db");
  const mirror = openMirror(mirrorFile);
  let hear: (event: "put" | "drop") => Promise<void> | void = () => undefined;
  const table: Table = {
    async upsert(row) {
      await hear("put");
      return mirror.upsert(row);
    },
    async remove(name) {
      await hear("drop");
      mirror.remove(name);
    },
  };
  const files = (): string[] =>
    existsSync(root)
      ? readdirSync(root, { recursive: true, withFileTypes: true })
          .filter((entry) => entry.isFile())
          .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1))
      : [];
  return {
    publisher: site({ urlBase: "https://example.org/pic" }, place, table),
    read: async (path) => (existsSync(join(root, path)) ? readFileSync(join(root, path)) : undefined),
    list: async () => files(),
    plant: async (path, text) => {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), text);
    },
    row: async (name) => {
      const database = openPlain(mirrorFile);
      const row = database
        .prepare<[string], CatalogueRow & { id: number }>("select * from photos_info_revamp where File_Name = ?")
        .get(name);
      database.close();
      return row;
    },
    mode: async (path) => statSync(join(root, path)).mode & 0o777,
    onRow: (listener) => {
      hear = listener;
    },
    close: async () => {
      await place.close();
      mirror.close();
    },
  };
}
