import { describe, expect, test } from "vitest";
import { BOUNDARIES, ROLLBACK_BOUNDARIES } from "./boundaries.ts";
import { runChaos, summaryOf } from "./chaos.ts";
import { INVARIANTS } from "./tally.ts";

const SEED = 1;
/** All places once, a run killed at random moments, and the beginning of one on a file system without links. */
const KILLS = 101;
const LIMIT_MS = 600_000;

// There are no process groups to be killed as one.
describe.skipIf(process.platform === "win32")("a daemon that is killed", () => {
  test("at every boundary and at random moments ends as if it had not been", { timeout: LIMIT_MS }, async () => {
    const lines: string[] = [];
    const report = await runChaos({ kills: KILLS, seed: SEED, say: (line) => lines.push(line) });
    process.stdout.write(`${summaryOf(report, SEED).join("\n")}\n`);
    expect(report.tally.violations, lines.join("\n")).toEqual([]);
    expect(report.done.length).toBeGreaterThanOrEqual(60);
    expect([...BOUNDARIES, ...ROLLBACK_BOUNDARIES].filter((place) => !report.hit.has(place))).toEqual([]);
    expect(Object.keys(INVARIANTS).filter((id) => report.tally.checked(id) === 0)).toEqual([]);
    expect(report.done.filter(({ busy }) => busy).length).toBeGreaterThan(0);
  });

  test.each([
    ["early-row", "I05"],
    ["photo-by-photo", "W04"],
  ] as const)("is not safe if it is built wrong: %s is found by %s", { timeout: LIMIT_MS }, async (variant, id) => {
    const options = { kills: KILLS, seed: SEED, variant, untilViolated: true, say: () => undefined };
    const { tally } = await runChaos(options);
    expect(tally.violations.map((violation) => violation.id)).toContain(id);
  });
});
