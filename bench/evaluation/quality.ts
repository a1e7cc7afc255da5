import { availableParallelism } from "node:os";
import { DEFECTS } from "../../src/domain/defects.ts";
import type { Technical } from "../../src/domain/facts.ts";
import { technicalOf } from "../../src/domain/technical.ts";
import { sharp } from "../../src/imaging/sharp.ts";
import { statisticsOf } from "../../src/imaging/statistics.ts";
import { blockinessOf, traitsOf } from "../../src/imaging/traits.ts";
import { pool } from "../../src/pipeline/pool.ts";
import type { Picture } from "./likeness.ts";
import { SPOILS } from "./spoils.ts";

export interface Named {
  readonly defect: string;
  /** share of pictures of which much of it is called by its name, 0-1 */
  readonly named: number;
  /** share of pictures whose own score for it falls with every amount, 0-1 */
  readonly falling: number;
  readonly goal: number;
}

/** As the look measures it: a picture of this size is not reduced, and its blocks are where they were. */
async function technical(jpeg: Buffer): Promise<Technical> {
  const { data, info } = await sharp(jpeg).raw().toBuffer({ resolveWithObject: true });
  const statistics = statisticsOf(data, info.width, info.height);
  const blockiness = blockinessOf(statistics.luma, { x: 0, y: 0 });
  return technicalOf({ ...traitsOf(statistics), blockiness, jpegQuality: null });
}

/** @param pictures without much wrong with them, at most 1024 pixels long @returns how many are named something, 0-1 */
export async function blamed(pictures: readonly Picture[]): Promise<number> {
  let count = 0;
  for (const { jpeg } of pictures) if ((await technical(jpeg)).defect !== null) count += 1;
  return count / pictures.length;
}

/** Spoils each picture in each way, and asks what is wrong with it. */
export async function namings(pictures: readonly Picture[]): Promise<Named[]> {
  const counts = new Map(DEFECTS.map((defect) => [defect, { named: 0, falling: 0 }]));
  await pool(pictures, availableParallelism(), new AbortController().signal, async ({ jpeg }) => {
    for (const [defect, count] of counts) {
      const { amounts, names, apply } = SPOILS[defect];
      const levels: Technical[] = [];
      for (const amount of amounts) levels.push(await technical(await apply(jpeg, amount)));
      const own = levels.map(({ scores }) => scores[defect] ?? 100);
      if (own.every((score, i) => i === 0 || score <= (own[i - 1] ?? 0))) count.falling += 1;
      if (names.some((name) => name === levels.at(-1)?.defect)) count.named += 1;
    }
  });
  return [...counts].map(([defect, { named, falling }]) => ({
    defect,
    named: named / pictures.length,
    falling: falling / pictures.length,
    goal: SPOILS[defect].named,
  }));
}
