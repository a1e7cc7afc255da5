import { randomBytes, timingSafeEqual } from "node:crypto";
import type { Clock } from "../domain/ports.ts";
import { MINUTE, type Millis } from "../domain/words.ts";
import type { Sessions } from "../store/sessions.ts";

export interface Session {
  /** to be sent with every change, in a header or in a form */
  readonly csrf: string;
}

/** Who may use the page: one-time links open sessions, the CLI has a bearer token of its own. */
export interface Access {
  /** @returns the token of a link that works once, for a minute */
  issueLink(): string;
  /** @returns the cookie value of a new session; undefined for a used, old or unknown token */
  redeem(token: string): string | undefined;
  session(cookie: string | undefined): Session | undefined;
  isCli(authorization: string | null): boolean;
  readonly cookieName: string;
}

const LINK_MS = MINUTE;
// The link that start prints waits for a person who reads.
const FIRST_LINK_MS = 24 * 60 * MINUTE;
/** Guesses at one-time tokens: 256 bits need no limit, a log full of them does. */
const REDEEMS_PER_MINUTE = 10;

/**
 * @param uuid of the installation; cookies are shared between the ports of a host, so the name carries it
 * @param cliToken bearer token, from the runtime file only its owner can read
 */
export function accessOn(sessions: Sessions, clock: Clock, uuid: string, cliToken: string): Access {
  const links = new Map<string, Millis>();
  let redeems: Millis[] = [];

  return {
    cookieName: `pg_${uuid.slice(0, 8)}`,
    issueLink() {
      const token = randomBytes(32).toString("base64url");
      links.set(token, clock.elapsed() + (links.size === 0 ? FIRST_LINK_MS : LINK_MS));
      return token;
    },
    redeem(token) {
      const now = clock.elapsed();
      redeems = redeems.filter((at) => now - at < MINUTE);
      if (redeems.length >= REDEEMS_PER_MINUTE) return undefined;
      redeems.push(now);
      const until = links.get(token);
      links.delete(token);
      if (until === undefined || until < now) return undefined;
      const cookie = randomBytes(32).toString("base64url");
      sessions.add(cookie, randomBytes(24).toString("base64url"), clock.now());
      return cookie;
    },
    session(cookie) {
      const csrf = cookie === undefined ? undefined : sessions.check(cookie, clock.now());
      return csrf === undefined ? undefined : { csrf };
    },
    isCli: (authorization) => authorization !== null && equal(authorization, `Bearer ${cliToken}`),
  };
}

function equal(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}
