import type { PhotoId } from "../domain/words.ts";
import type { Database } from "./database.ts";

/** What was found out about photos from the rows of the store, for as long as those rows are what they were. */
export interface Memory<T> {
  get(photo: PhotoId): T | undefined;
  /** @param weight of this value; what was not asked for lately goes when all of them weigh more than `most` */
  keep(photo: PhotoId, value: T, weight: number): void;
}

type Forget = (photo: PhotoId) => void;

/** Tables whose rows say something about a photo, and the column that says about which; null where it may be any. */
const TOLD_BY = {
  checkpoints: "photo_id",
  edits: "photo_id",
  own_words: "photo_id",
  photos: "id",
  sets: null,
} as const;
const ANY = 0;

/**
 * Nothing has to be told that it forgot something: triggers of this connection, which are in no file, hear of every row that is
 * written, by whatever statement; and SQLite counts what other connections commit.
 *
 * @param most that all values of one memory may weigh
 */
export function memoryOn<T>(database: Database, most: number): Memory<T> {
  const generations = generationsOf<T>(most);
  const othersWrote = database.prepare<[], number>("pragma data_version").pluck();
  let version = othersWrote.get();
  hear(database, (photo) => (photo === ANY ? generations.clear() : generations.drop(photo)));
  return {
    get(photo) {
      const now = othersWrote.get();
      if (now !== version) generations.clear();
      version = now;
      return generations.get(photo);
    },
    keep(photo, value, weight) {
      // What is read within a transaction may never come to be.
      if (!database.inTransaction) generations.put(photo, value, weight);
    },
  };
}

/** Those who hear of the writes of a connection, which has its triggers once. */
const listeners = new WeakMap<Database, Forget[]>();

function hear(database: Database, forget: Forget): void {
  const known = listeners.get(database);
  known?.push(forget);
  // Nobody writes on a connection for reading.
  if (known !== undefined || database.readonly) return;
  const all = [forget];
  listeners.set(database, all);
  database.function("forget_photo", (photo: unknown) => {
    for (const one of all) one(Number(photo));
    return null;
  });
  for (const [table, column] of Object.entries(TOLD_BY))
    for (const [event, row] of [
      ["insert", "new"],
      ["update", "new"],
      ["delete", "old"],
    ] as const)
      database.exec(
        `create temp trigger forget_${table}_${event} after ${event} on main.${table}
         begin select forget_photo(${column === null ? ANY : `${row}.${column}`}); end`,
      );
}

interface Kept<T> {
  readonly value: T;
  readonly weight: number;
}

/** Two generations: what was asked for since the last change of them is in the younger one, and outlives the next. */
function generationsOf<T>(most: number) {
  let young = new Map<PhotoId, Kept<T>>();
  let old = new Map<PhotoId, Kept<T>>();
  let weighs = 0;

  const drop = (photo: PhotoId): void => {
    weighs -= young.get(photo)?.weight ?? 0;
    young.delete(photo);
    old.delete(photo);
  };
  const put = (photo: PhotoId, kept: Kept<T>): void => {
    drop(photo);
    if (weighs + kept.weight > most / 2) {
      old = young;
      young = new Map();
      weighs = 0;
    }
    young.set(photo, kept);
    weighs += kept.weight;
  };
  return {
    get(photo: PhotoId): T | undefined {
      const kept = young.get(photo);
      if (kept !== undefined) return kept.value;
      const before = old.get(photo);
      if (before === undefined) return undefined;
      put(photo, before);
      return before.value;
    },
    put: (photo: PhotoId, value: T, weight: number) => put(photo, { value, weight }),
    drop,
    clear(): void {
      young = new Map();
      old = new Map();
      weighs = 0;
    },
  };
}
