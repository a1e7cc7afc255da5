import { execFileSync } from "node:child_process";
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
import { expect, test } from "vitest";
import type { CatalogueRow } from "../../src/domain/ports.ts";
import { folder } from "../../src/publishers/folder.ts";
import { site, type Table } from "../../src/publishers/site.ts";
import { openPlain } from "../../src/store/database.ts";
import { openMirror } from "../../src/store/mirror.ts";
import { publisherContract, type Target } from "../contracts/publisher.ts";
import { factsAtGate, reviewFacts } from "../store/home.ts";

/** A site in a folder, with the real mirror as its catalogue. */
async function folderSite(at: string): Promise<Target> {
  const root = join(at, "site");
  mkdirSync(root, { recursive: true });
  const mirrorFile = join(at, "mirror.db");
  const mirror = openMirror(mirrorFile);
  let hear: (event: "put" | "drop") => Promise<void> | void = () => undefined;
  const catalogue: Table = {
    upsert: (row) => {
      void hear("put");
      return mirror.upsert(row);
    },
    remove: (name) => {
      void hear("drop");
      mirror.remove(name);
    },
  };
  return {
    publisher: site({ urlBase: "https://example.org/pic" }, folder(root), catalogue),
    read: async (path) => (existsSync(join(root, path)) ? readFileSync(join(root, path)) : undefined),
    list: async () =>
      readdirSync(root, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1)),
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
    close: async () => mirror.close(),
  };
}

publisherContract("folder", folderSite);

test("a site that cannot be written is named as the site, a full one as full", async () => {
  const at = mkdtempSync(join(tmpdir(), "photogate-site-"));
  const file = join(at, "photo.jpg");
  writeFileSync(file, Buffer.alloc(2_000_000, 7));
  const { final } = reviewFacts("r1");
  const { exif } = factsAtGate("x");
  const rendered = { path: file, width: 1, height: 1, bytes: 2_000_000, sha256: "0".repeat(64) };
  const publishTo = (root: string) =>
    site({ urlBase: "" }, folder(root), {
      upsert: () => expect.unreachable("no row without files"),
      remove: () => undefined,
    }).publish(
      {
        final,
        rendered: { full: rendered, thumb: rendered },
        columns: {
          DateTime: exif.takenAt,
          Camera: null,
          Lens_model: null,
          Exposure: null,
          Aperture: null,
          ISO: null,
          Focal_length: null,
          Original_File_Name: "x",
          nima_score: null,
          blur_score: null,
          brightness_score: null,
          contrast_score: null,
          brisque_score: null,
          clip_aesthetic_score: null,
        },
      },
      new AbortController().signal,
    );
  const disk = join(at, "disk");
  mkdirSync(disk);
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=1m", "tmpfs", disk]);
    await expect(publishTo(disk)).rejects.toMatchObject({ code: "disk.full" });
    execFileSync("mount", ["-o", "remount,ro", disk]);
    await expect(publishTo(join(disk, "new"))).rejects.toMatchObject({ code: "site.unwritable" });
  } finally {
    execFileSync("umount", [disk]);
    rmSync(at, { recursive: true });
  }
});
