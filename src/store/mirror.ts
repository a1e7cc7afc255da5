import { CATALOGUE_COLUMNS } from "../domain/catalogue.ts";
import type { CatalogueLine } from "../domain/catalogue-figures.ts";
import type { CatalogueRow } from "../domain/ports.ts";
import type { Taxonomy } from "../domain/profile.ts";
import { type Database, openPlain, openPlainForReading } from "./database.ts";

/** The local copy of the site's catalogue table, `photos_info_revamp`. */
export interface Mirror {
  /**
   * Inserts or updates by `File_Name`.
   *
   * @returns the row's id: negative until the site gives one, so that a provisional id can never be taken for a real one
   */
  upsert(row: CatalogueRow): number;
  /** Takes a row over as the site has it, in place of one that had no id of its yet. */
  adopt(id: number, row: CatalogueRow): void;
  remove(fileName: string): void;
  /** the locations and categories of its rows */
  words(): Taxonomy;
  /** what its figures are made of, a line a row */
  lines(): readonly CatalogueLine[];
  close(): void;
}

// The names, types and defaults of the site's own table; the unique index is what its upsert relies on.
const TABLE = `
  create table if not exists photos_info_revamp (
    id integer not null primary key,
    Folder text, File_Name text, Path text, Thumb_Path text, DateTime text, Camera text, Lens_model text,
    Width integer default 0, Height integer default 0, Exposure text, Aperture text, ISO integer, Focal_length integer,
    Keywords text, Caption text, alt_text text, Location text, QR real, QC_Status text, Original_File_Name text not null,
    nima_score real, blur_score real, brightness_score real, contrast_score real, brisque_score real,
    clip_aesthetic_score real
  );
  create unique index if not exists photos_info_revamp_by_name on photos_info_revamp (File_Name);`;

export function openMirror(path: string): Mirror {
  const database = openPlain(path);
  database.exec(TABLE);
  const find = database.prepare<[string], { id: number }>("select id from photos_info_revamp where File_Name = ?");
  const lowest = database.prepare<[], { id: number | null }>("select min(id) id from photos_info_revamp");
  const put = database.prepare(
    `insert into photos_info_revamp (id, ${CATALOGUE_COLUMNS.join(", ")}) values (@id, ${CATALOGUE_COLUMNS.map((column) => `@${column}`).join(", ")})
     on conflict (id) do update set ${CATALOGUE_COLUMNS.map((column) => `${column} = excluded.${column}`).join(", ")}`,
  );
  const drop = database.prepare<[string]>("delete from photos_info_revamp where File_Name = ?");

  const allLines = database.prepare<[], CatalogueLine>(
    "select File_Name name, Camera camera, DateTime taken, QC_Status band from photos_info_revamp",
  );

  // Asked at every look at the page, changed at every publication: read again only then.
  let words: Taxonomy | undefined;

  return {
    words() {
      words ??= wordsIn(database);
      return words;
    },
    lines: () => allLines.all(),
    upsert: database.transaction((row: CatalogueRow) => {
      words = undefined;
      const id = find.get(row.File_Name)?.id ?? Math.min(lowest.get()?.id ?? 0, 0) - 1;
      put.run({ id, ...row });
      return id;
    }).immediate,
    adopt: database.transaction((id: number, row: CatalogueRow) => {
      words = undefined;
      drop.run(row.File_Name);
      put.run({ id, ...row });
    }).immediate,
    remove: (fileName) => {
      words = undefined;
      drop.run(fileName);
    },
    close: () => {
      database.close();
    },
  };
}

/** The same words for who only looks. @returns none where there is no mirror yet */
export function wordsInMirror(path: string): Taxonomy {
  const database = openPlainForReading(path);
  if (database === undefined) return { locations: [], categories: [] };
  try {
    return wordsIn(database);
  } finally {
    database.close();
  }
}

function wordsIn(database: Database): Taxonomy {
  const column = (name: "Location" | "Folder"): string[] =>
    database
      .prepare<[], string>(
        `select distinct ${name} from photos_info_revamp where ${name} is not null and ${name} <> '' order by ${name}`,
      )
      .pluck()
      .all();
  return { locations: column("Location"), categories: column("Folder") };
}
