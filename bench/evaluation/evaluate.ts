/** `npm run bench -- --eval`: how often likeness and quality are right, on generated pictures or on a folder of the user's own. */
import { basename } from "node:path";
import { sharp } from "../../src/imaging/sharp.ts";
import { jpegsIn } from "../corpus.ts";
import type { Figure } from "../figures.ts";
import { leafPictures, manyLeaves, scenes } from "./generated.ts";
import { type Confusions, confusions, type Picture, type Recall, recalls } from "./likeness.ts";
import { blamed, namings } from "./quality.ts";
import { type Seen, seen } from "./seen.ts";

type Note = (line: string) => void;

/** 456 pictures: above 100,000 pairs. */
const SEEDS = 76;
/** of a folder; each is edited in all ways */
const EDITED = 40;
const MOST = 2_000;
const LOOKS = 300;
/** Edits are made of pictures of this size: what likeness sees is smaller. */
const EDGE = 1600;
/** Quality is measured at this size. */
const QUALITY_EDGE = 1024;
const SPOILED = 12;

/** @param folder of photos of the user's own; generated ones without it */
export const evaluate = async (folder: string | undefined, note: Note): Promise<Figure[]> =>
  folder === undefined ? evaluateGenerated(note) : evaluateFolder(folder, note);

async function evaluateGenerated(note: Note): Promise<Figure[]> {
  note("unrelated pictures …");
  const confused = confusions(manyLeaves(SEEDS), LOOKS);
  note("edits of scenes, and of leaves, which have no composition …");
  return [
    ...confusionFigures(confused, note),
    ...recallFigures("eval.scenes", await recalls([...(await scenes(1)), ...(await scenes(2))]), note),
    ...recallFigures("eval.leaves", await recalls(await leafPictures(EDITED / 2)), note),
    ...(await qualityFigures(await leafPictures(SPOILED), note)),
  ];
}

async function evaluateFolder(folder: string, note: Note): Promise<Figure[]> {
  const files = jpegsIn(folder, MOST);
  note(`${files.length} photos; pairs that are called the same are named: look whether they are`);
  const all: Seen[] = [];
  for (const file of files) all.push(await seen(file, file));
  const confused = confusions(all, LOOKS);
  const step = Math.max(1, Math.floor(files.length / EDITED));
  const some = files.filter((_, i) => i % step === 0).slice(0, EDITED);
  const within = async (edge: number): Promise<Picture[]> => {
    const pictures: Picture[] = [];
    for (const file of some) pictures.push({ name: basename(file), jpeg: await reduced(file, edge) });
    return pictures;
  };
  return [
    ...confusionFigures(confused, note),
    ...recallFigures("eval.folder", await recalls(await within(EDGE)), note),
    ...(await qualityFigures(await within(QUALITY_EDGE), note)),
  ];
}

const reduced = (file: string, edge: number): Promise<Buffer> =>
  sharp(file)
    .autoOrient()
    .resize(edge, edge, { fit: "inside", withoutEnlargement: true })
    .toColourspace("srgb")
    .jpeg({ quality: 95 })
    .toBuffer();

async function qualityFigures(pictures: readonly Picture[], note: Note): Promise<Figure[]> {
  note("defects …");
  const unspoiled = await blamed(pictures);
  return [
    { name: "eval.quality.unspoiled", value: unspoiled, unit: "share with a defect", goal: null, better: "lower" },
    ...(await namings(pictures)).flatMap(({ defect, named, falling, goal }): Figure[] => [
      { name: `eval.quality.${defect}`, value: named, unit: "share named so", goal, better: "higher" },
      { name: `eval.quality.${defect}.falling`, value: falling, unit: "share", goal: null, better: "higher" },
    ]),
  ];
}

function confusionFigures({ pairs, same, looked, derived }: Confusions, note: Note): Figure[] {
  for (const [a, b] of same) note(`  called the same: ${a} and ${b}`);
  for (const [a, b] of derived) note(`  called a crop: ${a} and ${b}`);
  return [
    { name: "eval.false-same-frame", value: same.length, unit: `of ${pairs} pairs`, goal: 0, better: "lower" },
    { name: "eval.false-derived", value: derived.length, unit: `of the ${looked} nearest`, goal: 0, better: "lower" },
  ];
}

function recallFigures(prefix: string, found: readonly Recall[], note: Note): Figure[] {
  return found.flatMap(({ edit, share, shareByPixels, goal, missed }): Figure[] => {
    if (missed.length > 0) note(`  ${prefix}, ${edit}: not found again: ${missed.join(", ")}`);
    const recall: Figure = { name: `${prefix}.${edit}`, value: share, unit: "recall", goal, better: "higher" };
    return share === shareByPixels
      ? [recall]
      : [recall, { ...recall, name: `${recall.name}.by-pixels`, value: shareByPixels, goal: null }];
  });
}
