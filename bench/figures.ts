import { availableParallelism, cpus } from "node:os";
import { styleText } from "node:util";
import { sharp } from "../src/imaging/sharp.ts";

/** One line of the table. */
export interface Figure {
  /** `suite.what` */
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** null where nothing is promised */
  readonly goal: number | null;
  readonly better: "lower" | "higher";
}

export interface Options {
  /** the most a suite takes; each has a number of its own */
  readonly photos: number;
  /** small files that are copied into an inbox */
  readonly files: number;
  /** a folder of the user's own photos, in place of ours */
  readonly corpus: string | undefined;
  /** says what is going on, on stderr */
  readonly note: (line: string) => void;
}

/** Figures that are measured together. */
export interface Suite {
  readonly name: string;
  /** takes long, or the whole machine: measured only when `--only` names it */
  readonly isLong?: boolean;
  /** before anything is measured @throws if the suite cannot be measured here */
  readonly prepare?: (options: Options) => void;
  readonly measure: (options: Options) => Promise<Figure[]>;
}

export const isMet = ({ value, goal, better }: Figure): boolean =>
  goal === null || (better === "lower" ? value <= goal : value >= goal);

/** Without it a figure means nothing. */
export const machine = () => ({
  cpu: cpus()[0]?.model ?? "unknown",
  cores: availableParallelism(),
  node: process.version,
  sharp: sharp.versions.sharp,
  libvips: sharp.versions.vips,
});

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  return ((sorted[Math.floor(middle)] ?? Number.NaN) + (sorted[Math.ceil(middle)] ?? Number.NaN)) / 2;
}

/** @param share 0.99 for the slowest in a hundred */
export const percentile = (values: readonly number[], share: number): number =>
  values.toSorted((a, b) => a - b)[Math.ceil(share * values.length) - 1] ?? Number.NaN;

export function table(figures: readonly Figure[]): string {
  const rows = [
    ["figure", "value", "unit", "goal", ""],
    ...figures.map((figure) => [
      figure.name,
      String(Number(figure.value.toPrecision(4))),
      figure.unit,
      figure.goal === null ? "" : `${figure.better === "lower" ? "<=" : ">="} ${figure.goal}`,
      figure.goal === null ? "" : isMet(figure) ? "met" : styleText("red", "MISSED"),
    ]),
  ];
  const widths = [0, 1, 2, 3, 4].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows
    .map((row) =>
      row
        .map((cell, i) => cell.padEnd(widths[i] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}
