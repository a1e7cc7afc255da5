import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type FtpSettings, ftp } from "../../src/publishers/ftp.ts";
import { publisherContract } from "../contracts/publisher.ts";
import { FTP_PASSWORD, FTP_USER, type FtpServer, startProftpd } from "../servers/proftpd.ts";
import { siteAt } from "./site-at.ts";

let server: FtpServer;
beforeAll(async () => {
  server = await startProftpd();
});
afterAll(async () => server.stop());

const settings = (given: Partial<FtpSettings> = {}): FtpSettings => ({
  host: "127.0.0.1",
  port: server.port,
  user: FTP_USER,
  password: FTP_PASSWORD,
  security: "explicit",
  fingerprint: server.fingerprint,
  folder: "site",
  connections: 2,
  silenceMs: 10_000,
  ...given,
});
const never = new AbortController().signal;
let sites = 0;

publisherContract("ftp", async (at) => {
  sites += 1;
  const folder = `site ${sites}`;
  return siteAt(at, join(server.root, folder), ftp(settings({ folder })));
});

describe("a server that", () => {
  test("does not know the password is asked once, and not again by itself", async () => {
    const place = ftp(settings({ password: "wrong" }));
    await expect(place.look("site/x.jpg", 0, never)).rejects.toMatchObject({ code: "site.login", blame: "set" });
    await place.close();
  });

  test.each([null, "00".repeat(32)])(
    "shows another certificate than the one that is pinned (%s) gets nothing",
    async (fingerprint) => {
      const place = ftp(settings({ fingerprint }));
      await expect(place.look("site/x.jpg", 0, never)).rejects.toMatchObject({ code: "site.certificate" });
      await place.close();
    },
  );

  test("is not there is the tool's doing, and is tried again", async () => {
    const place = ftp(settings({ port: 1 }));
    await expect(place.look("site/x.jpg", 0, never)).rejects.toMatchObject({ code: "site.unreachable", blame: "tool" });
  });

  test("takes no plain login is never told the password in plain", async () => {
    const place = ftp(settings({ security: "none", fingerprint: null }));
    await expect(place.look("site/x.jpg", 0, never)).rejects.toMatchObject({ code: "site.unwritable" });
    await place.close();
  });
});

test("several files go side by side over as many connections as are allowed", async () => {
  const at = mkdtempSync(join(tmpdir(), "photogate-ftp-"));
  const place = ftp(settings({ folder: "many", connections: 3 }));
  const files = Array.from({ length: 12 }, (_, i) => {
    const path = join(at, `${i}.jpg`);
    writeFileSync(path, Buffer.alloc(50_000, i));
    return path;
  });
  const { hashFile } = await import("../../src/files.ts");
  await Promise.all(
    files.map(async (path, i) => {
      const { bytes, sha256 } = await hashFile(path, never);
      await place.put({ path, bytes, sha256, width: 1, height: 1 }, place.pathOf(`2026/x/${i}.jpg`), never);
    }),
  );
  expect(readdirSync(join(server.root, "many", "2026", "x"))).toHaveLength(12);
  await place.close();
  rmSync(at, { recursive: true });
});
