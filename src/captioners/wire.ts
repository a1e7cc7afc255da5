import { lookup } from "node:dns";
import { BlockList, isIP, type LookupFunction } from "node:net";
import { Agent, fetch } from "undici";
import { Fault, messageOf } from "../domain/fault.ts";
import type { Millis } from "../domain/words.ts";

/** The way to a model's server: deadlines of our own, a limit for bytes, an abort that closes the socket, no way out. */

export interface Limits {
  /** until the first byte of the answer, and between two */
  readonly silenceMs: Millis;
  readonly totalMs: Millis;
  readonly maxBytes: number;
}

export type Fetch = typeof globalThis.fetch;

export interface Wire {
  /**
   * One conversation with a server, over the `fetch` that is given.
   *
   * @throws TooLong; Fault captioner.unreachable, captioner.timeout, captioner.no-model, captioner.busy, captioner.failed,
   *   captioner.garbled, captioner.away; whatever `signal` was aborted with
   */
  call<T>(limits: Limits, signal: AbortSignal, work: (fetch: Fetch) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

/** The server sent more than it may: it is hung up on. */
export class TooLong extends Error {
  override readonly name = "TooLong";
}

/** @param allowAway whether a server may be elsewhere than on this machine and its own network */
export function openWire(options: { readonly connectMs: Millis; readonly allowAway: boolean }): Wire {
  const agent = new Agent({
    // A model may take ten minutes to load before it sends a header. The limits of a call are ours.
    headersTimeout: 0,
    bodyTimeout: 0,
    connect: { timeout: options.connectMs, ...(options.allowAway ? {} : { lookup: ownNetworkOnly }) },
  });
  return {
    async call(limits, signal, work) {
      const call = new AbortController();
      const hangUp = (reason: unknown): void => call.abort(reason);
      const watch = watchOver(limits, hangUp);
      try {
        return await work(async (input, init) => {
          const url = new URL(String(input));
          if (!options.allowAway) refuseAway(url);
          const response = await fetch(url, {
            method: init?.method ?? "GET",
            headers: Object.fromEntries(new Headers(init?.headers)),
            body: typeof init?.body === "string" ? init.body : null,
            // It could lead elsewhere.
            redirect: "error",
            dispatcher: agent,
            signal: AbortSignal.any([signal, call.signal]),
          });
          const body = response.body === null ? null : counted(response.body, watch.received);
          const headers = Object.fromEntries(response.headers);
          if (!response.ok) throw refused(url, response.status, await new Response(body).text());
          if (!/json|event-stream/.test(headers["content-type"] ?? ""))
            throw new Fault(
              "captioner.garbled",
              `${url.origin} answers ${headers["content-type"] ?? "nothing"}, not JSON`,
            );
          return new Response(body, { status: response.status, headers });
        });
      } catch (cause) {
        signal.throwIfAborted();
        call.signal.throwIfAborted();
        throw faultOf(cause);
      } finally {
        watch.end();
        // What is left of an answer nobody waits for is not read.
        call.abort();
      }
    },
    close: async () => agent.destroy(),
  };
}

function watchOver({ silenceMs, totalMs, maxBytes }: Limits, hangUp: (reason: unknown) => void) {
  const after = (ms: Millis, what: string) =>
    setTimeout(() => hangUp(new Fault("captioner.timeout", `${what} after ${ms / 1000} s`)), ms);
  const total = after(totalMs, "no end");
  const silence = after(silenceMs, "silence");
  let bytes = 0;
  return {
    received(more: number): void {
      silence.refresh();
      bytes += more;
      if (bytes > maxBytes) hangUp(new TooLong(`more than ${maxBytes} bytes`));
    },
    end(): void {
      clearTimeout(total);
      clearTimeout(silence);
    },
  };
}

function counted(body: AsyncIterable<Uint8Array>, received: (bytes: number) => void): ReadableStream<Uint8Array> {
  const pieces = body[Symbol.asyncIterator]();
  return new ReadableStream({
    async pull(controller) {
      const { done, value } = await pieces.next();
      if (done === true) return controller.close();
      received(value.length);
      controller.enqueue(value);
    },
    cancel: async () => {
      await pieces.return?.();
    },
  });
}

/** Longest piece of a server's own words that goes into a message. */
const MOST_SAID = 300;

function refused({ origin }: URL, status: number, text: string): Fault {
  const said = `${origin} answers ${status}: ${(errorIn(text) ?? text).slice(0, MOST_SAID)}`;
  if (status === 404) return new Fault("captioner.no-model", said);
  return new Fault(status === 429 || status === 503 ? "captioner.busy" : "captioner.failed", said);
}

/** `{ "error": "…" }` or `{ "error": { "message": "…" } }` */
function errorIn(text: string): string | undefined {
  try {
    const { error } = JSON.parse(text);
    return typeof error === "string" ? error : error?.message;
  } catch {
    return undefined;
  }
}

/** undici says `fetch failed`, and why in the causes below. */
function faultOf(thrown: unknown): unknown {
  if (thrown instanceof Fault || thrown instanceof TooLong) return thrown;
  for (let cause = thrown; cause instanceof Error; cause = cause.cause) {
    if (cause instanceof Fault) return cause;
    if ("code" in cause && UNREACHABLE.has(String(cause.code)))
      return new Fault("captioner.unreachable", messageOf(cause) || String(cause.code), { cause: thrown });
    if (cause instanceof SyntaxError) return new Fault("captioner.garbled", messageOf(cause), { cause: thrown });
  }
  return new Fault("captioner.failed", messageOf(thrown), { cause: thrown });
}

const UNREACHABLE = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "ETIMEDOUT",
  "UND_ERR_CONNECT_TIMEOUT",
]);

const OWN = new BlockList();
for (const [address, bits] of [
  ["127.0.0.0", 8],
  ["10.0.0.0", 8],
  ["172.16.0.0", 12],
  ["192.168.0.0", 16],
  ["169.254.0.0", 16],
  // Of networks people build over the internet, such as Tailscale.
  ["100.64.0.0", 10],
] as const)
  OWN.addSubnet(address, bits, "ipv4");
OWN.addAddress("::1", "ipv6");
OWN.addSubnet("fc00::", 7, "ipv6");
OWN.addSubnet("fe80::", 10, "ipv6");

const isOwn = (address: string): boolean => OWN.check(address, isIP(address) === 6 ? "ipv6" : "ipv4");

const awayFault = (what: string): Fault => new Fault("captioner.away", `${what} is a public address`);

function refuseAway({ hostname }: URL): void {
  const address = hostname.replace(/^\[|\]$/g, "");
  if (isIP(address) !== 0 && !isOwn(address)) throw awayFault(address);
}

/** Looked at where the name is resolved, so that it cannot lead elsewhere the next moment. */
const ownNetworkOnly: LookupFunction = (name, options, found) => {
  lookup(name, { ...options, all: true }, (error, addresses) => {
    const away = error === null ? addresses.find(({ address }) => !isOwn(address)) : undefined;
    if (error !== null) found(error, "");
    else if (away !== undefined) found(awayFault(`${name} (${away.address})`), "");
    else if (options.all === true) found(null, addresses);
    else found(null, addresses[0]?.address ?? "", addresses[0]?.family);
  });
};
