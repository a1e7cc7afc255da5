import { meta } from "./dom.ts";

/**
 * What a browser keeps until the server has it. In local storage, not in that of the tab: a closed tab must lose nothing
 * either, and the few kilobytes of a queue need no database.
 */
const prefix = (what = ""): string => `photogate${what}:${meta("installation")}:`;

/** @param what kind of things they are; changes, if nothing is said */
export function keep(set: string, client: string, entries: readonly unknown[], what = ""): void {
  const key = `${prefix(what)}${set}:${client}`;
  try {
    if (entries.length === 0) localStorage.removeItem(key);
    else localStorage.setItem(key, JSON.stringify(entries));
  } catch {
    // A browser that keeps nothing still sends what it has.
  }
}

/** Everything kept for a set, by whichever tab; what a closed tab left behind is taken over. */
export function takeKept<T>(set: string, what = ""): T[] {
  const keys = keptKeys(what).filter(([, owner]) => owner === set);
  const entries = keys.flatMap(([key]): T[] => JSON.parse(localStorage.getItem(key) ?? "[]"));
  for (const [key] of keys) localStorage.removeItem(key);
  return entries;
}

/** How many changes are kept, by set. */
export function keptCounts(): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const [key, set] of keptKeys())
    counts.set(set, (counts.get(set) ?? 0) + JSON.parse(localStorage.getItem(key) ?? "[]").length);
  return counts;
}

function keptKeys(what = ""): (readonly [key: string, set: string])[] {
  try {
    return Object.keys(localStorage)
      .filter((key) => key.startsWith(prefix(what)))
      .map((key) => [key, key.slice(prefix(what).length).split(":")[0] ?? ""]);
  } catch {
    return [];
  }
}

/** This tab, over reloads: undo is of what it did. */
export function clientOfTab(): string {
  const kept = sessionStorage.getItem("photogate:client");
  const client = kept ?? crypto.randomUUID();
  sessionStorage.setItem("photogate:client", client);
  return client;
}

let last = 0;

/**
 * Grows, over reloads too. Made of the time and a random end, because a duplicated tab takes its client's name along:
 * two ops with one number would be taken for the same.
 */
export function nextSequence(): number {
  last = Math.max(last + 1, Date.now() * 1000 + Math.floor(Math.random() * 1000));
  return last;
}
