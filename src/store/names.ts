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
  /** a photo's place in the ledger */
  placeOf(photo: PhotoId): NamePlace | null;
  /** Gives a photo a place it was promised or has had. @throws Fault name.taken */
  put(photo: PhotoId, place: NamePlace | null): void;
  /** @param anew photos whose present names do not count: they are to get others */
  onPaper(anew: ReadonlySet<PhotoId>): PaperNames;
}

/** A name with the counter it has among those of its stem. */
export interface NamePlace {
  readonly name: string;
  readonly scope: string;
  readonly sequence: number;
}

/** The ledger as it would be: names are given out as `reserve` gives them, and nothing is written. */
export interface PaperNames extends Pick<Names, "reserve" | "release"> {
  /** undefined for a photo that nothing was reserved for */
  placeOf(photo: PhotoId): NamePlace | undefined;
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

  const taken = (name: string, photo: PhotoId): void => {
    const other = holder.get(foldedKey(name));
    if (other === undefined || other.photo_id === photo) return;
    const free = firstFree(stemBefore(name)).name;
    throw new Fault("name.taken", `${name} belongs to another photo; ${free} is free`);
  };

  return {
    reserve: database.transaction((photo: PhotoId, stem: string) => {
      const held = own.get(photo);
      if (held !== undefined && held.scope === foldedKey(stem)) return proposedBy(held, stem);
      drop.run(photo);
      const { name, sequence } = firstFree(stem);
      insert.run(photo, foldedKey(name), name, foldedKey(stem), sequence);
      return name;
    }).immediate,
    rename(photo, name) {
      taken(name, photo);
      if (change.run(foldedKey(name), name, photo).changes === 0)
        throw new Fault("review.not-ready", `photo ${photo} has no name yet that could be changed`);
    },
    release: (photo) => {
      drop.run(photo);
    },
    of: (photo) => own.get(photo)?.name,
    freeBeside: (name) => firstFree(stemBefore(name)).name,
    placeOf(photo) {
      const held = own.get(photo);
      return held === undefined ? null : { name: held.name, scope: held.scope, sequence: held.sequence };
    },
    put(photo, place) {
      if (place !== null) taken(place.name, photo);
      drop.run(photo);
      if (place !== null) insert.run(photo, foldedKey(place.name), place.name, place.scope, place.sequence);
    },
    onPaper(anew) {
      const given = new Map<PhotoId, NamePlace>();
      const keys = new Set<string>();
      const isFree = (name: string): boolean => !keys.has(foldedKey(name)) && holder.get(foldedKey(name)) === undefined;
      return {
        reserve(photo, stem) {
          const scope = foldedKey(stem);
          const held = given.get(photo) ?? (anew.has(photo) ? undefined : own.get(photo));
          if (held !== undefined && held.scope === scope) {
            given.set(photo, { name: held.name, scope, sequence: held.sequence });
            return proposedBy(held, stem);
          }
          let { name, sequence } = firstFree(stem);
          while (!isFree(name)) {
            sequence += 1;
            name = numbered(stem, sequence);
          }
          given.set(photo, { name, scope, sequence });
          keys.add(foldedKey(name));
          return name;
        },
        release: (photo) => {
          given.delete(photo);
        },
        placeOf: (photo) => given.get(photo),
      };
    },
    isTaken: (photo, name) => {
      const other = holder.get(foldedKey(name));
      return other !== undefined && other.photo_id !== photo;
    },
  };
}

/** A person may have put another name in its place: what the machine proposes stays what it was. */
function proposedBy({ name, sequence }: Pick<NamePlace, "name" | "sequence">, stem: string): string {
  const proposed = numbered(stem, sequence);
  return foldedKey(proposed) === foldedKey(name) ? name : proposed;
}

/** A name without its counter and its ending. */
const stemBefore = (name: string): string => name.replace(/(_\d+)?\.JPG$/, "");
