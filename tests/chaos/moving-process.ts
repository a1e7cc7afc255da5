/** Moves files as the verbs do, in a process that can be killed: `FOLDER [MANIFEST WAY]`, or `FOLDER -` for the moves on stdin. */
import { readFileSync } from "node:fs";
import { carryOut, planned, writtenDown } from "../../src/moving.ts";

const [root = "", manifest = "-", way] = process.argv.slice(2);
const { signal } = new AbortController();
if (manifest === "-") {
  const { moves } = await planned(root, JSON.parse(readFileSync(0, "utf8")), signal);
  const path = await writtenDown(root, root, "rename", moves, Date.UTC(2026, 9, 14));
  await carryOut(root, path, "rename", "do", signal);
} else {
  const { left } = await carryOut(root, manifest, "rename", way === "undo" ? "undo" : "do", signal);
  process.stdout.write(JSON.stringify(left));
}
