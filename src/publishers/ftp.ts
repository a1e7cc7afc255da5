import { createHash } from "node:crypto";
import { posix } from "node:path";
import { Writable } from "node:stream";
import { type PeerCertificate, rootCertificates, TLSSocket } from "node:tls";
import { Client, FTPError } from "basic-ftp";
import type { RenderedFile } from "../domain/facts.ts";
import { Fault, type FaultCode, messageOf } from "../domain/fault.ts";
import type { Millis } from "../domain/words.ts";
import type { Lying, Place } from "./place.ts";

export interface FtpSettings {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  /** `explicit`: TLS is asked for after connecting; `implicit`: it is there from the first byte; `none`: the password is readable on the way */
  readonly security: "explicit" | "implicit" | "none";
  /** sha256 of the server's certificate, for one that nobody vouches for; null for one that is vouched for */
  readonly fingerprint: string | null;
  /** where the site's images begin, from where a login begins or from `/` */
  readonly folder: string;
  /** files at once */
  readonly connections: number;
  /** longest silence of the server */
  readonly silenceMs: Millis;
}

/** A connection that is logged in, and where it stands. */
interface Line {
  readonly client: Client;
  readonly home: string;
}

/** What a server says is not what happened: a file is looked at again after each try. */
const TRIES = 3;
/** So small that reading a file back costs nothing; of larger ones the server's word is taken for most. */
const READ_BACK_BYTES = 256_000;
const READ_BACK_EVERY = 20;

/** A site behind an FTP server. Files come under a name of their own, are looked at, and then get theirs. */
export function ftp(settings: FtpSettings): Place {
  const idle: Line[] = [];
  const turn = turns(settings.connections);
  const folders = new Set<string>();
  let sent = 0;

  const using = <T>(signal: AbortSignal, work: (line: Line) => Promise<T>): Promise<T> =>
    turn(async () => {
      signal.throwIfAborted();
      const waiting = idle.pop();
      if (waiting !== undefined && !waiting.client.closed) {
        const answer = await tried(waiting, signal, work);
        if (answer !== HUNG_UP) return answer;
      }
      const answer = await tried(await connect(settings, signal), signal, work);
      if (answer === HUNG_UP) throw new Fault("site.unreachable", `${settings.host} hung up`);
      return answer;
    });

  /** @returns HUNG_UP where the server was not there any more: whatever was asked is asked on a new connection */
  async function tried<T>(
    line: Line,
    signal: AbortSignal,
    work: (line: Line) => Promise<T>,
  ): Promise<T | typeof HUNG_UP> {
    const hangUp = (): void => line.client.close();
    signal.addEventListener("abort", hangUp, { once: true });
    try {
      const answer = await work(line);
      idle.push(line);
      return answer;
    } catch (cause) {
      hangUp();
      signal.throwIfAborted();
      if (isGone(cause)) return HUNG_UP;
      throw faultOf(cause, settings.host);
    } finally {
      signal.removeEventListener("abort", hangUp);
    }
  }

  async function send({ client, home }: Line, file: RenderedFile, path: string): Promise<void> {
    const folder = posix.dirname(path);
    if (!folders.has(folder)) {
      await client.ensureDir(folder);
      await client.cd(home);
      folders.add(folder);
    }
    const temporary = posix.join(folder, `.${posix.basename(path)}.${file.sha256.slice(0, 8)}.part`);
    await client.uploadFrom(file.path, temporary);
    sent += 1;
    const isRead = file.bytes <= READ_BACK_BYTES || sent % READ_BACK_EVERY === 0;
    const there = await look(client, temporary, isRead ? file.bytes : -1);
    if (there?.bytes !== file.bytes || (isRead && there.sha256 !== file.sha256)) {
      await client.remove(temporary, true);
      throw new Fault("site.lost", `${settings.host} has ${there?.bytes ?? 0} of ${file.bytes} bytes of ${path}`);
    }
    await client.rename(temporary, path);
    const named = await look(client, path, -1);
    if (named?.bytes !== file.bytes)
      throw new Fault("site.lost", `${settings.host} took ${path} and does not have it under that name`);
  }

  return {
    name: "ftp",
    pathOf: (relative) => posix.join(settings.folder, relative),
    look: (path, bytes, signal) => using(signal, ({ client }) => look(client, path, bytes)),
    async put(file, path, signal) {
      for (let left = TRIES; ; left -= 1) {
        try {
          return await using(signal, async (line) => {
            const there = await look(line.client, path, file.bytes);
            if (there?.sha256 === file.sha256) return;
            if (there !== undefined)
              throw new Fault("site.collision", `${path} is there already, ${there.bytes} bytes, and is another file`);
            await send(line, file, path);
          });
        } catch (cause) {
          signal.throwIfAborted();
          const isPassing = cause instanceof Fault && PASSING.has(cause.code);
          if (!isPassing || left <= 1) throw cause;
          folders.clear();
        }
      }
    },
    remove: (path, signal) =>
      using(signal, async ({ client }) => {
        if ((await look(client, path, -1)) !== undefined) await client.remove(path);
      }),
    async close() {
      for (const { client } of idle.splice(0)) client.close();
    },
  };
}

const HUNG_UP = Symbol("the server hung up");
/** Worth another look at once; everything else waits for its time, or for a person. */
const PASSING: ReadonlySet<FaultCode> = new Set<FaultCode>(["site.unreachable", "site.lost"]);

/** @param bytes a file of this size is read for its hash */
async function look(client: Client, path: string, bytes: number): Promise<Lying | undefined> {
  const size = await sizeOf(client, path);
  if (size === undefined) return undefined;
  return { bytes: size, sha256: size === bytes ? await hashOf(client, path) : "" };
}

const NO_SUCH_FILE = 550;
const NOT_UNDERSTOOD: readonly number[] = [500, 502, 504];

/** @returns undefined where there is none */
async function sizeOf(client: Client, path: string): Promise<number | undefined> {
  try {
    return await client.size(path);
  } catch (cause) {
    if (!(cause instanceof FTPError)) throw cause;
    if (cause.code === NO_SUCH_FILE) return undefined;
    if (!NOT_UNDERSTOOD.includes(cause.code)) throw cause;
    return sizeInListing(client, path);
  }
}

async function sizeInListing(client: Client, path: string): Promise<number | undefined> {
  const listing = await client.list(posix.dirname(path)).catch((cause: unknown) => {
    if (cause instanceof FTPError && cause.code === NO_SUCH_FILE) return [];
    throw cause;
  });
  return listing.find(({ name }) => name === posix.basename(path))?.size;
}

async function hashOf(client: Client, path: string): Promise<string> {
  const hash = createHash("sha256");
  const into = new Writable({
    write(chunk: Buffer, _, taken) {
      hash.update(chunk);
      taken();
    },
  });
  await client.downloadTo(into, path);
  return hash.digest("hex");
}

/** @throws Fault site.unreachable, site.login, site.certificate */
async function connect(settings: FtpSettings, signal: AbortSignal): Promise<Line> {
  const { host, port, user, password, security, silenceMs } = settings;
  const client = new Client(silenceMs);
  const hangUp = (): void => client.close();
  signal.addEventListener("abort", hangUp, { once: true });
  try {
    const tls = tlsFor(settings);
    if (security === "implicit") await client.connectImplicitTLS(host, port, tls);
    else await client.connect(host, port);
    if (security === "explicit") await client.useTLS(tls);
    if (security !== "none") assertPinned(client, settings);
    await client.login(user, password);
    await client.useDefaultSettings();
    return { client, home: await client.pwd() };
  } catch (cause) {
    client.close();
    signal.throwIfAborted();
    throw isGone(cause)
      ? new Fault("site.unreachable", `${host}:${port}: ${messageOf(cause)}`, { cause })
      : faultOf(cause, host);
  } finally {
    signal.removeEventListener("abort", hangUp);
  }
}

/** One that is pinned is compared by hand: nobody vouches for it, and its name does not matter. */
const tlsFor = ({ host, fingerprint }: FtpSettings) => ({
  servername: host,
  ca: [...rootCertificates],
  rejectUnauthorized: fingerprint === null,
  ...(fingerprint === null ? {} : { checkServerIdentity: () => undefined }),
});

function assertPinned({ ftp: { socket } }: Client, { host, fingerprint }: FtpSettings): void {
  if (!(socket instanceof TLSSocket)) throw new Fault("site.certificate", `${host} does not speak TLS`);
  if (fingerprint === null) return;
  const found = fingerprintOf(socket.getPeerCertificate());
  if (found !== bare(fingerprint))
    throw new Fault(
      "site.certificate",
      `${host} shows a certificate of sha256 ${found}, pinned is ${bare(fingerprint)}`,
    );
}

const bare = (fingerprint: string): string => fingerprint.replaceAll(":", "").toLowerCase();
const fingerprintOf = ({ fingerprint256 }: PeerCertificate): string => bare(fingerprint256);

/** So many at a time; the others wait for their turn. */
function turns(most: number): <T>(work: () => Promise<T>) => Promise<T> {
  let free = most;
  const waiting: (() => void)[] = [];
  return async (work) => {
    if (free > 0) free -= 1;
    else await new Promise<void>((go) => waiting.push(go));
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next === undefined) free += 1;
      else next();
    }
  };
}

const GONE =
  /ECONNRESET|ECONNREFUSED|ECONNABORTED|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EAI_AGAIN|Timeout|closed|FIN/i;
const SERVICE_CLOSES = 421;

/** The connection ended, whatever had been asked: nothing is known but what a look will show. */
const isGone = (cause: unknown): boolean =>
  !(cause instanceof Fault) &&
  (cause instanceof FTPError ? cause.code === SERVICE_CLOSES : GONE.test(`${codeIn(cause)} ${messageOf(cause)}`));

const codeIn = (cause: unknown): string => (cause instanceof Error && "code" in cause ? String(cause.code) : "");

const CODES: Readonly<Record<number, FaultCode>> = {
  425: "site.passive",
  426: "site.unreachable",
  430: "site.login",
  452: "site.full",
  522: "site.certificate",
  530: "site.login",
  534: "site.certificate",
  552: "site.full",
};

function faultOf(cause: unknown, host: string): unknown {
  if (cause instanceof Fault) return cause;
  const said = `${host}: ${messageOf(cause)}`;
  if (cause instanceof FTPError) {
    // Of the others those from 500 on are refusals; below, something that may be otherwise the next time.
    const code = CODES[cause.code] ?? (cause.code >= 500 ? "site.unwritable" : "site.lost");
    return new Fault(code, said, { cause });
  }
  if (/CERT|SELF_SIGNED|SSL|TLS|altnames/i.test(`${codeIn(cause)} ${messageOf(cause)}`))
    return new Fault("site.certificate", said, { cause });
  return new Fault("site.unreachable", said, { cause });
}
