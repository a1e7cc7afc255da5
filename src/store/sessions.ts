import { createHash } from "node:crypto";
import type { Millis } from "../domain/words.ts";
import type { Database } from "./database.ts";

/** Who may use the page. The token itself is never stored, only its hash. */
export interface Sessions {
  add(token: string, csrf: string, at: Millis): void;
  /** @returns the session's CSRF value if it was used within the idle time; touches it */
  check(token: string, at: Millis): string | undefined;
  dropAll(): void;
}

export function sessionsOn(database: Database, idleMs: Millis): Sessions {
  const put = database.prepare<[string, string, number]>("insert into sessions (key, csrf, seen_at) values (?, ?, ?)");
  const get = database.prepare<[string], { csrf: string; seen_at: number }>(
    "select csrf, seen_at from sessions where key = ?",
  );
  const touch = database.prepare<[number, string]>("update sessions set seen_at = ? where key = ?");
  const sweep = database.prepare<[number]>("delete from sessions where seen_at < ?");
  const clear = database.prepare("delete from sessions");
  // A flush to disk per request would be dear: the idle time is known to the minute.
  const TOUCH_EVERY_MS = 60_000;

  return {
    add(token, csrf, at) {
      sweep.run(at - idleMs);
      put.run(keyOf(token), csrf, at);
    },
    check(token, at) {
      const session = get.get(keyOf(token));
      if (session === undefined || at - session.seen_at > idleMs) return undefined;
      if (at - session.seen_at > TOUCH_EVERY_MS) touch.run(at, keyOf(token));
      return session.csrf;
    },
    dropAll: () => {
      clear.run();
    },
  };
}

const keyOf = (token: string): string => createHash("sha256").update(token).digest("hex");
