import { largeCorpus } from "./corpus.ts";
import { type Figure, median, type Options, type Suite } from "./figures.ts";
import { OUTPUTS, type Output, PICTURES, PICTURES_2048 } from "./peers/outputs.ts";
import { LOOKS, MAKERS_2048, PICTURE_MAKERS, type Spent } from "./peers/peer.ts";
import { assertPictures } from "./peers/pictures.ts";
import { ensurePrograms } from "./programs.ts";
import { makeScratch, removeScratch } from "./scratch.ts";

const PHOTOS = 12;
const ROUNDS = 2;

/** They are no peers, but the limit and a part. */
const WITHOUT_PICTURES: ReadonlySet<string> = new Set(["decode", "decode-unverified", "crops"]);

const PEERS = { ...LOOKS, ...PICTURE_MAKERS, ...MAKERS_2048 };
type Name = keyof typeof PEERS;
type Round = Readonly<Record<Name, Spent>>;

const NAMES = Object.keys(PEERS).filter((name): name is Name => Object.hasOwn(PEERS, name));
/** The best single command of each; what else there is stands beside it. */
const WITH_GOAL: ReadonlySet<Name> = new Set<Name>(["pictures", "vipsthumbnail", "imagemagick", "graphicsmagick"]);
const isPictureMaker = (name: Name): boolean => Object.hasOwn(PICTURE_MAKERS, name);
/** Whose work of ours it is set beside, and what has to be there when it is done. */
const kindOf = (name: Name): { ours: "pictures" | "pictures-2048" | "look"; outputs: readonly Output[] } => {
  if (isPictureMaker(name)) return { ours: "pictures", outputs: PICTURES };
  if (Object.hasOwn(MAKERS_2048, name)) return { ours: "pictures-2048", outputs: PICTURES_2048 };
  return { ours: "look", outputs: OUTPUTS };
};

/** Our look, and its pictures alone, beside what else one could do the same work with: same photos, same pictures, in turn. */
export const peers: Suite = {
  name: "peers",
  prepare: ({ note }) => ensurePrograms(note),
  async measure(options) {
    const files = await largeCorpus(Math.min(options.photos, PHOTOS), options);
    const rounds: Round[] = [];
    for (let round = 0; round < ROUNDS; round += 1) rounds.push(await inTurn(round, files, options));
    return figuresOf(rounds, files.length);
  },
};

/** Whoever was first is last in the next round. */
async function inTurn(round: number, files: readonly string[], { note }: Options): Promise<Round> {
  const spent: Partial<Record<Name, Spent>> = {};
  for (const name of round % 2 === 0 ? NAMES : NAMES.toReversed()) {
    const into = makeScratch("peer");
    try {
      const one = await PEERS[name](files, into);
      if (!WITHOUT_PICTURES.has(name)) await assertPictures(files, into, kindOf(name).outputs);
      spent[name] = one;
      note(`  ${name}: ${(one.cpuMs / files.length).toFixed(0)} ms CPU a photo, ${one.memory.toFixed(0)} MB`);
    } finally {
      removeScratch(into);
    }
  }
  return Object.fromEntries(NAMES.map((name) => [name, spent[name]])) as Round;
}

function figuresOf(rounds: readonly Round[], photos: number): Figure[] {
  const over = (of: (round: Round) => number): number => median(rounds.map(of));
  const lookCpu = ({ look, crops }: Round): number => look.cpuMs - crops.cpuMs;
  const lookTo = (name: Name): number => over((round) => lookCpu(round) / round[name].cpuMs);
  const atMost = (name: string, value: number, goal: number, unit = "ratio of CPU"): Figure => ({
    name: `peers.${name}`,
    value,
    unit,
    goal,
    better: "lower",
  });
  /** Of those who make pictures only, to our pictures only; of the others, to our look. */
  const atLeast = (name: Name, goal: number | null): Figure => {
    const { ours } = kindOf(name);
    return {
      name: `peers.${name}-to-${ours}`,
      value: over((round) => round[name].cpuMs / (ours === "look" ? lookCpu(round) : round[ours].cpuMs)),
      unit: "ratio of CPU",
      goal,
      better: "higher",
    };
  };
  const plain = (name: string, value: number, unit: string, better: Figure["better"]): Figure => ({
    name: `peers.${name}`,
    value,
    unit,
    goal: null,
    better,
  });
  const verification = (round: Round): number =>
    (100 * (round.decode.cpuMs - round["decode-unverified"].cpuMs)) / lookCpu(round);
  return [
    ...NAMES.flatMap((name) => [
      plain(
        `${name}.cpu`,
        over((round) => round[name].cpuMs / photos),
        "ms/photo",
        "lower",
      ),
      plain(
        `${name}.rate`,
        over((round) => (photos * 1_000) / round[name].ms),
        "photos/s",
        "higher",
      ),
      plain(`${name}.memory`, Math.max(...rounds.map((round) => round[name].memory)), "MB PSS, peak", "lower"),
    ]),
    plain(
      "look-without-crops.cpu",
      over((round) => lookCpu(round) / photos),
      "ms/photo",
      "lower",
    ),
    atMost("look-to-apart", lookTo("apart"), 0.16),
    atMost("look-to-floor", lookTo("floor"), 1.2),
    atLeast("pillow-pool", 6),
    atLeast("pillow-whole", 1.8),
    atLeast("pillow-expert", 1.8),
    atLeast("vipsthumbnail", 2),
    atLeast("imagemagick", 4.5),
    atLeast("graphicsmagick", 4.5),
    atLeast("imagemagick-2048", 4.5),
    atLeast("graphicsmagick-2048", 4.5),
    ...NAMES.filter((name) => isPictureMaker(name) && !WITH_GOAL.has(name)).map((name) => atLeast(name, null)),
    plain("decode-to-look", 1 / lookTo("decode"), "ratio of CPU", "higher"),
    atMost("verification", over(verification), 3, "% of the look's CPU"),
  ];
}
