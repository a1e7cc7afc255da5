import { expect, test } from "vitest";
import { corpusSummary, runCorpus } from "./corpus.ts";

const SEED = 1;
const LIMIT_MS = 600_000;

// There is no /proc to see processes in.
test.skipIf(process.platform !== "linux")(
  "every damaged file ends as a photo or with a clear code, and the healthy ones as if they were alone",
  { timeout: LIMIT_MS },
  async () => {
    const report = await runCorpus({ seed: SEED, every: 1, say: () => undefined });
    process.stdout.write(`${corpusSummary(report).join("\n")}\n`);
    expect(report.violations).toEqual([]);
    expect(report.healthy).toBeGreaterThanOrEqual(20);
    const culled = report.files.filter(({ name }) => report.fates.get(name)?.cull);
    expect(culled.length).toBeGreaterThan(report.files.length / 3);
    expect(culled.length).toBeLessThan(report.files.length);
  },
);
