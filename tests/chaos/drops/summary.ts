/** Counts what became of drops, by story, and keeps what did not hold with the script that led to it. */
import { linesOf, type Script } from "./script.ts";
import { type Judged, VIOLATIONS, type Violation } from "./verdict.ts";

export interface Broken extends Violation {
  readonly story: string;
  readonly script: readonly string[];
}

export interface DropsReport {
  readonly seed: number;
  readonly drops: number;
  readonly stories: ReadonlyMap<string, number>;
  readonly photos: number;
  readonly aliases: number;
  readonly explained: number;
  /** cut files that were taken after patience was over, as they were */
  readonly cut: number;
  /** cut files of kinds whose end nobody can see, taken after the quiet time alone */
  readonly unseen: number;
  /** files whose writer stopped for longer than it was to, and than anybody would wait */
  readonly overdue: number;
  readonly broken: readonly Broken[];
  /** looks that failed in a way nobody foresaw */
  readonly failures: readonly string[];
}

export interface DropsTally {
  add(scripts: readonly Script[], judged: Judged, failures: readonly string[]): void;
  report(): DropsReport;
}

export function dropsTally(seed: number): DropsTally {
  const stories = new Map<string, number>();
  const broken: Broken[] = [];
  const failed: string[] = [];
  const sums = { photos: 0, aliases: 0, explained: 0, cut: 0, unseen: 0, overdue: 0 };
  let drops = 0;
  return {
    add(scripts, judged, failures) {
      drops += scripts.length;
      for (const { story } of scripts) stories.set(story, (stories.get(story) ?? 0) + 1);
      sums.photos += judged.photos;
      sums.aliases += judged.aliases;
      sums.explained += judged.explained;
      sums.cut += judged.cut;
      sums.unseen += judged.unseen;
      sums.overdue += judged.overdue;
      failed.push(...failures);
      for (const violation of judged.violations) {
        const script = scripts.find(({ number }) => number === violation.number);
        broken.push({ ...violation, story: script?.story ?? "?", script: script === undefined ? [] : linesOf(script) });
      }
    },
    report: () => ({ seed, drops, stories, ...sums, broken, failures: failed }),
  };
}

export function dropsSummary(report: DropsReport): string[] {
  const { seed, drops, photos, aliases, explained, cut, unseen, overdue, broken, failures, stories } = report;
  const count = (kind: string): number => broken.filter((one) => one.kind === kind).length;
  return [
    `seed ${seed}: ${drops} drops, ${photos} photos, ${aliases} copies of them, ${explained} other files with a reason`,
    ...Object.entries(VIOLATIONS).map(([kind, sentence]) => `${String(count(kind)).padStart(6)} ${kind}: ${sentence}`),
    `${String(cut).padStart(6)} cut files of killed writers taken as they were, after patience was over`,
    `${String(unseen).padStart(6)} cut files of kinds whose end nobody can see, after the quiet time alone`,
    `${String(overdue).padStart(6)} files whose writer stopped for longer than was planned, and than anybody waits`,
    `${String(failures.length).padStart(6)} looks failed${failures.length > 0 ? `: ${failures[0]}` : ""}`,
    ...[...stories].map(
      ([story, n]) =>
        `${String(n).padStart(6)} ${story}: ${broken.filter((one) => one.story === story).length} violations`,
    ),
  ];
}

/** The first of them in full, with what their writers did. */
export const dropsDetails = ({ broken }: DropsReport, most = 10): string[] =>
  broken
    .slice(0, most)
    .flatMap(({ kind, number, what, story, script }) => [`${kind} in drop ${number} (${story}): ${what}`, ...script]);
