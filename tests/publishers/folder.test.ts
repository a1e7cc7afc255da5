import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { folder } from "../../src/publishers/folder.ts";
import { site } from "../../src/publishers/site.ts";
import { publisherContract } from "../contracts/publisher.ts";
import { factsAtGate, reviewFacts } from "../store/home.ts";
import { siteAt } from "./site-at.ts";

publisherContract("folder", async (at) => siteAt(at, join(at, "site"), folder(join(at, "site"))));

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
