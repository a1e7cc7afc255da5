import { flawsOf } from "../src/domain/wording.ts";
import { type Known, NOTHING_KNOWN, type Words } from "../src/domain/wording-rule.ts";
import { chorusOf, type Member } from "../src/domain/wording-set.ts";
import { english } from "../src/language/english.ts";
import { type Figure, median, type Suite } from "./figures.ts";

const ROWS = 1_000;
const SET = 500;
/** The first teaches the compiler. */
const ROUNDS = 5;

/** What it costs to hold words to the rules: of a photo, and of a photo among those of its set. */
export const wording: Suite = {
  name: "words",
  async measure({ note }) {
    const lexicon = english();
    const rows = Array.from({ length: ROWS }, (_, i) => rowOf(i));
    let flaws = 0;
    const rounds = Array.from({ length: ROUNDS }, () =>
      cpuMs(() => {
        // What is known is another object for every photo, as it is in the stage.
        for (const { words, known } of rows) flaws += flawsOf(words, { ...known }, lexicon).length;
      }),
    );
    const members = rows.slice(0, SET).map(({ words }, photo): Member => ({ photo, words, alike: new Set() }));
    let alike = 0;
    const sets = Array.from({ length: ROUNDS }, () =>
      cpuMs(() => {
        for (const { words, known } of rows.slice(0, SET)) flawsOf(words, { ...known }, lexicon);
        const chorus = chorusOf(lexicon);
        alike = 0;
        for (const member of members) {
          alike += chorus.flaws(member).length;
          chorus.add(member);
        }
      }),
    );
    note(`  ${(flaws / ROUNDS / ROWS).toFixed(1)} flaws a row, ${alike} in the set`);
    return [
      { name: "words.rules", value: median(rounds.slice(1)) / ROWS, unit: "ms CPU/row", goal: 0.5, better: "lower" },
      { name: "words.rules-first", value: (rounds[0] ?? 0) / ROWS, unit: "ms CPU/row", goal: null, better: "lower" },
      { name: "words.set", value: median(sets.slice(1)), unit: "ms CPU/500", goal: 1_000, better: "lower" },
    ] satisfies Figure[];
  },
};

function cpuMs(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}

const SUBJECTS =
  "Grey Heron;Mute Swan;Barn Owl;Red Fox;Roe Deer;Boeing 737;Steam Train;Fishing Boat;Windmill;Street Market".split(
    ";",
  );
const DOINGS = "wading through;resting beside;crossing;waiting near;passing;turning above;standing in".split(";");
const PLACES =
  "shallow water;a row of bare trees;a wet street;the harbour wall;tall reeds;a narrow canal;Lake Como".split(";");
const LIGHTS = "at dawn;in soft rain;under low clouds;in late October light;before a storm;at noon".split(";");
const TOWNS = "Amsterdam, Netherlands;Ghent, Belgium;Texel;Innsbruck, Austria".split(";");
const SEEN = "reed;water;sky;path;grass;stone;roof;wing;wheel;window;cloud;shadow".split(";");

const pick = <T>(list: readonly T[], i: number): T | undefined => list[i % list.length];

/** A photo's words as a model writes them: most are fine, some name places or praise. */
function rowOf(i: number): { readonly words: Words; readonly known: Known } {
  const [subject = "", town = ""] = [pick(SUBJECTS, i), pick(TOWNS, Math.floor(i / 3))];
  const place = pick(PLACES, Math.floor(i / 10));
  const praise = i % 17 === 0 ? "Stunning " : "";
  const seen = Array.from({ length: 14 }, (_, n) => pick(SEEN, i + n * 5) ?? "");
  return {
    words: {
      caption: `${praise}${subject} ${pick(DOINGS, i)} ${place} ${pick(LIGHTS, Math.floor(i / 7))} in ${town.split(",")[0]}, frame ${i}.`,
      altText: `A ${pick(SEEN, i)} and a ${pick(SEEN, i + 3)} stand before ${place}, seen from the left side ${i % 9}.`,
      keywords: [subject.toLowerCase(), ...seen, i % 29 === 0 ? "france" : "morning"],
    },
    known: { ...NOTHING_KNOWN, subject, location: town, year: 2026, visible: seen.slice(0, 8), stem: `DSC_${i}` },
  };
}
