import { expect, test } from "vitest";
import { holderLetsGoIn, PATIENCE_MS } from "../../src/domain/holders.ts";

const waits = (code: string, platform = "win32"): number[] => {
  const all: number[] = [];
  for (let waited = 0; ; ) {
    const wait = holderLetsGoIn(code, waited, platform);
    if (wait === undefined) return all;
    all.push(wait);
    waited += wait;
  }
};

test.each(["EPERM", "EACCES", "EBUSY"])(
  "F57: on Windows %s is waited for, longer each time, a minute in all",
  (code) => {
    const all = waits(code);
    expect(all.slice(0, 8)).toEqual([20, 20, 40, 80, 160, 320, 640, 1_280]);
    expect(Math.max(...all)).toBe(2_000);
    expect(all.reduce((sum, wait) => sum + wait, 0)).toBe(PATIENCE_MS);
  },
);

test("F57: what waiting does not mend is not waited for, nor on a system where the code means what it says", () => {
  expect(waits("ENOSPC")).toEqual([]);
  expect(waits("EPERM", "linux")).toEqual([]);
  expect(waits("EBUSY", "darwin")).toEqual([]);
  expect(holderLetsGoIn(undefined, 0, "win32")).toBeUndefined();
});
