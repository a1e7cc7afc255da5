import { describe, expect, test } from "vitest";
import { realDrops } from "./drops/real.ts";
import { simulateDrops } from "./drops/simulated.ts";
import { STORY_NAMES } from "./drops/stories.ts";
import { type DropsReport, dropsDetails, dropsSummary } from "./drops/summary.ts";

const SEED = 1;
const SIMULATED = 2_000;
const REAL = 60;
const PLANTED = 200;
const LIMIT_MS = 600_000;

function expectSound(report: DropsReport): void {
  process.stdout.write(`${dropsSummary(report).join("\n")}\n`);
  expect(report.broken, dropsDetails(report).join("\n")).toEqual([]);
  expect(report.failures).toEqual([]);
}

describe("whatever is dropped, however slowly, in parts, twice or by a writer that is killed", () => {
  test("is taken once, whole, and not early: in simulated time", { timeout: LIMIT_MS }, async () => {
    const report = await simulateDrops({ drops: SIMULATED, seed: SEED });
    expectSound(report);
    expect([...report.stories.keys()]).toEqual(STORY_NAMES);
    expect(report.overdue).toBe(0);
    for (const count of [report.photos, report.aliases, report.explained, report.cut, report.unseen])
      expect(count).toBeGreaterThan(0);
  });

  test.each([
    ["impatient", "early"],
    ["hasty", "early"],
    ["nameless", "doubled"],
    ["blind", "missed"],
  ] as const)("is not if intake is built wrong: %s is found as %s", { timeout: LIMIT_MS }, async (planted, kind) => {
    const { broken } = await simulateDrops({ drops: PLANTED, seed: SEED, planted });
    expect(broken.map((one) => one.kind)).toContain(kind);
  });

  // The signal that kills a writer there lets it tidy up.
  test.skipIf(process.platform === "win32")("by the built daemon", { timeout: LIMIT_MS }, async () => {
    const report = await realDrops({ drops: REAL, seed: SEED, say: () => undefined });
    expectSound(report);
    expect(report.photos).toBeGreaterThan(REAL);
  });
});
