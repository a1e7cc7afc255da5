import type { CatalogueRow } from "../domain/ports.ts";
import type { Table } from "./site.ts";

/** The local copy of the site's table. */
interface Copy {
  adopt(id: number, row: CatalogueRow): void;
  remove(fileName: string): void;
}

/** The site's own table first; what it took is copied here under its id. */
export const mirrored = (table: Table, copy: Copy): Table => ({
  async upsert(row, signal) {
    const id = await table.upsert(row, signal);
    copy.adopt(id, row);
    return id;
  },
  async remove(fileName, signal) {
    await table.remove(fileName, signal);
    copy.remove(fileName);
  },
});
