/** What every publisher promises. Each runs this suite against its own real target. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Final, Rendered } from "../../src/domain/facts.ts";
import type { CatalogueRow, Publication, Publisher } from "../../src/domain/ports.ts";
import { render } from "../../src/imaging/look.ts";
import { writeJpeg } from "../fixtures/make.ts";

/** A publisher, and how to look at its target from outside. */
export interface Target {
  readonly publisher: Publisher;
  /** bytes of a file on the site, by its path below the site's root; undefined if there is none */
  read(path: string): Promise<Buffer | undefined>;
  /** every file below the root */
  list(): Promise<readonly string[]>;
  /** puts a file there that is not ours */
  plant(path: string, text: string): Promise<void>;
  row(fileName: string): Promise<(CatalogueRow & { readonly id: number }) | undefined>;
  /** modes of the site's files, where the target has such */
  mode(path: string): Promise<number | undefined>;
  /** runs something when the row is written and when it is taken away, before it is */
  onRow(hear: (event: "put" | "drop") => Promise<void> | void): void;
  close(): Promise<void>;
}

const never = new AbortController().signal;
const SIZES = { full: { width: 300, height: 200, quality: 90 }, thumb: { width: 60, height: 40, quality: 90 } };
const NAME = "Gulls_Texel_Nature_Photography_2026_001.JPG";
const FULL = `2026/nature/${NAME}`;
const THUMB = `2026/thumbs/nature/${NAME}`;

const FINAL: Final = {
  name: NAME,
  caption: "Gulls — “Larus” & friends, Texel 🦩.",
  altText: "Gulls over the sea.",
  keywords: ["gulls", "texel"],
  subject: "Gulls",
  location: "Texel",
  folder: "Nature",
  year: "2026",
  qr: 7.15,
  band: "Good",
  partial: false,
  crop: null,
};
export const COLUMNS: Publication["columns"] = {
  DateTime: "2026:10:14 08:12:33",
  Camera: "Canon EOS R5",
  Lens_model: null,
  Exposure: "1/250 sec",
  Aperture: "f/2.8",
  ISO: 400,
  Focal_length: 200,
  Original_File_Name: "IMG_1.JPG",
  nima_score: null,
  blur_score: 6.1,
  brightness_score: 8.59,
  contrast_score: 6.25,
  brisque_score: null,
  clip_aesthetic_score: null,
};

export function publisherContract(name: string, open: (folder: string) => Promise<Target>): void {
  describe(`the publisher ${name}`, () => {
    let folder: string;
    let target: Target;
    let rendered: Rendered;
    beforeEach(async () => {
      folder = mkdtempSync(join(tmpdir(), "photogate-publisher-"));
      rendered = await picture(1);
      target = await open(join(folder, "target"));
    });
    afterEach(async () => {
      await target.close();
      rmSync(folder, { recursive: true });
    });

    const picture = async (seed: number): Promise<Rendered> => {
      const original = join(folder, `${seed}.jpg`);
      await writeJpeg(original, { seed });
      return render(original, join(folder, `rendered-${seed}`), { ...SIZES, crop: null }, 1e6);
    };
    const publication = (given: Partial<Final> = {}, files = rendered): Publication => ({
      final: { ...FINAL, ...given },
      rendered: files,
      columns: COLUMNS,
    });
    const publish = (given: Partial<Final> = {}, files = rendered) =>
      target.publisher.publish(publication(given, files), never);

    test("puts both files and the row where the site looks for them", async () => {
      const published = await publish();
      expect([...(await target.list())].sort()).toEqual([FULL, THUMB]);
      for (const [path, file] of [
        [FULL, published.full],
        [THUMB, published.thumb],
      ] as const) {
        expect((await target.read(path))?.length).toBe(file.bytes);
        expect(file.url.endsWith(`/${path}`)).toBe(true);
      }
      expect(published).toMatchObject({ target: target.publisher.name, full: { width: rendered.full.width } });
    });

    test("writes exactly what was approved into the row", async () => {
      const published = await publish();
      expect(await target.row(NAME)).toEqual({
        ...COLUMNS,
        id: published.rowId,
        Folder: "nature",
        File_Name: NAME,
        Path: published.full.url,
        Thumb_Path: published.thumb.url,
        Width: rendered.full.width,
        Height: rendered.full.height,
        Keywords: "gulls, texel",
        Caption: FINAL.caption,
        alt_text: FINAL.altText,
        Location: "Texel",
        QR: 7.15,
        QC_Status: "Good",
      });
    });

    test("leaves QR empty where it is partial, and the place where there is none", async () => {
      await publish({ partial: true, location: "" });
      expect(await target.row(NAME)).toMatchObject({ QR: null, Location: null, QC_Status: "Good" });
    });

    test("twice is once", async () => {
      const first = await publish();
      expect(await publish()).toEqual(first);
      expect(await target.list()).toHaveLength(2);
    });

    test("a second time with other words changes the row and keeps its id", async () => {
      const first = await publish();
      const second = await publish({ caption: "Other." });
      expect(second.rowId).toBe(first.rowId);
      expect((await target.row(NAME))?.Caption).toBe("Other.");
    });

    test("two photos are two rows", async () => {
      const first = await publish();
      const other = await publish({ name: "Terns_001.JPG" }, await picture(2));
      expect(other.rowId).not.toBe(first.rowId);
      expect(await target.list()).toHaveLength(4);
      expect((await target.row(NAME))?.id).toBe(first.rowId);
    });

    test("makes files that a web server can read", async () => {
      const before = process.umask(0o077);
      try {
        await publish();
      } finally {
        process.umask(before);
      }
      for (const path of [FULL, THUMB]) expect([0o644, undefined]).toContain(await target.mode(path));
    });

    test("shows the row only after both files, and takes it away before them", async () => {
      const seen: string[] = [];
      target.onRow(async (event) => {
        seen.push(`${event} with ${(await target.list()).length} files`);
      });
      const published = await publish();
      await target.publisher.withdraw(published, never);
      expect(seen).toEqual(["put with 2 files", "drop with 2 files"]);
      expect(await target.list()).toEqual([]);
      expect(await target.row(NAME)).toBeUndefined();
    });

    test.each([FULL, THUMB])("never overwrites a file that is not ours: %s", async (path) => {
      await target.plant(path, "somebody else's");
      await expect(publish()).rejects.toMatchObject({ code: "site.collision" });
      expect((await target.read(path))?.toString()).toBe("somebody else's");
      expect(await target.list()).toEqual([path]);
      expect(await target.row(NAME)).toBeUndefined();
    });

    test("withdraws a second time without harm", async () => {
      const published = await publish();
      await target.publisher.withdraw(published, never);
      await target.publisher.withdraw(published, never);
      expect(await target.list()).toEqual([]);
    });

    test("withdraws only what is still as it was published", async () => {
      const published = await publish();
      await target.plant(FULL, "mended by hand");
      await target.plant("2026/nature/other.jpg", "not ours");
      await target.publisher.withdraw(published, never);
      expect([...(await target.list())].sort()).toEqual([FULL, "2026/nature/other.jpg"].sort());
      expect((await target.read(FULL))?.toString()).toBe("mended by hand");
      expect(await target.row(NAME)).toBeUndefined();
    });

    describe("takes back what a publication that was cut off has left", () => {
      const retract = () => target.publisher.retract(FINAL, async () => publication().rendered, never);

      test("with its row, where it got that far", async () => {
        await publish();
        await retract();
        expect(await target.list()).toEqual([]);
        expect(await target.row(NAME)).toBeUndefined();
      });

      test("without making anything anew, where it left nothing", async () => {
        const render = () => Promise.reject(new Error("rendered for nothing"));
        await target.publisher.retract(FINAL, render, never);
        expect(await target.list()).toEqual([]);
      });

      test.each([FULL, THUMB])("but never a file that is not ours, nor the row of one: %s", async (path) => {
        await publish();
        await target.plant(path, "somebody else's");
        await retract();
        expect(await target.list()).toEqual([path]);
        expect((await target.read(path))?.toString()).toBe("somebody else's");
        expect(await target.row(NAME)).toBeDefined();
      });
    });

    test("leaves no temporary file, not even when it is stopped", async () => {
      await expect(target.publisher.publish(publication(), AbortSignal.abort(new Error("stopped")))).rejects.toThrow(
        "stopped",
      );
      expect(await target.list()).toEqual([]);
      expect(await target.row(NAME)).toBeUndefined();
    });
  });
}
