import { existsSync, readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { faultsPage } from "../scripts/docs.ts";
import { DOORS, sourcesIn } from "../scripts/floors.ts";
import { isStageName } from "../src/domain/facts.ts";
import { stagesBeforeGate } from "../src/stages/index.ts";

const page = readFileSync("ARCHITECTURE.md", "utf8");
const table = (heading: string): string => page.slice(page.indexOf(heading)).split("\n## ")[0] ?? "";

describe("ARCHITECTURE.md is true", () => {
  test("every room of src/ is in the table of floors", () => {
    const floors = table("## Rooms and floors");
    const rooms = new Set(sourcesIn().map(({ path }) => (path.includes("/") ? `${path.split("/")[0]}/` : path)));
    for (const room of rooms) expect(floors, room).toMatch(new RegExp(`\`${room.replace(/\.ts$/, "(\\.ts)?")}\``));
  });

  test("every package stands beside its room", () => {
    for (const name of Object.keys(DOORS)) expect(table("## Rooms and floors"), name).toContain(name);
    const { dependencies, peerDependencies } = JSON.parse(readFileSync("package.json", "utf8"));
    expect(Object.keys(DOORS).sort()).toEqual(Object.keys({ ...dependencies, ...peerDependencies }).sort());
  });

  test("the stages are all there, in their order", () => {
    const rows = [...table("## From a dropped file").matchAll(/^\| (\w+) \| (?:a photo|the set|\(gate\))/gm)]
      .map(([, name]) => name ?? "")
      .filter(isStageName);
    expect(rows.slice(0, stagesBeforeGate.length)).toEqual(stagesBeforeGate);
    expect(rows.slice(stagesBeforeGate.length)).toEqual(["review", "publish", "archive"]);
  });

  test("every file it names is there", () => {
    for (const [, file = ""] of page.matchAll(/`((?:src|tests|docs|config|scripts)\/[\w./-]+)`/g))
      expect(existsSync(file), file).toBe(true);
  });
});

test("docs/faults.md is what the table of faults says", () => {
  expect(readFileSync("docs/faults.md", "utf8")).toBe(faultsPage());
});

test("decisions are numbered without a gap", () => {
  const numbers = readdirSync("docs/adr").map((file) => Number(file.slice(0, 4)));
  expect(numbers.sort((a, b) => a - b)).toEqual(numbers.map((_, i) => i + 1));
});
