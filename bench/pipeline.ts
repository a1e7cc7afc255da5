import { join } from "node:path";
import { corpus } from "./corpus.ts";
import { drop, endDaemon, makeHome, removeHome, startDaemon, timeToGate } from "./daemon.ts";
import { type Figure, median, type Suite } from "./figures.ts";
import { cpuMsOf, watchMemory } from "./memory.ts";
import { type LoopResult, startLoop } from "./plain-loop.ts";

/** Pipeline and loop take turns, and the turn to go first: whatever else the machine does hits both. */
const ROUNDS = 4;
const PHOTOS = 200;

/** From a settled folder to the gate: copy, hash, tags, one decode, previews, measures, words, names, every fact stored. */
export const pipeline: Suite = {
  name: "pipeline",
  async measure(options) {
    const files = await corpus(Math.min(options.photos, PHOTOS), options);
    const home = makeHome();
    const daemon = await startDaemon(home);
    const loop = await startLoop(join(home, "loop"));
    const endWatch = watchMemory(daemon.pid);
    const rounds: { photos: number; ours: LoopResult; plain: LoopResult }[] = [];
    try {
      for (let round = 0; round < ROUNDS; round += 1) {
        const part = files.filter((_, i) => i % ROUNDS === round);
        const ours = async (): Promise<LoopResult> => throughGate(home, daemon.pid, `round-${round}`, part);
        const plain = async (): Promise<LoopResult> => loop.run(part);
        const [first, second] = round % 2 === 0 ? [ours, plain] : [plain, ours];
        const [one, other] = [await first(), await second()];
        rounds.push({
          photos: part.length,
          ...(round % 2 === 0 ? { ours: one, plain: other } : { ours: other, plain: one }),
        });
        options.note(`round ${round + 1} of ${ROUNDS}: ${rounds.slice(-1).map(sayRound).join("")}`);
      }
    } finally {
      loop.end();
      await endDaemon(daemon);
      removeHome(home);
    }
    return figuresOf(rounds, endWatch());
  },
};

async function throughGate(home: string, pid: number, set: string, photos: readonly string[]): Promise<LoopResult> {
  const before = cpuMsOf(pid);
  drop(home, set, photos);
  const ms = await timeToGate(home, set, photos.length);
  return { ms, cpuMs: cpuMsOf(pid) - before };
}

interface Round {
  readonly photos: number;
  readonly ours: LoopResult;
  readonly plain: LoopResult;
}

const perSecond = (photos: number, { ms }: LoopResult): number => (photos * 1_000) / ms;
const sayRound = ({ photos, ours, plain }: Round): string =>
  `${perSecond(photos, ours).toFixed(1)} photos/s, plain loop ${perSecond(photos, plain).toFixed(1)}`;

function figuresOf(rounds: readonly Round[], peak: number): Figure[] {
  const over = (of: (round: Round) => number): number => median(rounds.map(of));
  return [
    figure(
      "rate",
      over(({ photos, ours }) => perSecond(photos, ours)),
      "photos/s",
    ),
    figure(
      "plain-loop.rate",
      over(({ photos, plain }) => perSecond(photos, plain)),
      "photos/s",
    ),
    {
      ...figure(
        "rate-to-plain-loop",
        over(({ ours, plain }) => plain.ms / ours.ms),
        "ratio",
      ),
      goal: 0.8,
    },
    {
      ...figure(
        "cpu",
        over(({ photos, ours }) => ours.cpuMs / photos),
        "ms/photo",
      ),
      better: "lower",
    },
    {
      ...figure(
        "plain-loop.cpu",
        over(({ photos, plain }) => plain.cpuMs / photos),
        "ms/photo",
      ),
      better: "lower",
    },
    { ...figure("memory", peak, "MB PSS, peak"), goal: 600, better: "lower" },
  ];
}

const figure = (name: string, value: number, unit: string): Figure => ({
  name: `pipeline.${name}`,
  value,
  unit,
  goal: null,
  better: "higher",
});
