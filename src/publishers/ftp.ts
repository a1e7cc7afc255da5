import { createHash } from "node:crypto";
import { posix } from "node:path";
import { Writable } from "node:stream";
import { type PeerCertificate, rootCertificates, TLSSocket } from "node:tls";
import { Client, FTPError } from "basic-ftp";
import { Fault, type FaultCode, messageOf } from "../domain/fault.ts";
import type { Millis } from "../domain/words.ts";
import type { Place } from "./place.ts";
import { codeIn, type Line, remotePlace, soundsGone } from "./remote.ts";

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

/** A site behind an FTP server. */
export const ftp = (settings: FtpSettings): Place =>
  remotePlace({
    name: "ftp",
    host: settings.host,
    folder: settings.folder,
    connections: settings.connections,
    connect: (signal) => connect(settings, signal),
    isGone,
    faultOf: (cause) => faultOf(cause, settings.host),
  });

const lineOf = (client: Client, home: string): Line => ({
  isOpen: () => !client.closed,
  size: (path) => sizeOf(client, path),
  sha256: (path) => hashOf(client, path),
  async makeFolder(folder) {
    await client.ensureDir(folder);
    await client.cd(home);
  },
  send: async (file, path) => void (await client.uploadFrom(file, path)),
  rename: async (from, to) => void (await client.rename(from, to)),
  remove: async (path) => void (await client.remove(path)),
  hangUp: () => client.close(),
});

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
    return lineOf(client, await client.pwd());
  } catch (cause) {
    client.close();
    signal.throwIfAborted();
    throw !(cause instanceof Fault) && isGone(cause)
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

const SERVICE_CLOSES = 421;

const isGone = (cause: unknown): boolean =>
  cause instanceof FTPError ? cause.code === SERVICE_CLOSES : soundsGone(codeIn(cause), messageOf(cause));

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
