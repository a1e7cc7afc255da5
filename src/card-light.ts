/** The card safety light: may the card in an inbox be formatted? Asked when somebody looks, not all the time. */
import { statSync } from "node:fs";
import type { Config } from "./config.ts";
import type { CardFile } from "./domain/safety.ts";
import { type Millis, SECOND } from "./domain/words.ts";
import type { CardLight } from "./review-server/deps.ts";
import type { Store } from "./store/store.ts";
import { isPruned } from "./watchers/drop.ts";
import type { Looked } from "./watchers/inbox.ts";
import type { Entry } from "./watchers/listing.ts";

/** A page that is drawn anew again and again need not have every file counted each time. */
const KEPT_MS = 3 * SECOND;
const MOST_NAMED = 5;

/** @returns what the light of an inbox says; null where the inbox lies on our own disk, and is no card */
export function cardLights(config: Config, store: Store, elapsed: () => Millis) {
  const kept = new Map<string, { readonly at: Millis; readonly light: CardLight | null }>();

  const light = (root: string, { entries, device }: Looked): CardLight | null => {
    const dataDevice = deviceOf(config.data);
    if (device === dataDevice) return null;
    const archiveDevice = config.archive === null ? undefined : deviceOf(config.archive);
    const files = [...entries.values()].map(asOnCard);
    const {
      safe,
      copied,
      missing,
      files: count,
    } = store.safety.answer({ root, files, device, dataDevice, archiveDevice });
    return { safe, files: count, copied, missing: missing.slice(0, MOST_NAMED) };
  };
  return (root: string, looked: Looked): CardLight | null => {
    const before = kept.get(root);
    if (before !== undefined && elapsed() - before.at < KEPT_MS) return before.light;
    const now = light(root, looked);
    kept.set(root, { at: elapsed(), light: now });
    return now;
  };
}

const asOnCard = ({ path, bytes, mtimeMs, kind, name }: Entry): CardFile => ({
  path,
  bytes,
  mtimeMs,
  kind: isPruned(name) ? "system" : kind === "too-deep" ? "other" : kind,
});

const deviceOf = (folder: string): string => String(statSync(folder, { throwIfNoEntry: false })?.dev ?? "");
