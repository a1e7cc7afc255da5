import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { Writable } from "node:stream";
import Client from "ssh2-sftp-client";
import { Fault, messageOf } from "../domain/fault.ts";
import type { Millis } from "../domain/words.ts";
import type { Place } from "./place.ts";
import { codeIn, type Line, remotePlace, soundsGone } from "./remote.ts";

export interface SftpSettings {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  /** of the user, or of the key; undefined where neither needs one */
  readonly password: string | undefined;
  /** absolute path of a private key; null to log in with the password */
  readonly key: string | null;
  /** `SHA256:…` of the server's key, as ssh-keygen -l prints it; empty where it is not known yet, and then nothing is sent */
  readonly hostKey: string;
  /** where the site's images begin, from where a login begins or from `/` */
  readonly folder: string;
  /** files at once */
  readonly connections: number;
  /** longest time until the server has let us in */
  readonly silenceMs: Millis;
}

/** A site behind an SFTP server. */
export const sftp = (settings: SftpSettings): Place =>
  remotePlace({
    name: "sftp",
    host: settings.host,
    folder: settings.folder,
    connections: settings.connections,
    connect: (signal) => connect(settings, signal),
    isGone: (cause) => soundsGone(codeIn(cause), messageOf(cause)),
    faultOf: (cause) => faultOf(cause, settings.host),
  });

/** @throws Fault site.unreachable, site.login, site.certificate */
async function connect(settings: SftpSettings, signal: AbortSignal): Promise<Line> {
  const { host, port, user, password, key, hostKey, silenceMs } = settings;
  const client = new Client();
  let isOpen = true;
  let shown = "";
  client.on("close", () => {
    isOpen = false;
  });
  // It is said by what was asked; unheard it would end the process.
  client.on("error", () => undefined);
  const hangUp = (): void => {
    isOpen = false;
    void client.end().catch(() => undefined);
  };
  signal.addEventListener("abort", hangUp, { once: true });
  try {
    const said = password === undefined ? {} : key === null ? { password } : { passphrase: password };
    await client.connect({
      host,
      port,
      username: user,
      ...said,
      ...(key === null ? {} : { privateKey: await readFile(key) }),
      readyTimeout: silenceMs,
      hostVerifier: (presented: Buffer) => {
        shown = `SHA256:${createHash("sha256").update(presented).digest("base64").replace(/=+$/, "")}`;
        return shown === hostKey;
      },
    });
    return lineOf(client, () => isOpen, hangUp);
  } catch (cause) {
    hangUp();
    signal.throwIfAborted();
    if (shown !== "" && shown !== hostKey)
      throw new Fault("site.certificate", `${host} shows the key ${shown}, known is ${hostKey || "none"}`, { cause });
    throw faultOf(cause, host);
  } finally {
    signal.removeEventListener("abort", hangUp);
  }
}

const lineOf = (client: Client, isOpen: () => boolean, hangUp: () => void): Line => ({
  isOpen,
  async size(path) {
    if ((await client.exists(path)) !== "-") return undefined;
    return (await client.stat(path)).size;
  },
  async sha256(path) {
    const hash = createHash("sha256");
    await client.get(
      path,
      new Writable({
        write(chunk: Buffer, _, taken) {
          hash.update(chunk);
          taken();
        },
      }),
    );
    return hash.digest("hex");
  },
  async makeFolder(folder) {
    if ((await client.exists(folder)) === false) await client.mkdir(folder, true);
  },
  // What is put on a site is for everybody to read.
  send: async (file, path) => void (await client.fastPut(file, path, { mode: 0o644 })),
  rename: async (from, to) => void (await client.rename(from, to)),
  remove: async (path) => void (await client.delete(path)),
  hangUp,
});

function faultOf(cause: unknown, host: string): Fault {
  if (cause instanceof Fault) return cause;
  const said = messageOf(cause);
  const code = /authentication|passphrase|private key|ENOENT.*key/i.test(said)
    ? "site.login"
    : /permission denied|failure|EACCES|ENOENT/i.test(said)
      ? "site.unwritable"
      : "site.unreachable";
  return new Fault(code, `${host}: ${said}`, { cause });
}
