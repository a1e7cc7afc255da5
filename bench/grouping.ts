/**
 * Groups as many hashes as asked for, a third of them close to another, and says what that cost.
 *
 *     node bench/grouping.ts COUNT
 */
import { hamming } from "../src/domain/fingerprint.ts";
import { nearby, nearTo, unionsOf } from "../src/domain/nearby.ts";

/** Bits in which two hashes of one picture may differ. */
const MOST = 8;
const BRUTE_FORCE_UP_TO = 10_000;
const ASKED = 200;

const count = Number(process.argv[2]);
const hashes = hashesLikeBursts(count);
const at = (i: number): number => hashes[i] ?? 0;

let pairs = 0;
const unions = unionsOf(count);
const cpuMs = cpuOf(() =>
  nearby(hashes, MOST, (a, b) => {
    pairs += 1;
    unions.join(a, b);
  }),
);
let heard = 0;
const oneMs = cpuOf(() => {
  for (let i = 0; i < ASKED; i += 1)
    nearTo(hashes, count, at(2 * i), at(2 * i + 1), MOST, () => {
      heard += 1;
    });
});
const isExact = count > BRUTE_FORCE_UP_TO || pairs === pairsByBruteForce();
process.stdout.write(
  JSON.stringify({
    cpuMs,
    oneMs: heard >= ASKED ? oneMs / ASKED : Number.NaN,
    pairs,
    isExact,
    rssMb: process.resourceUsage().maxRSS / 1e3,
  }),
);

function cpuOf(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e3;
}

function pairsByBruteForce(): number {
  let found = 0;
  for (let a = 0; a < count; a += 1)
    for (let b = a + 1; b < count; b += 1)
      if (hamming(at(2 * a), at(2 * a + 1), at(2 * b), at(2 * b + 1)) <= MOST) found += 1;
  return found;
}

/** 36 in a hundred follow the one before with a few bits changed, as frames of a burst do; the rest is chance. */
function hashesLikeBursts(many: number): Uint32Array {
  const made = new Uint32Array(2 * many);
  let state = 1;
  const next = (): number => {
    state = (state + 0x9e3779b9) >>> 0;
    let value = Math.imul(state ^ (state >>> 16), 0x21f0aaad);
    value = Math.imul(value ^ (value >>> 15), 0x735a2d97);
    return (value ^ (value >>> 15)) >>> 0;
  };
  for (let i = 0; i < many; i += 1) {
    const follows = i > 0 && next() % 100 < 36;
    made[2 * i] = follows ? (made[2 * i - 2] ?? 0) ^ (1 << (next() % 32)) : next();
    made[2 * i + 1] = follows ? (made[2 * i - 1] ?? 0) ^ (1 << (next() % 32)) : next();
  }
  return made;
}
