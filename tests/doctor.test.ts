import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { readConfig, SETTINGS_FILE } from "../src/config.ts";
import { doctor } from "../src/doctor.ts";
import { english } from "../src/language/english.ts";
import { openStore } from "../src/store/store.ts";
import { meanModel } from "./fixtures/onnx.ts";
import { commit, drop, factsAtGate } from "./store/home.ts";

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "photogate-doctor-"));
  for (const folder of ["inbox", "site", "data"]) mkdirSync(join(home, folder));
  openStore(join(home, "data"), 1, english()).close();
});
afterEach(() => rmSync(home, { recursive: true }));

interface Check {
  readonly name: string;
  readonly outcome: string;
  readonly seen: string;
  readonly remedy?: string;
}

async function checked(): Promise<{ readonly code: number; readonly of: (name: string) => Check | undefined }> {
  const lines: string[] = [];
  const code = await doctor(readConfig(home), { json: true }, (line) => lines.push(line));
  const { checks }: { checks: Check[] } = JSON.parse(lines.join(""));
  return { code, of: (name) => checks.find((check) => check.name === name) };
}

function scorer(id: string, metric: string, given: { sha256?: string } = {}): void {
  const model = meanModel();
  const folder = join(home, "plugins", id);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "model.onnx"), model);
  const manifest = {
    id,
    metric,
    file: "model.onnx",
    sha256: createHash("sha256").update(model).digest("hex"),
    input: { name: "picture", size: [8, 8], norm: { scale: [0, 10] } },
    output: { name: "out", decode: "scalar" },
    ...given,
  };
  writeFileSync(join(folder, "manifest.json"), JSON.stringify(manifest));
}

describe("photogate doctor", () => {
  test("says what the full quality figure lacks and how to get it", async () => {
    const { code, of } = await checked();
    expect(code).toBe(1);
    expect(of("full quality figure")).toEqual({
      name: "full quality figure",
      outcome: "warning",
      seen: "clip, nima, brisque missing: QR is computed over the metrics there are, and marked partial",
      remedy: expect.stringContaining(`below ${join(home, "plugins")} (docs/plugins.md)`),
    });
    expect(of("model of your archive")).toMatchObject({ outcome: "ok", seen: expect.stringMatching(/^none/) });
  });

  test("says which rules for wording do not hold, and why", async () => {
    expect((await checked()).of("wording")).toMatchObject({
      outcome: "ok",
      seen: expect.stringMatching(/^(\d+) of \1 /),
    });
    writeFileSync(join(home, SETTINGS_FILE), JSON.stringify({ wording: { language: "de", ignore: ["CAP-THERE-IS"] } }));
    expect((await checked()).of("wording")).toMatchObject({
      outcome: "warning",
      seen: expect.stringMatching(/^wording\.language is "de": \d+ rules .*GEN-LANG.*CAP-THERE-IS/),
    });
  });

  test("is content with a scorer for each metric", async () => {
    for (const metric of ["clip", "nima", "brisque"]) scorer(`my-${metric}`, metric);
    const { of } = await checked();
    expect(of("scorer my-clip")).toMatchObject({ outcome: "ok", seen: "loads and answers; gives clip" });
    expect(of("full quality figure")).toMatchObject({ outcome: "ok" });
  });

  test("names a scorer that does not load, with reason and remedy; its metric counts as missing", async () => {
    scorer("mine", "nima", { sha256: "0".repeat(64) });
    const { of } = await checked();
    expect(of("scorer mine")).toEqual({
      name: "scorer mine",
      outcome: "warning",
      seen: expect.stringMatching(/^mine: the sha256 of .* the manifest says 0{64} \(plugin.invalid\)$/),
      remedy: "Correct what the reason names; `photogate doctor` tries it again.",
    });
    expect(of("full quality figure")?.seen).toMatch(/^clip, nima, brisque missing/);
  });

  /** Two sets of two days, each photo with what a model made of it. */
  function embedded(each: number, vectorOf: (set: number, i: number) => readonly number[]): void {
    const store = openStore(join(home, "data"), 2, english());
    for (const [day, name] of ["Gulls", "Terns"].entries()) {
      const files = Array.from({ length: each }, (_, i) => `${name} ${i}.jpg`);
      const set = store.sets.open(drop({ name, files }), 1)?.id ?? "";
      const photos = store.sets.photos(set).map(({ id }) => id);
      const { exif, quality } = factsAtGate("x");
      commit(store, set, "exif", photos, () => ({ ...exif, takenAt: `2026:10:1${day} 08:00:00` }));
      commit(store, set, "quality", photos, (photo) => {
        const vector = Buffer.from(Int8Array.from(vectorOf(day, photos.indexOf(photo))).buffer).toString("base64");
        return {
          ...quality,
          plugins: [{ id: "mine", said: { kind: "embedding", vector, weights: "1", alike: null } }],
        };
      });
    }
    store.close();
  }

  test("says how alike strangers are to a model, and what its threshold should be", async () => {
    embedded(320, (set, i) => (set === 0 ? [100, 0] : [100, 35 + (i % 60)]));
    const { of } = await checked();
    expect(of("alike to mine")).toEqual({
      name: "alike to mine",
      outcome: "warning",
      seen: "from 0.92 on; of 102400 pairs of other sets and other days one in 100,000 is as alike as 0.944",
      remedy: expect.stringMatching(/^Strangers pass for alike\. Put "alike": 0\.944 into the output/),
    });
  });

  test("does not guess a threshold from a handful of photos", async () => {
    embedded(2, () => [100, 0]);
    expect((await checked()).of("alike to mine")).toMatchObject({
      outcome: "ok",
      seen: "from 0.92 on; 4 pairs of other sets and other days are too few to say how alike strangers are to it",
    });
  });

  test("tries ExifTool, and looks whether there is room", async () => {
    const { of } = await checked();
    expect(of("ExifTool")).toMatchObject({ outcome: "ok", seen: expect.stringMatching(/^version \d+\.\d+$/) });
    expect(of("disk")).toMatchObject({ seen: expect.stringMatching(/GB free at /) });
    expect(of("database")).toMatchObject({ outcome: "ok" });
  });

  test("fails for an inbox that is away, and says what to do", async () => {
    writeFileSync(join(home, SETTINGS_FILE), JSON.stringify({ inboxes: [{ path: "card" }] }));
    const { code, of } = await checked();
    expect(code).toBe(2);
    expect(of("inbox")).toEqual({
      name: "inbox",
      outcome: "failed",
      seen: expect.stringContaining("ENOENT"),
      remedy: "Plug the disk or card in, or mount the share; nothing was deleted.",
    });
  });

  test("says it line by line, each remedy below what it is for", async () => {
    const lines: string[] = [];
    await doctor(readConfig(home), {}, (line) => lines.push(line));
    expect(lines[0]).toMatch(/^ok {7}Node.js: v\d+/);
    const at = lines.findIndex((line) => line.startsWith("warning  full quality figure: "));
    expect(lines[at + 1]).toMatch(/^ {9}Put an ONNX model of clip /);
  });
});
