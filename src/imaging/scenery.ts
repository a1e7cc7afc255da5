/** Eight pictures of an island in the North Sea. Each is a function from a place in the frame to a colour. */
import { bell, colour, cover, distanceOf, draw, limb, type Noise, profile, ramp } from "./brushes.ts";
import { DUSK, EVENING, glow, MIST, MORNING, NOON, type Painter, type Ridge, ridges, sea, sky } from "./elements.ts";
import { gull, petals, sheep, silhouette, tower, WHITE } from "./figures.ts";

/** What makes one frame of a scene differ from another. */
export interface Chance {
  readonly noise: Noise;
  readonly random: () => number;
  /** seconds since the first frame of a burst */
  readonly moment: number;
}

export interface Scene {
  /** width / height of the upright picture */
  readonly aspect: number;
  readonly painter: (chance: Chance) => Painter;
}

const LANDSCAPE = 3 / 2;
const PORTRAIT = 2 / 3;

const DUNES: readonly Ridge[] = [
  { at: 0.5, rise: 0.025, roll: 0.11, sand: colour(0xe3c6a4), shade: colour(0xb09a96), grass: 0 },
  { at: 0.57, rise: 0.045, roll: 0.37, sand: colour(0xe8c594), shade: colour(0xa1826f), grass: 0.018 },
  { at: 0.67, rise: 0.05, roll: 0.63, sand: colour(0xeecb98), shade: colour(0x957460), grass: 0.035 },
  { at: 0.83, rise: 0.06, roll: 0.29, sand: colour(0xe6c08c), shade: colour(0x7d5c4b), grass: 0.08 },
];

const dunesAtDawn: Scene = {
  aspect: LANDSCAPE,
  painter({ noise, random }) {
    const sun = { u: 0.95 + 0.25 * random(), v: 0.36 };
    const [core, halo] = [colour(0xfffbe8), colour(0xffe0a0)];
    const land = ridges(DUNES, LANDSCAPE, noise);
    return (ink, u, v) => {
      if (v < 0.6) sky(ink, u, v, 0.52, MORNING, noise);
      glow(ink, distanceOf(u - sun.u, v - sun.v), 0.028, core, halo);
      land(ink, u, v);
      cover(ink, halo, 0.22 * bell(distanceOf(u - sun.u, v - sun.v), 0.3));
    };
  },
};

const MISTY: readonly (readonly [number, number, number, number])[] = [
  [0.4, 0xc6ccd0, 0xbfc6cc, 0],
  [0.47, 0xb3bab9, 0xa6aeb0, 0],
  [0.56, 0x9ea494, 0x8a9184, 0.012],
  [0.68, 0x858a6c, 0x6b7057, 0.03],
  [0.84, 0x6a6d4c, 0x464a35, 0.085],
];

const dunesInMist: Scene = {
  aspect: LANDSCAPE,
  painter({ noise }) {
    const haze = colour(0xdfe0dc);
    const layers = MISTY.map(([at, sand, shade, grass], i) => ({
      at,
      draw: ridges(
        [{ at, rise: 0.02 + 0.012 * i, roll: 0.17 * (i + 1), sand: colour(sand), shade: colour(shade), grass }],
        LANDSCAPE,
        noise,
      ),
    }));
    return (ink, u, v) => {
      if (v < 0.5) sky(ink, u, v, 0.45, MIST, noise);
      const drift = ramp(-0.8, 1.6, noise(u * 0.3, v * 0.8));
      for (const { at, draw: land } of layers) {
        land(ink, u, v);
        cover(ink, haze, 0.75 * bell(v - at - 0.1, 0.045) * drift);
      }
    };
  },
};

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
        glow(ink, distanceOf(u - sun.u, v - sun.v), 0.04, core, halo);
        for (const bird of birds) silhouette(ink, (u - bird.u) / bird.size, (v - bird.v) / bird.size, bird.lift, dark);
      } else sea(ink, u, v - 0.58, water, noise);
      cover(ink, halo, 0.35 * bell(v - 0.58, 0.03) * bell(u - sun.u, 0.5));
    };
  },
};

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
    const crest = profile(LANDSCAPE, (u) => 0.56 - 0.07 * u + 0.012 * noise(u * 0.2, 0.3) + 0.0015 * noise(u * 5, 0.8));
    return (ink, u, v) => {
      const below = v - crest(u);
      if (below < 0.003) sky(ink, u, v, 0.6, NOON, noise);
      if (below > -0.003) {
        const far = 1 / (below + 0.25);
        const turf = 0.8 * noise(u * 1.6 * far, far * 4) + noise(u * 9 * far, far * 6 + u);
        const share = ramp(-0.003, 0.002, below);
        cover(ink, grass, share);
        cover(ink, moss, share * 0.75 * ramp(-2, 3, turf + noise(u * 0.25, v * 0.8) + 1.5 * below));
        cover(ink, dark, share * 0.3 * ramp(0, 3, turf));
      }
      for (const { u: at, v: foot, size, looks } of flock) {
        const shadow = distanceOf((u - at) / (0.55 * Math.abs(size)), (v - foot) / (0.07 * Math.abs(size)));
        cover(ink, dark, 0.6 * ramp(1.3, 0.4, shadow));
        sheep(ink, (u - at) / size, (v - foot) / Math.abs(size), noise, looks);
      }
    };
  },
};

const SAND = { sand: colour(0xe2c892), shade: colour(0x9b7f5c) };

const lighthouse: Scene = {
  aspect: PORTRAIT,
  painter({ noise }) {
    const land = ridges(
      [
        { ...SAND, at: 0.8, rise: 0.02, roll: 0.55, grass: 0.045 },
        { ...SAND, at: 0.91, rise: 0.025, roll: 0.21, grass: 0.09 },
      ],
      PORTRAIT,
      noise,
    );
    return (ink, u, v) => {
      if (v < 0.9) sky(ink, u * 1.5 + 0.2, v, 0.86, NOON, noise);
      tower(ink, (u - 0.36) / (0.058 + 0.03 * ramp(0.2, 0.85, v)), v);
      land(ink, u, v);
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
      cover(ink, sunlit, 0.55 * bell(distanceOf(u - 0.55, v - 0.12), 0.28));
      for (const { u: x, v: y, radius, tint, share } of discs) {
        if (Math.abs(u - x) > radius * 1.1 || Math.abs(v - y) > radius * 1.1) continue;
        const distance = distanceOf(u - x, v - y);
        if (distance < radius * 1.1)
          cover(ink, tint, share * ramp(radius * 1.1, radius * 0.85, distance) * (0.75 + 0.25 * (distance / radius)));
      }
      draw(ink, stem, u, v, 0.003);
      petals(ink, u - 0.34, (v - 0.4) * 1.12, noise, petal, fold);
      const heart = distanceOf(u - 0.34, (v - 0.4) * 1.12);
      const share = ramp(0.066, 0.062, heart + 0.0012 * noise(u * 4, v * 4));
      cover(ink, eye, share);
      cover(ink, rim, share * ramp(-0.6, 2, noise(u * 6, v * 6) + 1.6 * ramp(0.03, 0.066, heart) + (v - 0.4) * 8));
    };
  },
};

const moonOverPosts: Scene = {
  aspect: LANDSCAPE,
  painter({ noise, random }) {
    const moon = { u: 1.02, v: 0.24, radius: 0.055 };
    const water = { deep: colour(0x101a36), bright: colour(0x4f5f92), glitter: colour(0xe8e6d8), under: moon.u };
    const [lit, grey, post] = [colour(0xf7f2e2), colour(0xb9b4ab), colour(0x0b0f1c)];
    const stars = Array.from({ length: 90 }, () => ({
      u: random() * 1.5,
      v: random() * 0.42,
      size: 0.0006 + 0.001 * random(),
    }));
    const posts = Array.from({ length: 11 }, (_, i) => {
      const near = (i / 10) ** 1.8;
      return {
        u: 0.78 - 0.62 * near,
        foot: 0.57 + 0.33 * near,
        tall: 0.03 + 0.2 * near + 0.02 * near * random(),
        half: 0.003 + 0.017 * near,
      };
    });
    return (ink, u, v) => {
      if (v < 0.55) {
        sky(ink, u, v, 0.55, DUSK, noise);
        for (const star of stars)
          if (Math.abs(v - star.v) < 0.004) cover(ink, lit, 0.8 * bell(distanceOf(u - star.u, v - star.v), star.size));
        const distance = distanceOf(u - moon.u, v - moon.v);
        cover(ink, lit, 0.4 * bell(distance, 0.09));
        cover(ink, lit, ramp(moon.radius + 0.002, moon.radius - 0.001, distance));
        cover(ink, grey, 0.75 * ramp(0, 1.6, noise(u * 2, v * 2)) * ramp(moon.radius, moon.radius - 0.004, distance));
      } else sea(ink, u, v - 0.55, water, noise);
      for (const { u: at, foot, tall, half } of posts) {
        if (Math.abs(u - at) > 3 * half || Math.abs(v - foot) > tall) continue;
        const side = Math.abs(u - at - 0.15 * half * noise(v * 0.7, at)) - half;
        if (v > foot - tall && v < foot) cover(ink, post, ramp(0.0015, -0.0005, side));
        if (v >= foot && v < foot + tall)
          cover(
            ink,
            post,
            0.6 * ramp(0.004, -0.002, side - 0.35 * half * noise(u, Math.log(v) * 9)) * ramp(foot + tall, foot, v),
          );
      }
    };
  },
};

export const SCENES = {
  dunesAtDawn,
  dunesInMist,
  gullOverSea,
  eveningSea,
  sheepOnTheDyke,
  lighthouse,
  daisy,
  moonOverPosts,
};

export type SceneName = keyof typeof SCENES;
