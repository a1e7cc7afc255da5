/**
 * `npm run bench`: what Photogate costs, beside what a plain loop costs on the same machine in the same minutes.
 *
 *   --photos N    at most so many photos a suite (200 for the pipeline, 10000 for the soak, if not said)
 *   --files N     small files for the intake (default 20000)
 *   --only NAME   a suite, or one figure of it: `pipeline`, `idle.memory`; long suites only run so
 *   --corpus DIR  JPEGs of your own in place of generated ones
 *   --eval [DIR]  how often likeness is right, in place of what things cost: on generated pictures, or on JPEGs of your own
 *   --json FILE   every figure, with the machine it was taken on
 *   --chart FILE  bars of what a photo costs, as SVG (of `peers`)
 *   --strict      exit 1 if a goal is missed
 */
import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { chart } from "./chart.ts";
import { crops } from "./crops.ts";
import { evaluate } from "./evaluation/evaluate.ts";
import { type Figure, isMet, machine, type Options, type Suite, table } from "./figures.ts";
import { idle } from "./idle.ts";
import { idleWatch } from "./idle-watch.ts";
import { intake } from "./intake.ts";
import { likeness } from "./likeness.ts";
import { look } from "./look.ts";
import { peers } from "./peers.ts";
import { pipeline } from "./pipeline.ts";
import { restart } from "./restart.ts";
import { sight } from "./sight.ts";
import { soak } from "./soak.ts";
import { wording } from "./wording.ts";
import { wordsStage } from "./words.ts";
import { work } from "./work.ts";

/** A new figure is a line here, or a figure more in one of these. */
const SUITES: readonly Suite[] = [
  pipeline,
  look,
  likeness,
  sight,
  wordsStage,
  peers,
  crops,
  wording,
  work,
  intake,
  idle,
  idleWatch,
  restart,
  soak,
];

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    photos: { type: "string" },
    files: { type: "string", default: "20000" },
    only: { type: "string" },
    corpus: { type: "string" },
    eval: { type: "boolean", default: false },
    json: { type: "string" },
    chart: { type: "string" },
    strict: { type: "boolean", default: false },
  },
});
if (positionals.length > (values.eval ? 1 : 0))
  throw new Error(`what is ${positionals.at(-1)} for? A folder comes after --eval`);
const note = (line: string): void => {
  process.stderr.write(`${line}\n`);
};
const isWanted = (name: string): boolean =>
  values.only === undefined || name === values.only || name.startsWith(`${values.only}.`);

const isAsked = ({ name, isLong = false }: Suite): boolean =>
  values.only === undefined ? !isLong : isWanted(name) || values.only.startsWith(`${name}.`);
const options: Options = {
  photos: Math.max(4, Number(values.photos ?? Number.POSITIVE_INFINITY)),
  files: Math.max(1, Number(values.files)),
  corpus: values.corpus,
  note,
};

async function measured(): Promise<Figure[]> {
  const figures: Figure[] = [];
  const suites = SUITES.filter(isAsked);
  for (const suite of suites) suite.prepare?.(options);
  for (const suite of suites) {
    note(`${suite.name} …`);
    figures.push(...(await suite.measure(options)).filter(({ name }) => isWanted(name)));
  }
  return figures;
}

const figures = values.eval ? await evaluate(positionals[0], note) : await measured();

const { cpu, cores, node, sharp, libvips } = machine();
process.stdout.write(`${table(figures)}\n${cores} x ${cpu}, Node.js ${node}, sharp ${sharp}, libvips ${libvips}\n`);
if (values.json !== undefined)
  writeFileSync(
    values.json,
    `${JSON.stringify(
      figures.map((figure) => ({ ...figure, machine: machine() })),
      null,
      2,
    )}\n`,
  );
if (values.chart !== undefined) writeFileSync(values.chart, chart(figures));
const missed = figures.filter((figure) => !isMet(figure));
if (missed.length > 0) note(`Missed: ${missed.map(({ name }) => name).join(", ")}.`);
if (figures.length === 0) note(`There is no figure called ${values.only}.`);
process.exitCode = values.strict && (missed.length > 0 || figures.length === 0) ? 1 : 0;
