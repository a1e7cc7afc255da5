import { posix } from "node:path";
import type { RenderedFile } from "../domain/facts.ts";
import { Fault, type FaultCode } from "../domain/fault.ts";
import type { Lying, Place } from "./place.ts";

/** Files behind a server: they come under a name of their own, are looked at, and then get theirs. What is looked at is believed. */

/** A connection that is logged in; one thing at a time. Any error may be thrown, and ends it. */
export interface Line {
  isOpen(): boolean;
  /** @returns undefined where there is no such file */
  size(path: string): Promise<number | undefined>;
  sha256(path: string): Promise<string>;
  /** with those above it; it may be there */
  makeFolder(folder: string): Promise<void>;
  send(file: string, path: string): Promise<void>;
  rename(from: string, to: string): Promise<void>;
  remove(path: string): Promise<void>;
  hangUp(): void;
}

export interface Server {
  /** what the target is called */
  readonly name: string;
  readonly host: string;
  /** where the site's images begin */
  readonly folder: string;
  /** files at once */
  readonly connections: number;
  /** @throws Fault site.unreachable, site.login, site.certificate */
  connect(signal: AbortSignal): Promise<Line>;
  /** did the connection end, so that nothing is known of what was asked? */
  isGone(cause: unknown): boolean;
  /** what an error of a connection that goes on means */
  faultOf(cause: unknown): unknown;
}

/** What a server says is not what happened: a file is looked at again after each try. */
const TRIES = 3;
/** So small that reading a file back costs nothing; of larger ones the server's word is taken for most. */
const READ_BACK_BYTES = 256_000;
const READ_BACK_EVERY = 20;
/** A size no file has: its hash is not asked for. */
const ANY_SIZE = -1;
const HUNG_UP = Symbol("the server hung up");
/** Worth another look at once; everything else waits for its time, or for a person. */
const PASSING: ReadonlySet<FaultCode> = new Set<FaultCode>(["site.unreachable", "site.lost"]);

export function remotePlace(server: Server): Place {
  const idle: Line[] = [];
  const turn = turns(server.connections);
  const folders = new Set<string>();
  let sent = 0;

  const using = <T>(signal: AbortSignal, work: (line: Line) => Promise<T>): Promise<T> =>
    turn(async () => {
      signal.throwIfAborted();
      const waiting = idle.pop();
      if (waiting?.isOpen() === true) {
        const answer = await tried(waiting, signal, work);
        if (answer !== HUNG_UP) return answer;
      }
      const answer = await tried(await server.connect(signal), signal, work);
      if (answer === HUNG_UP) throw new Fault("site.unreachable", `${server.host} hung up`);
      return answer;
    });

  /** @returns HUNG_UP where the server was not there any more: whatever was asked is asked on a new connection */
  async function tried<T>(
    line: Line,
    signal: AbortSignal,
    work: (line: Line) => Promise<T>,
  ): Promise<T | typeof HUNG_UP> {
    const hangUp = (): void => line.hangUp();
    signal.addEventListener("abort", hangUp, { once: true });
    try {
      const answer = await work(line);
      idle.push(line);
      return answer;
    } catch (cause) {
      hangUp();
      signal.throwIfAborted();
      if (!(cause instanceof Fault) && server.isGone(cause)) return HUNG_UP;
      throw cause instanceof Fault ? cause : server.faultOf(cause);
    } finally {
      signal.removeEventListener("abort", hangUp);
    }
  }

  async function send(line: Line, file: RenderedFile, path: string): Promise<void> {
    const folder = posix.dirname(path);
    if (!folders.has(folder)) {
      await line.makeFolder(folder);
      folders.add(folder);
    }
    const temporary = posix.join(folder, `.${posix.basename(path)}.${file.sha256.slice(0, 8)}.part`);
    // One that was cut off may be in the way.
    if ((await line.size(temporary)) !== undefined) await line.remove(temporary);
    await line.send(file.path, temporary);
    sent += 1;
    const isRead = file.bytes <= READ_BACK_BYTES || sent % READ_BACK_EVERY === 0;
    const there = await look(line, temporary, isRead ? file.bytes : ANY_SIZE);
    if (there?.bytes !== file.bytes || (isRead && there.sha256 !== file.sha256)) {
      if (there !== undefined) await line.remove(temporary);
      throw new Fault("site.lost", `${server.host} has ${there?.bytes ?? 0} of ${file.bytes} bytes of ${path}`);
    }
    await line.rename(temporary, path);
    if ((await line.size(path)) !== file.bytes)
      throw new Fault("site.lost", `${server.host} took ${path} and does not have it under that name`);
  }

  return {
    name: server.name,
    pathOf: (relative) => posix.join(server.folder, relative),
    look: (path, bytes, signal) => using(signal, (line) => look(line, path, bytes)),
    async put(file, path, signal) {
      for (let left = TRIES; ; left -= 1) {
        try {
          return await using(signal, async (line) => {
            const there = await look(line, path, file.bytes);
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
      using(signal, async (line) => {
        if ((await line.size(path)) !== undefined) await line.remove(path);
      }),
    async close() {
      for (const line of idle.splice(0)) line.hangUp();
    },
  };
}

/** @param bytes a file of this size is read for its hash */
async function look(line: Line, path: string, bytes: number): Promise<Lying | undefined> {
  const size = await line.size(path);
  if (size === undefined) return undefined;
  return { bytes: size, sha256: size === bytes ? await line.sha256(path) : "" };
}

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
  /ECONNRESET|ECONNREFUSED|ECONNABORTED|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EAI_AGAIN|ERR_NOT_CONNECTED|Time-?out|timed out|closed|FIN|No SFTP connection/i;

/** Said by the system or a client where a connection ended. */
export const soundsGone = (code: string, message: string): boolean => GONE.test(`${code} ${message}`);

export const codeIn = (cause: unknown): string => (cause instanceof Error && "code" in cause ? String(cause.code) : "");
