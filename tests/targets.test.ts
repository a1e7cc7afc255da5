import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readConfig } from "../src/config.ts";
import { hashFile } from "../src/files.ts";
import { secretsIn } from "../src/secrets.ts";
import { openMirror } from "../src/store/mirror.ts";
import { openSite } from "../src/targets.ts";
import { COLUMNS } from "./contracts/publisher.ts";
import { FTP_PASSWORD, FTP_USER, startProftpd } from "./servers/proftpd.ts";
import { reviewFacts } from "./store/home.ts";

test("a password that was refused and is put right is taken without a new start", async () => {
  const home = mkdtempSync(join(tmpdir(), "photogate-targets-"));
  const server = await startProftpd();
  const { fingerprint, port } = server;
  const ftp = { host: "127.0.0.1", port, user: FTP_USER, fingerprint, folder: "site" };
  writeFileSync(join(home, "photogate.jsonc"), JSON.stringify({ publish: { files: "ftp", ftp } }));
  const secrets = secretsIn(join(home, "data"));
  const mirror = openMirror(":memory:");
  const site = openSite(readConfig(home), mirror);
  const { signal } = new AbortController();
  const path = join(home, "photo.jpg");
  writeFileSync(path, "a photo");
  const file = { path, width: 1, height: 1, ...(await hashFile(path, signal)) };
  const publish = () =>
    site.publisher.publish(
      { final: reviewFacts("r").final, rendered: { full: file, thumb: file }, columns: COLUMNS },
      signal,
    );
  try {
    await expect(publish()).rejects.toMatchObject({ code: "secret.missing" });
    await secrets.set("ftp", "wrong");
    await expect(publish()).rejects.toMatchObject({ code: "site.login" });
    await secrets.set("ftp", FTP_PASSWORD);
    expect(await publish()).toMatchObject({ target: "ftp", full: { bytes: file.bytes } });
  } finally {
    await site.close();
    mirror.close();
    await server.stop();
    rmSync(home, { recursive: true });
  }
});
