/** Six pictures of an island in the North Sea. Each is a function from a place in the frame to a colour. */
import { bell, type Colour, colour, cover, draw, type Ink, lighten, limb, type Noise, ramp, type Stroke } from "./brushes.ts";

/** What makes one frame of a scene differ from another. */
export interface Chance {
  readonly noise: Noise;
  readonly random: () => number;
  /** seconds since the first frame of a burst */
  readonly moment: number;
}

/** @param u 0 to the frame's width in units of its height @param v 0 at the top, 1 at the bottom */
export type Painter = (ink: Ink, u: number, v: number) => void;

export interface Scene {
  /** width / height of the upright picture */
  readonly aspect: number;
  readonly painter: (chance: Chance) => Painter;
}

const LANDSCAPE = 3 / 2;
const PORTRAIT = 2 / 3;

interface Light {
  readonly zenith: Colour;
  readonly horizon: Colour;
  readonly cloud: Colour;
  readonly shade: Colour;
  /** 0 a clear sky, 1 mostly cloud */
  readonly cloudiness: number;
}

const MORNING: Light = light(0x6d9bc9, 0xf6d9b0, 0xfff0dc, 0xa79fb4, 0.45);
const NOON: Light = light(0x3f7fc4, 0xc4def0, 0xffffff, 0xb4c0cf, 0.7);
const EVENING: Light = light(0x4a5a8c, 0xffb469, 0xff9a70, 0x6a5a80, 0.5);
const DUSK: Light = light(0x0d1a3a, 0x6f7fb0, 0x5a6796, 0x2a3558, 0.3);
const MIST: Light = light(0x9db0c2, 0xe9e4da, 0xf4f1ea, 0xb9c0c8, 0.6);

function light(zenith: number, horizon: number, cloud: number, shade: number, cloudiness: number): Light {
  return {
    zenith: colour(zenith),
    horizon: colour(horizon),
    cloud: colour(cloud),
    shade: colour(shade),
    cloudiness,
  };
}

/** Clouds lie flat above us: they shrink and crowd together towards the horizon. */
function sky(ink: Ink, u: number, v: number, horizon: number, above: Light, noise: Noise): void {
  const height = Math.max(0, horizon - v) / horizon;
  ink.r = above.horizon.r;
  ink.g = above.horizon.g;
  ink.b = above.horizon.b;
  cover(ink, above.zenith, height ** 0.75);
  const far = 0.3 / (height + 0.18);
  const [x, y] = [(u - 0.75) * far * 0.55, far * 0.9];
  const thickness = noise(x, y) + 0.35 * noise(x * 3.1, y * 3.1);
  const share = ramp(1.3 - 2 * above.cloudiness, 2.9 - 2 * above.cloudiness, thickness);
  if (share <= 0) return;
  const lit = ramp(-0.5, 0.7, noise(x, y) - noise(x + 0.01, y - 0.035));
  cover(ink, above.shade, share * 0.85 * ramp(0, 0.15, height));
  cover(ink, above.cloud, share * lit * 0.9);
}

function glow(ink: Ink, distance: number, radius: number, core: Colour, halo: Colour): void {
  cover(ink, halo, 0.75 * bell(distance, radius * 5) + 0.25 * bell(distance, radius * 14));
  cover(ink, core, ramp(radius * 1.12, radius * 0.9, distance));
}

/** Waves lie across the view and grow towards us; they take their colour from the sky. */
function sea(
  ink: Ink,
  u: number,
  depth: number,
  water: { readonly deep: Colour; readonly bright: Colour; readonly glitter: Colour; readonly under: number },
  noise: Noise,
): void {
  const z = Math.log(depth + 0.015);
  const near = ramp(0, 0.5, depth);
  const wave = noise(u * (0.9 - 0.6 * near), z * 0.55) + 0.8 * noise(u * (2.6 - 1.6 * near) + 0.4, z * 1.9);
  ink.r = water.bright.r;
  ink.g = water.bright.g;
  ink.b = water.bright.b;
  cover(ink, water.deep, ramp(-1.6, 1.5, wave + 1.2 * near) * (0.55 + 0.45 * near));
  const path = bell(u - water.under, 0.035 + depth * 0.22);
  cover(ink, water.glitter, path * ramp(0.9 - 1.1 * path, 2 - path, -wave + 0.5 * noise(u * 5, z * 6)));
}

/** A ridge of sand with marram grass along its edge. */
interface Ridge {
  readonly at: number;
  readonly rise: number;
  readonly roll: number;
  readonly sand: Colour;
  readonly shade: Colour;
  /** height of the blades */
  readonly grass: number;
}

const GRASS = colour(0x6f7344);
const STRAW = colour(0xcdb878);

function ridge(ink: Ink, u: number, v: number, one: Ridge, noise: Noise): void {
  const { at, rise, roll, grass } = one;
  const edge = at + rise * (noise(u * 0.16 + roll, roll) + 0.12 * noise(u * 0.9 + roll, roll));
  const below = v - edge;
  if (below < -grass) return;
  blades(ink, u, below, one, noise);
  if (below < -0.002) return;
  const [x, y] = [u * 0.5 + roll, below * 1.6 + roll];
  const slope = noise(x, y) - noise(x + 0.012, y + 0.01);
  const ripples = noise(u * 1.2 + below * 0.8, below * 9 + 0.3 * noise(x, y)) * ramp(0.02, 0.3, below);
  const share = ramp(-0.002, 0.001, below);
  cover(ink, one.sand, share);
  cover(ink, one.shade, share * ramp(-0.35, 0.55, slope * 2.2 + 0.13 * ripples));
  lighten(ink, 1 + 0.035 * noise(u * 7, below * 9));
  if (grass > 0) tufts(ink, u, below, grass, noise);
}

// A blade is a spike of fine noise, cut off where it is lower than the place we look at, and bent by the wind.
function blades(ink: Ink, u: number, below: number, { grass, roll }: Ridge, noise: Noise): void {
  if (grass === 0 || below > 0.004) return;
  const up = -below / grass;
  const clump = ramp(-0.2, 1.1, noise(u * 0.9, roll + 0.5));
  const spike = ramp(-0.6, 2.4, noise(u * 6 + below * 1.7, roll)) * clump;
  if (spike < up) return;
  cover(ink, GRASS, ramp(0, 0.06, spike - up));
  cover(ink, STRAW, 0.7 * ramp(0.1, 1, up));
}

function tufts(ink: Ink, u: number, below: number, grass: number, noise: Noise): void {
  const clump = ramp(0.5, 1.6, noise(u * 0.8 + 0.3, below * 1.6 + 0.7) - below * 2);
  if (clump <= 0) return;
  const strand = noise(u * 5 + below * 1.4, below * 0.9 + grass);
  cover(ink, GRASS, clump * ramp(-1, 0.8, strand));
  cover(ink, STRAW, clump * 0.7 * ramp(0.4, 2, strand));
}

const DUNES: readonly Ridge[] = [
  { at: 0.5, rise: 0.025, roll: 0.11, sand: colour(0xe3c6a4), shade: colour(0xb09a96), grass: 0 },
  { at: 0.57, rise: 0.045, roll: 0.37, sand: colour(0xe8c594), shade: colour(0xa1826f), grass: 0.018 },
  { at: 0.7, rise: 0.06, roll: 0.63, sand: colour(0xf0cd97), shade: colour(0x8f6d55), grass: 0.06 },
];

const dunesAtDawn: Scene = {
  aspect: LANDSCAPE,
  painter({ noise, random }) {
    const sun = { u: 0.95 + 0.25 * random(), v: 0.36 };
    const [core, halo] = [colour(0xfffbe8), colour(0xffe0a0)];
    return (ink, u, v) => {
      sky(ink, u, v, 0.52, MORNING, noise);
      glow(ink, Math.hypot(u - sun.u, v - sun.v), 0.028, core, halo);
      for (const one of DUNES) ridge(ink, u, v, one, noise);
      cover(ink, halo, 0.22 * bell(Math.hypot(u - sun.u, v - sun.v), 0.3));
    };
  },
};

const dunesInMist: Scene = {
  aspect: LANDSCAPE,
  painter({ noise }) {
    const haze = colour(0xdfe0dc);
    const layers = [0.4, 0.48, 0.57, 0.68, 0.82].map((at, i) => ({
      at,
      rise: 0.02 + 0.012 * i,
      roll: 0.17 * (i + 1),
      sand: colour([0xc6ccd0, 0xb3bab9, 0x9ea494, 0x858a6c, 0x5f6545][i] ?? 0),
      shade: colour([0xbfc6cc, 0xa6aeb0, 0x8a9184, 0x6b7057, 0x3f4630][i] ?? 0),
      grass: i < 2 ? 0 : 0.012 * i,
    }));
    return (ink, u, v) => {
      sky(ink, u, v, 0.45, MIST, noise);
      for (const one of layers) {
        ridge(ink, u, v, one, noise);
        cover(ink, haze, 0.75 * bell(v - one.at - 0.1, 0.045) * ramp(-0.8, 1.6, noise(u * 0.3 + one.roll, v * 0.8)));
      }
    };
  },
};

const WHITE = colour(0xf5f5f2);
const SHADED = colour(0xb9c0ca);
const SLATE = colour(0x8b97a6);

/** A gull on the wing, one unit from beak to tail. @param beat 0 wings down, 1 wings up */
function gull(beat: number): readonly Stroke[] {
  const up = 0.9 * beat - 0.35;
  return [
    ...limb(SLATE, [0.02, -0.03, 0.07], [0.12, -0.3 * up - 0.03, 0.06], [-0.3, -0.72 * up, 0.004]),
    ...limb(SHADED, [-0.5, 0.03, 0.012], [-0.36, 0.015, 0.05], [-0.2, 0.01, 0.095], [0.12, 0, 0.11]),
    ...limb(WHITE, [-0.45, 0.005, 0.02], [-0.1, -0.035, 0.07], [0.2, -0.045, 0.085], [0.3, -0.065, 0.075]),
    ...limb(colour(0xe8a33c), [0.37, -0.055, 0.02], [0.47, -0.035, 0.004]),
    ...limb(colour(0x202024), [0.335, -0.085, 0.012], [0.338, -0.085, 0.012]),
    ...limb(SLATE, [-0.02, -0.02, 0.085], [0.02, -0.42 * up, 0.075], [-0.3, -0.85 * up - 0.04, 0.03]),
    ...limb(colour(0x24262b), [-0.3, -0.85 * up - 0.04, 0.03], [-0.5, -1.02 * up - 0.06, 0.003]),
  ];
}

const gullOverSea: Scene = {
  aspect: LANDSCAPE,
  painter({ noise, random, moment }) {
    const water = { deep: colour(0x2c5570), bright: colour(0x8fb3c2), glitter: WHITE, under: 9 };
    const bird = gull(0.5 + 0.5 * Math.sin(moment * 9 + 1.2));
    const at = { u: 0.62 + moment * 0.35 + 0.02 * random(), v: 0.4 - moment * 0.09 };
    const size = 0.42;
    return (ink, u, v) => {
      // The camera follows the bird: the sea slides by.
      const there = u + moment * 0.12;
      if (v < 0.68) sky(ink, there, v, 0.68, NOON, noise);
      else {
        sea(ink, there, v - 0.68, water, noise);
        cover(ink, WHITE, ramp(1.7, 2.6, noise(there * 1.1, Math.log(v - 0.66) * 1.3)) * ramp(0.7, 0.8, v));
      }
      const [x, y] = [(u - at.u) / size, (v - at.v) / size];
      if (Math.abs(x) < 0.7 && Math.abs(y) < 0.9) draw(ink, bird, x, y, 0.008);
    };
  },
};

const eveningSea: Scene = {
  aspect: LANDSCAPE,
  painter({ noise, random }) {
    const sun = { u: 0.45 + 0.4 * random(), v: 0.5 };
    const [core, halo] = [colour(0xfff3c4), colour(0xffa850)];
    const water = { deep: colour(0x2b2f52), bright: colour(0xd9876a), glitter: colour(0xffe6a8), under: sun.u };
    const birds = Array.from({ length: 7 }, (_, i) => ({
      u: 0.95 + 0.07 * i - 0.02 * random(),
      v: 0.2 + 0.028 * Math.abs(i - 2) + 0.012 * random(),
      size: 0.028 + 0.012 * random(),
      lift: 0.4 + 0.6 * random(),
    }));
    const dark = colour(0x2a2138);
    return (ink, u, v) => {
      if (v < 0.58) {
        sky(ink, u, v, 0.58, EVENING, noise);
        glow(ink, Math.hypot(u - sun.u, v - sun.v), 0.04, core, halo);
        for (const bird of birds) silhouette(ink, (u - bird.u) / bird.size, (v - bird.v) / bird.size, bird.lift, dark);
      } else sea(ink, u, v - 0.58, water, noise);
      cover(ink, halo, 0.35 * bell(v - 0.58, 0.03) * bell(u - sun.u, 0.5));
    };
  },
};

/** A far bird: two bows that meet. */
function silhouette(ink: Ink, x: number, y: number, lift: number, dark: Colour): void {
  const out = Math.abs(x);
  if (out > 1 || Math.abs(y) > 1) return;
  const wing = -lift * Math.sin(Math.min(1, out * 1.25) * 2.2) * 0.6;
  cover(ink, dark, ramp(0.12, 0.04, Math.abs(y - wing) - 0.09 * (1 - out)));
}

const WOOL = colour(0xefe9da);
const WOOL_SHADE = colour(0xa39d90);
const FACE = colour(0x3a3230);

/** A sheep, one unit from nose to tail, feet at 0. */
function sheep(ink: Ink, x: number, y: number, noise: Noise, looks: number): void {
  if (Math.abs(x) > 0.75 || y > 0.15 || y < -0.95) return;
  draw(ink, LEGS, x, y, 0.012);
  const curl = noise(x * 1.1 + looks, y * 1.1);
  const radius = Math.hypot(x / 0.42, (y + 0.45) / 0.28);
  const wool = ramp(1.06, 0.98, radius + 0.05 * curl);
  cover(ink, WOOL, wool);
  cover(ink, WOOL_SHADE, wool * ramp(-0.9, 1.5, (y + 0.4) * 4 + 0.55 * curl + 0.3 * noise(x * 3, y * 3)));
  draw(ink, HEAD, x, y - looks * 0.25, 0.012);
}

const LEGS: readonly Stroke[] = [-0.24, -0.14, 0.15, 0.26].flatMap((x) => limb(FACE, [x, -0.3, 0.04], [x, -0.02, 0.03]));
const HEAD: readonly Stroke[] = [
  ...limb(WOOL_SHADE, [0.3, -0.56, 0.15], [0.42, -0.66, 0.11]),
  ...limb(FACE, [0.37, -0.73, 0.03], [0.29, -0.7, 0.02]),
  ...limb(FACE, [0.44, -0.7, 0.08], [0.56, -0.6, 0.055]),
  ...limb(FACE, [0.47, -0.76, 0.025], [0.52, -0.82, 0.012]),
  ...limb(WHITE, [0.475, -0.7, 0.013], [0.476, -0.7, 0.013]),
];

const sheepOnTheDyke: Scene = {
  aspect: LANDSCAPE,
  painter({ noise, random }) {
    const [grass, moss, dark] = [colour(0x8fae4e), colour(0x5d8236), colour(0x2f4a20)];
    const flock = [
      { u: 1.12, v: 0.565, size: 0.1 },
      { u: 0.97, v: 0.6, size: -0.12 },
      { u: 0.3, v: 0.66, size: 0.15 },
      { u: 0.78, v: 0.86, size: 0.36 },
    ].map((one) => ({ ...one, u: one.u + 0.04 * random(), looks: random() }));
    const crest = (u: number) => 0.56 - 0.1 * (u / 1.5) + 0.012 * noise(u * 0.2, 0.3);
    return (ink, u, v) => {
      const below = v - crest(u);
      sky(ink, u, v, 0.6, NOON, noise);
      const turf = noise(u * 2.2 + v, v * 5) + 0.6 * noise(u * 9, v * 14);
      const share = ramp(-0.004, 0.002, below + 0.002 * turf);
      cover(ink, grass, share);
      cover(ink, moss, share * ramp(-1, 1.8, turf + 0.9 * noise(u * 0.4, v * 1.2)));
      cover(ink, dark, share * 0.5 * ramp(0.2, 2.4, turf + below));
      for (const { u: at, v: foot, size, looks } of flock) {
        const shadow = Math.hypot((u - at) / (0.55 * Math.abs(size)), (v - foot) / (0.07 * Math.abs(size)));
        cover(ink, dark, 0.6 * ramp(1.3, 0.4, shadow));
        sheep(ink, (u - at) / size, (v - foot) / Math.abs(size), noise, looks);
      }
    };
  },
};

const lighthouse: Scene = {
  aspect: PORTRAIT,
  painter({ noise }) {
    const [red, dark, glass, white] = [colour(0xc6352b), colour(0x5e1715), colour(0x33414f), colour(0xf2efe8)];
    const hill: Ridge = { at: 0.8, rise: 0.02, roll: 0.55, sand: colour(0xe2c892), shade: colour(0x9b7f5c), grass: 0.045 };
    const front: Ridge = { at: 0.91, rise: 0.025, roll: 0.21, sand: colour(0xd9bd86), shade: colour(0x7d6a48), grass: 0.09 };
    return (ink, u, v) => {
      sky(ink, u * 1.5 + 0.2, v, 0.86, NOON, noise);
      const x = (u - 0.36) / (0.058 + 0.03 * ramp(0.2, 0.85, v));
      const round = (tint: Colour, wide: number, top: number, bottom: number): void => {
        const share = ramp(1.015, 0.985, Math.abs(x) / wide) * ramp(top - 0.001, top + 0.001, v) * ramp(bottom + 0.001, bottom - 0.001, v);
        cover(ink, tint, share);
        cover(ink, dark, share * 0.75 * ramp(-0.2, 1.1, x / wide));
        cover(ink, WHITE, share * 0.16 * bell(x / wide + 0.45, 0.2));
      };
      const dome = 0.213 - 0.035 * Math.sqrt(Math.max(0, 1 - (x / 0.72) ** 2));
      if (Math.abs(x) < 0.72) round(red, 0.72, dome, 0.215);
      round(dark, 0.06, 0.15, 0.18);
      round(glass, 0.62, 0.215, 0.262);
      if (v > 0.218 && v < 0.26) cover(ink, white, 0.8 * bell((Math.abs(x) % 0.31) - 0.155, 0.014) * ramp(0.62, 0.6, Math.abs(x)));
      cover(ink, colour(0xfff0b0), 0.9 * bell(Math.hypot(x / 4, (v - 0.238) * 2.2), 0.035));
      round(red, 0.92, 0.29, 0.86);
      round(white, 1.16, 0.262, 0.272);
      round(dark, 1.02, 0.272, 0.29);
      for (const [at, side] of [[0.4, -0.2], [0.53, 0.25], [0.66, -0.2]] as const)
        cover(ink, glass, ramp(0.1, 0.08, Math.abs(x - side)) * ramp(0.013, 0.012, Math.abs(v - at)));
      ridge(ink, u, v, hill, noise);
      ridge(ink, u, v, front, noise);
    };
  },
};

const daisy: Scene = {
  aspect: PORTRAIT,
  painter({ noise, random }) {
    const [meadow, shade, sunlit] = [colour(0x6f9440), colour(0x28461f), colour(0xe6e5a0)];
    const discs = Array.from({ length: 26 }, () => ({
      u: random() * 0.75,
      v: random() * 0.9,
      radius: 0.02 + 0.05 * random(),
      tint: colour([0xdfe69a, 0xbfd67a, 0xf4f1d2, 0xe8cf6a][Math.floor(random() * 4)] ?? 0),
      share: 0.12 + 0.28 * random(),
    }));
    const [petal, fold, eye, rim] = [colour(0xfdfcf8), colour(0xb3b6c6), colour(0xf6c52c), colour(0xb5700f)];
    const stem = limb(colour(0x86a44a), [0.34, 0.4, 0.011], [0.37, 0.72, 0.012], [0.33, 1.1, 0.015]);
    return (ink, u, v) => {
      ink.r = meadow.r;
      ink.g = meadow.g;
      ink.b = meadow.b;
      cover(ink, shade, ramp(-0.5, 1.4, noise(u * 0.22, v * 0.22) + 1.5 * (v - 0.45)));
      cover(ink, sunlit, 0.55 * bell(Math.hypot(u - 0.55, v - 0.12), 0.28));
      for (const { u: x, v: y, radius, tint, share } of discs) {
        const distance = Math.hypot(u - x, v - y);
        if (distance < radius * 1.2) cover(ink, tint, share * ramp(radius * 1.1, radius * 0.85, distance) * (0.75 + 0.25 * (distance / radius)));
      }
      draw(ink, stem, u, v, 0.003);
      petals(ink, u - 0.34, (v - 0.4) * 1.12, noise, petal, fold);
      const heart = Math.hypot(u - 0.34, (v - 0.4) * 1.12);
      const share = ramp(0.066, 0.062, heart + 0.0012 * noise(u * 4, v * 4));
      cover(ink, eye, share);
      cover(ink, rim, share * ramp(-0.6, 2, noise(u * 6, v * 6) + 1.6 * ramp(0.03, 0.066, heart) + (v - 0.4) * 8));
    };
  },
};

/** Two rings of petals, the upper one over the gaps of the lower. */
function petals(ink: Ink, x: number, y: number, noise: Noise, petal: Colour, fold: Colour): void {
  const radius = Math.hypot(x, y);
  if (radius > 0.27) return;
  const turn = (Math.atan2(y, x) / (2 * Math.PI) + 1) % 1;
  for (const [count, shift, reach] of [[17, 0.5, 0.235], [17, 0, 0.245]] as const) {
    const place = turn * count + shift;
    const index = Math.floor(place) % count;
    const length = reach * (1 + 0.05 * noise(index * 0.137, shift + 0.3));
    const across = Math.abs((place % 1) - 0.5 + 0.05 * noise(index * 0.21, 0.6)) * 2;
    const t = radius / length;
    const width = 0.93 * Math.sqrt(Math.max(0, 1 - Math.max(0, (t - 0.72) / 0.28) ** 2)) * (0.72 + 0.28 * t);
    const share = ramp(width + 0.03, width - 0.05, across);
    if (t >= 1.02 || share <= 0) continue;
    cover(ink, petal, share);
    cover(ink, fold, share * (0.55 * ramp(0.45, 1, across / (width + 1e-6)) + 0.5 * ramp(0.5, 0.25, t) + (shift > 0 ? 0.3 : 0)));
    cover(ink, fold, share * 0.22 * ramp(0, 1.6, noise(index * 0.3 + across * 0.16, t * 0.08)));
  }
}

const moonOverPosts: Scene = {
  aspect: LANDSCAPE,
  painter({ noise, random }) {
    const moon = { u: 1.02, v: 0.24, radius: 0.055 };
    const water = { deep: colour(0x101a36), bright: colour(0x4f5f92), glitter: colour(0xe8e6d8), under: moon.u };
    const [lit, grey, post] = [colour(0xf7f2e2), colour(0xb9b4ab), colour(0x0b0f1c)];
    const stars = Array.from({ length: 90 }, () => ({ u: random() * 1.5, v: random() * 0.42, size: 0.0006 + 0.001 * random() }));
    const posts = Array.from({ length: 11 }, (_, i) => {
      const near = (i / 10) ** 1.8;
      return { u: 0.78 - 0.62 * near, foot: 0.57 + 0.33 * near, tall: 0.03 + 0.2 * near + 0.02 * near * random(), half: 0.003 + 0.017 * near };
    });
    return (ink, u, v) => {
      if (v < 0.55) {
        sky(ink, u, v, 0.55, DUSK, noise);
        for (const star of stars)
          if (Math.abs(v - star.v) < 0.004) cover(ink, lit, 0.8 * bell(Math.hypot(u - star.u, v - star.v), star.size));
        const distance = Math.hypot(u - moon.u, v - moon.v);
        cover(ink, lit, 0.4 * bell(distance, 0.09));
        cover(ink, lit, ramp(moon.radius + 0.002, moon.radius - 0.001, distance));
        cover(ink, grey, 0.75 * ramp(0, 1.6, noise(u * 2, v * 2)) * ramp(moon.radius, moon.radius - 0.004, distance));
      } else sea(ink, u, v - 0.55, water, noise);
      for (const { u: at, foot, tall, half } of posts) {
        const side = Math.abs(u - at - 0.15 * half * noise(v * 0.7, at)) - half;
        if (v > foot - tall && v < foot) cover(ink, post, ramp(0.0015, -0.0005, side));
        if (v >= foot && v < foot + tall)
          cover(ink, post, 0.6 * ramp(0.004, -0.002, side - 0.35 * half * noise(u, Math.log(v) * 9)) * ramp(foot + tall, foot, v));
      }
    };
  },
};

export const SCENES = { dunesAtDawn, dunesInMist, gullOverSea, eveningSea, sheepOnTheDyke, lighthouse, daisy, moonOverPosts };

export type SceneName = keyof typeof SCENES;
