import { createHash } from "node:crypto";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type SftpSettings, sftp } from "../../src/publishers/sftp.ts";
import { publisherContract } from "../contracts/publisher.ts";
import { FTP_PASSWORD, FTP_USER, type FtpServer, startProftpd } from "../servers/proftpd.ts";
import { siteAt } from "./site-at.ts";

let server: FtpServer;
let hostKey: string;
const never = new AbortController().signal;
const settings = (given: Partial<SftpSettings> = {}): SftpSettings => ({
  host: "127.0.0.1",
  port: server.port,
  user: FTP_USER,
  password: FTP_PASSWORD,
  key: null,
  hostKey,
  folder: join(server.root, "site"),
  connections: 2,
  silenceMs: 10_000,
  ...given,
});

beforeAll(async () => {
  server = await startProftpd("sftp");
  hostKey = "";
  // As somebody finds it out who has not got it from the provider: it is said with the refusal.
  const place = sftp(settings());
  const refusal = await place.look("x", 0, never).catch((cause: Error) => cause.message);
  hostKey = /SHA256:\S+(?=,)/.exec(String(refusal))?.[0] ?? "";
});
afterAll(async () => server.stop());

let sites = 0;
publisherContract("sftp", async (at) => {
  sites += 1;
  const folder = join(server.root, `site ${sites}`);
  return siteAt(at, folder, sftp(settings({ folder })));
});

describe("a server that", () => {
  test("shows a key that is not the known one gets nothing, and the key is said", async () => {
    const other = `SHA256:${createHash("sha256").update("another").digest("base64").replace(/=+$/, "")}`;
    const place = sftp(settings({ hostKey: other }));
    await expect(place.look("x", 0, never)).rejects.toMatchObject({
      code: "site.certificate",
      message: expect.stringContaining(hostKey),
    });
  });

  test("does not know the password is asked once, and not again by itself", async () => {
    const place = sftp(settings({ password: "wrong" }));
    await expect(place.look("x", 0, never)).rejects.toMatchObject({ code: "site.login", blame: "set" });
  });

  test("is not there is tried again", async () => {
    const place = sftp(settings({ port: 1 }));
    await expect(place.look("x", 0, never)).rejects.toMatchObject({ code: "site.unreachable", blame: "tool" });
  });

  test("has a folder of somebody else's in the place says so", async () => {
    const folder = join(server.root, "locked");
    mkdirSync(folder, { mode: 0o555 });
    const place = sftp(settings({ folder }));
    const file = { path: import.meta.filename, bytes: 1, sha256: "0".repeat(64), width: 1, height: 1 };
    await expect(place.put(file, place.pathOf("2026/x.jpg"), never)).rejects.toMatchObject({ code: "site.unwritable" });
    await place.close();
  });
});
