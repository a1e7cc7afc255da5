/** Config to the site that is published to: where its files lie, which table shows them. */
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import type { Config } from "./config.ts";
import { Fault, messageOf } from "./domain/fault.ts";
import type { CatalogueRow, Publisher } from "./domain/ports.ts";
import { SECOND } from "./domain/words.ts";
import { durableWrite, hashFile, removeFolder } from "./files.ts";
import { folder } from "./publishers/folder.ts";
import { ftp } from "./publishers/ftp.ts";
import { mirrored } from "./publishers/mirrored.ts";
import { type MySqlTable, mysql } from "./publishers/mysql.ts";
import type { Place } from "./publishers/place.ts";
import { sftp } from "./publishers/sftp.ts";
import { site } from "./publishers/site.ts";
import { type SecretName, secretsIn } from "./secrets.ts";
import type { Mirror } from "./store/mirror.ts";

export interface Site {
  readonly publisher: Publisher;
  close(): Promise<void>;
}

/** Nothing is connected to before the first photo is published. */
export function openSite(config: Config, mirror: Mirror): Site {
  const { urlBase } = config.settings.publish;
  const place = lazyPlace(config);
  const remote = config.settings.publish.rows === "mysql" ? lazyTable(config) : undefined;
  const table = remote === undefined ? mirror : mirrored(remote, mirror);
  return {
    publisher: site({ urlBase }, place, table),
    async close() {
      await place.close();
      await remote?.close();
    },
  };
}

function lazyPlace(config: Config): Place {
  const { files } = config.settings.publish;
  if (files === "folder") return folder(config.site);
  const base = config.settings.publish[files].folder.replace(/\/$/, "");
  const opened = openedLate(() => (files === "ftp" ? overFtp(config) : overSftp(config)));
  return {
    name: files,
    pathOf: (relative) => `${base}/${relative}`,
    look: (...asked) => opened.use((place) => place.look(...asked)),
    put: (...asked) => opened.use((place) => place.put(...asked)),
    remove: (...asked) => opened.use((place) => place.remove(...asked)),
    close: opened.close,
  };
}

/** Opened with the first use, and anew after a password was refused: another one may be set while the daemon runs. */
function openedLate<T extends { close(): Promise<void> }>(open: () => T) {
  let opened: T | undefined;
  const close = async (): Promise<void> => {
    const before = opened;
    opened = undefined;
    await before?.close();
  };
  return {
    close,
    async use<Answer>(work: (on: T) => Answer | Promise<Answer>): Promise<Answer> {
      opened ??= open();
      try {
        return await work(opened);
      } catch (cause) {
        if (cause instanceof Fault && (cause.code === "site.login" || cause.code === "rows.login")) await close();
        throw cause;
      }
    },
  };
}

function overFtp(config: Config): Place {
  const { silenceSeconds, plainHost, ...settings } = config.settings.publish.ftp;
  // Typed twice is meant.
  if (settings.security === "none" && plainHost !== settings.host)
    throw new Fault("site.plain", `${settings.host} would be spoken to in plain`);
  return ftp({ ...settings, silenceMs: silenceSeconds * SECOND, password: passwordFor(config, "ftp") });
}

function overSftp(config: Config): Place {
  const { silenceSeconds, key: _, ...settings } = config.settings.publish.sftp;
  const { sshKey: key } = config;
  // A key may have no password.
  const password = key === null ? passwordFor(config, "sftp") : secretsIn(config.data).get("sftp");
  return sftp({ ...settings, key, password, silenceMs: silenceSeconds * SECOND });
}

function lazyTable(config: Config): MySqlTable {
  const opened = openedLate(() => {
    const { timeoutSeconds, ...settings } = config.settings.publish.mysql;
    return mysql({ ...settings, timeoutMs: timeoutSeconds * SECOND, password: passwordFor(config, "mysql") });
  });
  return {
    upsert: (...asked) => opened.use((table) => table.upsert(...asked)),
    remove: (...asked) => opened.use((table) => table.remove(...asked)),
    preflight: () => opened.use((table) => table.preflight()),
    close: opened.close,
  };
}

function passwordFor(config: Config, name: SecretName): string {
  const password = secretsIn(config.data).get(name);
  if (password === undefined) throw new Fault("secret.missing", `there is no password for ${name}`);
  return password;
}

export interface Check {
  readonly what: string;
  /** undefined where it went well */
  readonly fault: string | undefined;
}

/** Does to the site what a publication does, with a file and a row of no meaning, and takes both away again. */
export async function testSite(config: Config, signal: AbortSignal): Promise<Check[]> {
  const place = lazyPlace(config);
  const table = config.settings.publish.rows === "mysql" ? lazyTable(config) : undefined;
  const checks: Check[] = [];
  const check: Checker = async (what, work) => {
    const fault = await work().then(
      (said) => said,
      (cause: unknown) => `${messageOf(cause)}${cause instanceof Fault ? ` ${cause.remedy}` : ""}`,
    );
    checks.push({ what, fault });
  };
  const name = `photogate-test-${randomBytes(4).toString("hex")}.txt`;
  try {
    await probeFiles(place, join(config.data, name.replace(".txt", "")), name, check, signal);
    if (table !== undefined) await probeRows(table, name, check, signal);
  } finally {
    await place.close();
    await table?.close();
  }
  return checks;
}

/** @param work gives what is wrong, if it does not throw it */
type Checker = (what: string, work: () => Promise<string | undefined>) => Promise<void>;

const done = (work: unknown): Promise<undefined> => Promise.resolve(work).then(() => undefined);

async function probeFiles(place: Place, dir: string, name: string, check: Checker, signal: AbortSignal): Promise<void> {
  const file = join(dir, name);
  const path = place.pathOf(name);
  try {
    await durableWrite(file, "Photogate tests whether it can publish here. This file may go.\n");
    const made = { path: file, width: 1, height: 1, ...(await hashFile(file, signal)) };
    await check(`put a file there: ${path}`, () => done(place.put(made, path, signal)));
    await check("find it there, whole", async () => {
      const there = await place.look(path, made.bytes, signal);
      return there?.sha256 === made.sha256 ? undefined : "it is not there as it was sent";
    });
    await check("put it there once more, which changes nothing", () => done(place.put(made, path, signal)));
    await check("take it away", () => done(place.remove(path, signal)));
    await check("find it gone", async () =>
      (await place.look(path, 0, signal)) === undefined ? undefined : "it is still there",
    );
  } finally {
    await removeFolder(dir);
  }
}

async function probeRows(table: MySqlTable, name: string, check: Checker, signal: AbortSignal): Promise<void> {
  await check("the table is one the rows fit into", async () => {
    const flaws = await table.preflight();
    return flaws.length === 0 ? undefined : flaws.join(" ");
  });
  await check("write a row and read it back", () => done(table.upsert(probeRow(name), signal)));
  await check("take the row away", () => done(table.remove(name, signal)));
}

const probeRow = (name: string): CatalogueRow => ({
  Folder: "photogate-test",
  File_Name: name,
  Path: "",
  Thumb_Path: "",
  DateTime: null,
  Camera: null,
  Lens_model: null,
  Width: 1,
  Height: 1,
  Exposure: null,
  Aperture: null,
  ISO: null,
  Focal_length: null,
  Keywords: "",
  Caption: "Grüße, 東京 🦩: Photogate tests whether every letter fits.",
  alt_text: "",
  Location: null,
  QR: 7.15,
  QC_Status: "Good",
  Original_File_Name: name,
  nima_score: null,
  blur_score: null,
  brightness_score: null,
  contrast_score: null,
  brisque_score: null,
  clip_aesthetic_score: null,
});
