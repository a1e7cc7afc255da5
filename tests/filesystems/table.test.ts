import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";

const ID = /(?:F\d\d|gauntlet \d+)/;
const rows = readFileSync("docs/faults-tested.md", "utf8")
  .split("\n")
  .map((line) => line.split("|").map((cell) => cell.trim()))
  .filter(([, id = ""]) => new RegExp(`^${ID.source}$`).test(id))
  .map(([, id = "", , shown = ""]) => ({ id, files: shown.startsWith("not here") ? [] : shown.split(", ") }));

/** Ids that stand at the beginning of a title: `F35, gauntlet 1, 2: is not taken …` is F35, gauntlet 1 and gauntlet 2. */
function idsIn(file: string): Set<string> {
  const ids = new Set<string>();
  for (const [, title = ""] of readFileSync(file, "utf8").matchAll(/\(\s*"((?:F\d\d|gauntlet \d+)[^:"]*):/g))
    for (const part of title.split(", "))
      for (const id of /^\d+$/.test(part) ? [`gauntlet ${part}`] : (part.match(ID) ?? [])) ids.add(id);
  return ids;
}

test("the page names every fault from F19 to F60, and the gauntlet from 1 to 15, once each", () => {
  const wanted = [
    ...Array.from({ length: 42 }, (_, i) => `F${19 + i}`),
    ...Array.from({ length: 15 }, (_, i) => `gauntlet ${1 + i}`),
  ];
  expect(rows.map(({ id }) => id)).toEqual(wanted);
});

test.each(rows.flatMap(({ id, files }) => files.map((file) => [id, file] as const)))(
  "%s is shown in %s",
  (id, file) => {
    expect([...idsIn(`tests/${file}.test.ts`)]).toContain(id);
  },
);

test("every test here that begins with an id stands in the page", () => {
  for (const name of readdirSync("tests/filesystems").filter((file) => file.endsWith(".test.ts")))
    for (const id of idsIn(`tests/filesystems/${name}`))
      expect(rows.find((row) => row.id === id)?.files, `${id} in ${name}`).toContain(
        `filesystems/${name.replace(".test.ts", "")}`,
      );
});
