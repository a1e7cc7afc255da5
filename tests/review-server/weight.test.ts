import { readFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync } from "node:zlib";
import { expect, test } from "vitest";

const assets = join(import.meta.dirname, "..", "..", "dist", "assets");
const names: Record<string, string> = JSON.parse(readFileSync(join(assets, "names.json"), "utf8"));

// A page's script must be read before a key does anything. One import of a schema in the wrong file puts a whole
// library into it, and what that library does (compile a function) the page's own policy refuses.
test.each([
  ["review.js", 45],
  ["pages.js", 45],
  ["compare.js", 15],
  ["crop.js", 15],
  ["style.css", 12],
])("%s weighs at most %i KB", (file, most) => {
  const name = names[file];
  if (name === undefined) throw new Error(`${file} was not built`);
  expect(brotliCompressSync(readFileSync(join(assets, name))).length / 1024).toBeLessThanOrEqual(most);
});
