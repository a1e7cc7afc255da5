import { Fault } from "../domain/fault.ts";
import { foldedKey, numbered } from "../domain/naming.ts";
import type { PhotoId } from "../domain/words.ts";
import type { Database } from "./database.ts";

/** The ledger: one reserved name a photo. The row comes first, the file later. */
export interface Names {
  /**
   * The next free name of a stem, counted on from the highest ever given out in its scope and not released.
   * Asked again for the same photo, the same name.
   */
  reserve(photo: PhotoId, stem: string): string;
  /** A name a person chose, in place of the reserved one. @throws Fault name.taken, review.not-ready */
  rename(photo: PhotoId, name: string): void;
  release(photo: PhotoId): void;
  of(photo: PhotoId): string | undefined;
  /** the next free name beside a taken one */
  freeBeside(name: string): string;
  /** does a name belong to another photo? */
  isTaken(photo: PhotoId, name: string): boolean;
}

export function namesOn(database: Database): Names {
  const own = database.prepare<[number], { key: string; name: string; scope: string; sequence: number }>(
    "select key, name, scope, sequence from names where photo_id = ?",
  );
  const holder = database.prepare<[string], { photo_id: number }>("select photo_id from names where key = ?");
  const highest = database.prepare<[string], { sequence: number | null }>(
    "select max(sequence) sequence from names where scope = ?",
  );
  const insert = database.prepare<[number, string, string, string, number]>(
    "insert into names (photo_id, key, name, scope, sequence) values (?, ?, ?, ?, ?)",
  );
  const change = database.prepare<[string, string, number]>("update names set key = ?, name = ? where photo_id = ?");
  const drop = database.prepare<[number]>("delete from names where photo_id = ?");

  const firstFree = (stem: string): { name: string; sequence: number } => {
    let sequence = (highest.get(foldedKey(stem))?.sequence ?? 0) + 1;
    while (holder.get(foldedKey(numbered(stem, sequence))) !== undefined) sequence += 1;
    return { name: numbered(stem, sequence), sequence };
  };

  return {
    reserve: database.transaction((photo: PhotoId, stem: string) => {
      const held = own.get(photo);
      // A person may have put another name in its place: what the machine proposes stays what it was.
      if (held !== undefined && held.scope === foldedKey(stem)) {
        const proposed = numbered(stem, held.sequence);
        return foldedKey(proposed) === held.key ? held.name : proposed;
      }
      drop.run(photo);
      const { name, sequence } = firstFree(stem);
      insert.run(photo, foldedKey(name), name, foldedKey(stem), sequence);
      return name;
    }).immediate,
    rename(photo, name) {
      const other = holder.get(foldedKey(name));
      if (other !== undefined && other.photo_id !== photo)
        throw new Fault("name.taken", `${name} belongs to another photo; ${this.freeBeside(name)} is free`);
      if (change.run(foldedKey(name), name, photo).changes === 0)
        throw new Fault("review.not-ready", `photo ${photo} has no name yet that could be changed`);
    },
    release: (photo) => {
      drop.run(photo);
    },
    of: (photo) => own.get(photo)?.name,
    isTaken: (photo, name) => {
      const other = holder.get(foldedKey(name));
      return other !== undefined && other.photo_id !== photo;
    },
    freeBeside: (name) => firstFree(name.replace(/(_\d+)?\.JPG$/, "")).name,
  };
}
