import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { CatalogueRow } from "../../src/domain/ports.ts";
import { type FtpSettings, ftp } from "../../src/publishers/ftp.ts";
import { site, type Table } from "../../src/publishers/site.ts";
import { openPlain } from "../../src/store/database.ts";
import { openMirror } from "../../src/store/mirror.ts";
import { publisherContract, type Target } from "../contracts/publisher.ts";
import { FTP_PASSWORD, FTP_USER, type FtpServer, startProftpd } from "../servers/proftpd.ts";

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

async function remoteSite(at: string): Promise<Target> {
  sites += 1;
  const folder = `site ${sites}`;
  const root = join(server.root, folder);
  mkdirSync(at, { recursive: true });
  const mirrorFile = join(at, "mirror.db");
  const mirror = openMirror(mirrorFile);
  let hear: (event: "put" | "drop") => Promise<void> | void = () => undefined;
  const table: Table = {
    async upsert(row) {
      await hear("put");
      return mirror.upsert(row);
    },
    async remove(name) {
      await hear("drop");
      mirror.remove(name);
    },
  };
  const place = ftp(settings({ folder }));
  const files = (): string[] =>
    existsSync(root)
      ? readdirSync(root, { recursive: true, withFileTypes: true })
          .filter((entry) => entry.isFile())
          .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1))
      : [];
  return {
    publisher: site({ urlBase: "https://example.org/pic" }, place, table),
    read: async (path) => (existsSync(join(root, path)) ? readFileSync(join(root, path)) : undefined),
    list: async () => files(),
    plant: async (path, text) => {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), text);
    },
    row: async (name) => {
      const database = openPlain(mirrorFile);
      const row = database
        .prepare<[string], CatalogueRow & { id: number }>("select * from photos_info_revamp where File_Name = ?")
        .get(name);
      database.close();
      return row;
    },
    mode: async (path) => statSync(join(root, path)).mode & 0o777,
    onRow: (listener) => {
      hear = listener;
    },
    close: async () => {
      await place.close();
      mirror.close();
    },
  };
}

publisherContract("ftp", remoteSite);

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
