/** What it costs to find out which photos are alike: very many hashes, one among many, and the pixels of a pair. */
import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { cropScore, GREY_BYTES } from "../src/domain/crop-match.ts";
import type { Figure, Suite } from "./figures.ts";

const GOALS = [
  { count: 10_000, name: "10k", cpuMs: null },
  { count: 100_000, name: "100k", cpuMs: 500 },
  { count: 1_000_000, name: "1m", cpuMs: 8_000 },
] as const;
const MOST_MB = 130;
const PAIRS = 40;

interface Answer {
  readonly cpuMs: number;
  readonly oneMs: number;
  readonly isExact: boolean;
  readonly rssMb: number;
}

export const likeness: Suite = {
  name: "likeness",
  async measure({ note }) {
    const figures = GOALS.flatMap(({ count, name, cpuMs }): Figure[] => {
      note(`  ${count} hashes`);
      const answer = grouped(count);
      if (!answer.isExact) throw new Error(`${count} hashes: other pairs than by comparing all with all`);
      return [
        lower(`group-${name}`, answer.cpuMs, "ms CPU, 64 bits, 8 may differ", cpuMs),
        ...(count === 100_000 ? [lower("one-of-100k", answer.oneMs, "ms CPU", 1)] : []),
        ...(count === 1_000_000 ? [lower("memory-1m", answer.rssMb, "MB RSS, peak, with Node", MOST_MB)] : []),
      ];
    });
    return [...figures, lower("crop-pair", cropMs(), "ms CPU a pair looked at", null)];
  },
};

const lower = (name: string, value: number, unit: string, goal: number | null): Figure => ({
  name: `likeness.${name}`,
  value,
  unit,
  goal,
  better: "lower",
});

// A process of its own: its memory is counted, and nothing was compiled before.
const grouped = (count: number): Answer =>
  JSON.parse(
    execFileSync(process.execPath, [fileURLToPath(new URL("./grouping.ts", import.meta.url)), String(count)], {
      encoding: "utf8",
    }),
  );

/** Of two unrelated pictures, which is the usual case, in two shapes. */
function cropMs(): number {
  const wave = (step: number) => Uint8Array.from({ length: GREY_BYTES }, (_, i) => 128 + 100 * Math.sin(i * step));
  const [a, b] = [
    { data: wave(0.11), aspect: 1.5 },
    { data: wave(0.173), aspect: 0.8 },
  ];
  cropScore(a, b);
  const before = process.cpuUsage();
  for (let i = 0; i < PAIRS; i += 1) cropScore(a, b);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e3 / PAIRS;
}
