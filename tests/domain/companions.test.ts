import { expect, test } from "vitest";
import { copiedCompanions } from "../../src/domain/companions.ts";

const source = (path: string) => ({ path, bytes: 1, mtimeMs: 1, nameIsText: true });
const copy = (name: string, n: number) => ({ file: `ingest/companion-${n}`, name, bytes: 1, sha256: "a".repeat(64) });
const pairs = (sources: string[], names: string[], uncopied: string[] = []) =>
  copiedCompanions(sources.map(source), {
    companions: names.map(copy),
    uncopied: uncopied.map((path) => ({ path, code: "photo.gone", why: "" })),
  }).map((pair) => [pair.source.path, pair.copy.file]);

test("a copy is of the file with its name, also where two folders have one, and where one was not copied", () => {
  expect(pairs(["/a/1.xmp", "/b/1.xmp", "/b/11.xmp"], ["1.xmp", "11.xmp"], ["/a/1.xmp"])).toEqual([
    ["/b/1.xmp", "ingest/companion-0"],
    ["/b/11.xmp", "ingest/companion-1"],
  ]);
  expect(pairs(["/a/1.xmp", "/b/1.xmp"], ["1.xmp", "1.xmp"]).map(([path]) => path)).toEqual(["/a/1.xmp", "/b/1.xmp"]);
  expect(pairs(["C:\\in\\1.xmp"], ["1.xmp"])).toHaveLength(1);
});

test("a copy of a file nobody knows any more is of none", () => {
  expect(pairs(["/a/1.xmp"], ["2.xmp", "1.xmp"])).toEqual([["/a/1.xmp", "ingest/companion-1"]]);
});
