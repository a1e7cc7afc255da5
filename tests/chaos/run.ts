/**
 *     npm run chaos -- [--kills 60] [--seed 1] [--variant early-row|photo-by-photo]
 *     npm run chaos -- --corpus [--seed 1] [--every 1]
 *
 * The second drops damaged files of every format instead of killing; `--every 8` takes one in eight of them.
 * Exits 1 if an invariant was violated; with a planted variant, that is what it is there for.
 */
import { parseArgs } from "node:util";
import { isVariant, VARIANTS } from "./boundaries.ts";
import { runChaos, summaryOf } from "./chaos.ts";
import { corpusSummary, runCorpus } from "./corpus.ts";

const say = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

const { values } = parseArgs({
  options: {
    kills: { type: "string", default: "60" },
    seed: { type: "string", default: "1" },
    variant: { type: "string" },
    corpus: { type: "boolean", default: false },
    every: { type: "string", default: "1" },
  },
});
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(1));
const seed = Number(values.seed);
process.exitCode = (values.corpus ? await damage() : await kill()) === 0 ? 0 : 1;

/** @returns violations */
async function damage(): Promise<number> {
  const report = await runCorpus({ seed, every: Number(values.every), say });
  for (const line of corpusSummary(report)) say(line);
  return report.violations.length;
}

/** @returns violations */
async function kill(): Promise<number> {
  const { variant } = values;
  if (variant !== undefined && !isVariant(variant)) throw new Error(`variants are ${Object.keys(VARIANTS).join(", ")}`);
  say(`seed ${seed}${variant === undefined ? "" : `, planted: ${VARIANTS[variant]}`}`);
  const report = await runChaos({ kills: Number(values.kills), seed, variant, say });
  for (const line of summaryOf(report, seed)) say(line);
  return report.tally.violations.length;
}
