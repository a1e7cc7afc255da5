import { expect, test } from "vitest";
import { whyAway, whyDeaf } from "../../src/watchers/why.ts";

const failure = (code: string): Error => Object.assign(new Error(`${code}: said by the system`), { code });

test.each([
  ["ENOENT", "/in is not there"],
  ["ENOTDIR", "/in is no folder"],
  ["EACCES", "/in may not be read by the user that runs Photogate"],
  ["EIO", "the disk, card or share of /in fails (EIO)"],
  ["EXDEV", "/in: EXDEV: said by the system"],
])("an inbox that cannot be listed with %s: %s", (code, why) => {
  expect(whyAway("/in", failure(code))).toBe(why);
});

test.each([
  ["ENOSPC", "the system watches as many folders as it can already"],
  ["EIO", "the system's events failed: EIO: said by the system"],
])("events that end with %s: %s", (code, why) => {
  expect(whyDeaf(failure(code))).toBe(why);
});
