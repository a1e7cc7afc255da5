import type { Millis, SetId } from "../domain/words.ts";
import type { Database } from "./database.ts";

/** What is kept of the inboxes themselves from run to run. */
export interface Inboxes {
  /** how an inbox was last seen online; undefined if never */
  volume(inbox: string): { readonly marker: string | null; readonly device: string } | undefined;
  sawVolume(inbox: string, volume: { readonly marker: string | null; readonly device: string }, at: Millis): void;
  /** Is the volume that was seen last in the inbox of a set the one the set came from? */
  hasVolumeOf(set: SetId): boolean;
  /** Holds a first-level folder back ("" = loose files): it does not become a set until it is let go. */
  hold(inbox: string, folder: string, at: Millis): void;
  /** @returns false if it was not held */
  release(inbox: string, folder: string): boolean;
  held(inbox: string): ReadonlySet<string>;
}

export function inboxesOn(database: Database): Inboxes {
  const get = database.prepare<[string], { marker: string | null; device: string }>(
    "select marker, device from volumes where inbox = ?",
  );
  const put = database.prepare<[string, string | null, string, number]>(
    `insert into volumes (inbox, marker, device, seen_at) values (?, ?, ?, ?)
     on conflict do update set marker = excluded.marker, device = excluded.device, seen_at = excluded.seen_at`,
  );
  const sameVolume = database
    .prepare<[string], number>(
      "select s.volume is (select marker from volumes where inbox = s.inbox) from sets s where s.id = ?",
    )
    .pluck();
  const hold = database.prepare<[string, string, number]>(
    "insert into arrivals (inbox, folder, held_at) values (?, ?, ?) on conflict do nothing",
  );
  const release = database.prepare<[string, string]>("delete from arrivals where inbox = ? and folder = ?");
  const held = database.prepare<[string], string>("select folder from arrivals where inbox = ?").pluck();

  return {
    volume: (inbox) => get.get(inbox),
    sawVolume(inbox, { marker, device }, at) {
      const known = get.get(inbox);
      if (known?.marker !== marker || known.device !== device) put.run(inbox, marker, device, at);
    },
    hasVolumeOf: (set) => sameVolume.get(set) === 1,
    hold(inbox, folder, at) {
      hold.run(inbox, folder, at);
    },
    release: (inbox, folder) => release.run(inbox, folder).changes > 0,
    held: (inbox) => new Set(held.all(inbox)),
  };
}
