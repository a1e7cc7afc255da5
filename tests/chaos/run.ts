/**
 *     npm run chaos -- [--kills 60] [--seed 1] [--variant early-row|photo-by-photo]
 *
 * Exits 1 if an invariant was violated; with a planted variant, that is what it is there for.
 */
import { parseArgs } from "node:util";
import { isVariant, VARIANTS } from "./boundaries.ts";
import { runChaos, summaryOf } from "./chaos.ts";

const say = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

const { values } = parseArgs({
  options: {
    kills: { type: "string", default: "60" },
    seed: { type: "string", default: "1" },
    variant: { type: "string" },
  },
});
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(1));
const { variant } = values;
if (variant !== undefined && !isVariant(variant)) throw new Error(`variants are ${Object.keys(VARIANTS).join(", ")}`);
const seed = Number(values.seed);
say(`seed ${seed}${variant === undefined ? "" : `, planted: ${VARIANTS[variant]}`}`);
const report = await runChaos({ kills: Number(values.kills), seed, variant, say });
for (const line of summaryOf(report, seed)) say(line);
process.exitCode = report.tally.violations.length === 0 ? 0 : 1;
