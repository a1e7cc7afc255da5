/**
 * Which of several photos that are alike one would keep: an order of questions, the first that tells them apart decides.
 * A proposal with its reason in words; nothing is left out because of it.
 */
import type { ImageType } from "./formats.ts";
import { type Millis, type PhotoId, sizeText } from "./words.ts";

/** What the choice of a keeper looks at. */
export interface Candidate {
  readonly id: PhotoId;
  readonly path: string;
  readonly type: ImageType;
  /** pixels, upright */
  readonly width: number;
  readonly height: number;
  readonly bytes: number;
  /** when its file was last written */
  readonly changedAt: Millis;
  /** -1 rejected, 0 none, 1 to 5 stars; null where nobody said */
  readonly rating: number | null;
  /** 1-100; null if it is no JPEG */
  readonly jpegQuality: number | null;
  /** for ranking frames of one scene, >= 0, no unit */
  readonly detail: number;
  /** on flat tiles, lower is better; null where there are none */
  readonly noise: number | null;
  /** share of blown highlights, 0-1 */
  readonly clipped: number;
}

/** `largest`: most pixels first; `newest`: newest edit first, if it has nearly as many pixels. */
export const KEEP = ["largest", "newest"] as const;
export type Keep = (typeof KEEP)[number];

export interface Choice {
  readonly keeper: PhotoId;
  /** for the keeper: what sets it above the next; for each other: what sets the keeper above it */
  readonly reasons: ReadonlyMap<PhotoId, string>;
}

/** Keeps the best of what is left, and says what the best has that another lacks. */
interface Question {
  readonly best: (left: readonly Candidate[]) => readonly Candidate[];
  readonly says: (keeper: Candidate, other: Candidate) => string;
}

const area = ({ width, height }: Candidate): number => width * height;

/** Those whose figure is not further below the highest than the margin: 0.05 is 5 %. */
const highest =
  (figure: (one: Candidate) => number, margin = 0): Question["best"] =>
  (left) => {
    const most = Math.max(...left.map(figure));
    return left.filter((one) => figure(one) >= most - Math.abs(most) * margin);
  };

const FORMATS: readonly (readonly ImageType[])[] = [["raw"], ["tiff"], ["png"], ["heic"], ["jpeg"], ["webp"]];
const formatRank = ({ type }: Candidate): number => {
  const rank = FORMATS.findIndex((types) => types.includes(type));
  return rank < 0 ? -FORMATS.length : -rank;
};
const pixelsText = ({ width, height }: Candidate): string => `${width} × ${height} px`;
const stars = (one: Candidate): number => one.rating ?? 0;
/** As tools that write JPEGs count it; between two that round to the same the decimal tells. */
const qualityText = ({ jpegQuality }: Candidate): string => String(Math.round((jpegQuality ?? 0) * 10) / 10);
const percentAbove = (more: number, less: number): string =>
  less <= 0 ? "much" : `by ${Math.round((more / less - 1) * 100)} %`;

/** An edit counts as the newer picture only where it has nearly all the pixels: a small export is no edit to keep. */
const NEARLY_ALL_PIXELS = 0.9;

const newest: Question = {
  best: (left) => {
    const enough = highest(area, 1 - NEARLY_ALL_PIXELS)(left);
    return highest(({ changedAt }) => changedAt)(enough);
  },
  says: (keeper, other) =>
    keeper.changedAt > other.changedAt
      ? "the newest edit"
      : `larger: ${pixelsText(keeper)} against ${pixelsText(other)}`,
};

const RATED: Question = { best: highest(stars), says: (keeper) => `rated ${stars(keeper)} of 5` };
const LARGER: Question = {
  best: highest(area),
  says: (keeper, other) => `larger: ${pixelsText(keeper)} against ${pixelsText(other)}`,
};
const EARLIER: Question = { best: highest(({ id }) => -id), says: () => "the first of equals" };

const sameFrameQuestions = (keep: Keep): readonly Question[] => [
  RATED,
  keep === "newest" ? newest : LARGER,
  {
    best: highest(formatRank),
    says: (keeper, other) => `${keeper.type.toUpperCase()} rather than ${other.type.toUpperCase()}`,
  },
  {
    best: highest(({ jpegQuality }) => jpegQuality ?? 0),
    says: (keeper, other) => `JPEG quality ${qualityText(keeper)} against ${qualityText(other)}`,
  },
  {
    best: highest(({ bytes }) => bytes),
    says: (keeper, other) => `larger file: ${sizeText(keeper.bytes)} against ${sizeText(other.bytes)}`,
  },
  EARLIER,
];

const SHARPER = 0.05;
/** shares of blown pixels this far apart are seen */
const CLIPPED_APART = 0.01;
const LESS_NOISE = 0.1;

const middleOf = (ids: readonly PhotoId[]): Question => ({
  best: highest(({ id }) => -Math.abs(ids.indexOf(id) - (ids.length - 1) / 2)),
  says: () => "nearer the middle of the burst",
});

const burstQuestions = (order: readonly PhotoId[]): readonly Question[] => [
  RATED,
  {
    best: highest(({ detail }) => detail, SHARPER),
    says: (keeper, other) => `sharper ${percentAbove(keeper.detail, other.detail)}`,
  },
  {
    best: (left) => {
      const least = Math.min(...left.map(({ clipped }) => clipped));
      return left.filter(({ clipped }) => clipped <= least + CLIPPED_APART);
    },
    says: () => "fewer blown highlights",
  },
  { best: leastNoise, says: () => "less noise" },
  middleOf(order),
  EARLIER,
];

function leastNoise(left: readonly Candidate[]): readonly Candidate[] {
  const noises = left.map(({ noise }) => noise).filter((noise) => noise !== null);
  // Where one of them has no flat tile there is nothing to compare.
  if (noises.length < left.length) return left;
  const least = Math.min(...noises);
  return left.filter(({ noise }) => (noise ?? 0) <= least * (1 + LESS_NOISE));
}

/** Of copies and edits of one picture. */
export const keeperOfFrame = (candidates: readonly Candidate[], keep: Keep): Choice =>
  chosen(candidates, sameFrameQuestions(keep));

/** Of shots taken right after one another, in the order they were taken. */
export const keeperOfBurst = (candidates: readonly Candidate[]): Choice =>
  chosen(candidates, burstQuestions(candidates.map(({ id }) => id)));

function chosen(candidates: readonly Candidate[], questions: readonly Question[]): Choice {
  let left = candidates;
  const ruledOut: { readonly by: Question; readonly one: Candidate }[] = [];
  for (const question of questions) {
    const best = question.best(left);
    ruledOut.push(...left.filter((one) => !best.includes(one)).map((one) => ({ by: question, one })));
    left = best;
  }
  const [keeper] = left;
  if (keeper === undefined) throw new Error("no keeper of nobody");
  const reasons = new Map(ruledOut.map(({ by, one }) => [one.id, by.says(keeper, one)]));
  const next = ruledOut.at(-1);
  return { keeper: keeper.id, reasons: reasons.set(keeper.id, next?.by.says(keeper, next.one) ?? "the only one") };
}

/** A person keeps one photo rather than another. */
export interface KeeperChoice {
  readonly keeper: PhotoId;
  readonly over: PhotoId;
}

/**
 * The photo a person keeps of these: it wins over every question above.
 *
 * @param choices the latest last
 */
export function keptAmong(members: readonly PhotoId[], choices: readonly KeeperChoice[]): PhotoId | undefined {
  const among = new Set(members);
  return choices.findLast(({ keeper, over }) => among.has(keeper) && among.has(over))?.keeper;
}
