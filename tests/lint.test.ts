import { spawnSync } from "node:child_process";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";

const PLANTED = "tests/planted-by-a-test.ts";
const BIOME = join("node_modules", "@biomejs", "biome", "bin", "biome");

afterEach(() => rmSync(PLANTED, { force: true }));

test.each([
  [
    "a promise nobody waits for",
    'import { durableRemove } from "../src/files.ts";\nexport const f = (): void => {\n  durableRemove("x");\n};\n',
    "noFloatingPromises",
  ],
  [
    "a promise where none is expected",
    "export const f = (): void => {\n  [1].forEach(async () => {\n    await Promise.resolve();\n  });\n};\n",
    "noMisusedPromises",
  ],
  [
    "a switch that leaves a case out",
    'type Move = { kind: "a" } | { kind: "b" };\nexport function f(move: Move): number {\n  switch (move.kind) {\n    case "a":\n      return 1;\n  }\n  return 2;\n}\n',
    "useExhaustiveSwitchCases",
  ],
])("%s is an error", (_, text, rule) => {
  writeFileSync(PLANTED, text);
  const { status, stdout, stderr } = spawnSync(process.execPath, [BIOME, "lint", PLANTED], { encoding: "utf8" });
  expect(stdout + stderr).toContain(rule);
  expect(status).toBe(1);
});
