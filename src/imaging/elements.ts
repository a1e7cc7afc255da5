/** What every scene of an island is made of: sky, sea and dunes. */
import { bell, type Colour, colour, cover, type Ink, type Noise, profile, ramp } from "./brushes.ts";

/** @param u 0 to the frame's width in units of its height @param v 0 at the top, 1 at the bottom */
export type Painter = (ink: Ink, u: number, v: number) => void;

export interface Light {
  readonly zenith: Colour;
  readonly horizon: Colour;
  readonly cloud: Colour;
  readonly shade: Colour;
  /** 0 a clear sky, 1 mostly cloud */
  readonly cloudiness: number;
}

export const MORNING: Light = light(0x6d9bc9, 0xf6d9b0, 0xfff0dc, 0xa79fb4, 0.45);
export const NOON: Light = light(0x3f7fc4, 0xc4def0, 0xffffff, 0xb4c0cf, 0.7);
export const EVENING: Light = light(0x4a5a8c, 0xffb469, 0xff9a70, 0x6a5a80, 0.5);
export const DUSK: Light = light(0x0d1a3a, 0x6f7fb0, 0x5a6796, 0x2a3558, 0.3);
export const MIST: Light = light(0x9db0c2, 0xe9e4da, 0xf4f1ea, 0xb9c0c8, 0.6);

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
export function sky(ink: Ink, u: number, v: number, horizon: number, above: Light, noise: Noise): void {
  const height = Math.max(0, horizon - v) / horizon;
  ink.r = above.horizon.r;
  ink.g = above.horizon.g;
  ink.b = above.horizon.b;
  cover(ink, above.zenith, height ** 0.75);
  const far = 0.3 / (height + 0.18);
  const x = (u - 0.75) * far * 0.55;
  const y = far * 0.9;
  const thickness = noise(x, y);
  const share = ramp(1.3 - 2 * above.cloudiness, 2.7 - 2 * above.cloudiness, thickness + 0.3 * noise(x * 3.1, y * 3.1));
  if (share <= 0) return;
  const lit = ramp(-0.5, 0.7, thickness - noise(x + 0.01, y - 0.035));
  cover(ink, above.shade, share * 0.85 * ramp(0, 0.15, height));
  cover(ink, above.cloud, share * lit * 0.9);
}

export function glow(ink: Ink, distance: number, radius: number, core: Colour, halo: Colour): void {
  cover(ink, halo, 0.75 * bell(distance, radius * 5) + 0.25 * bell(distance, radius * 14));
  cover(ink, core, ramp(radius * 1.12, radius * 0.9, distance));
}

/** Waves lie across the view and grow towards us; they take their colour from the sky. */
export function sea(
  ink: Ink,
  u: number,
  depth: number,
  water: { readonly deep: Colour; readonly bright: Colour; readonly glitter: Colour; readonly under: number },
  noise: Noise,
): void {
  const z = Math.log(depth + 0.015);
  const near = ramp(0, 0.5, depth);
  const wave = 0.8 * noise(u * (1.4 - 0.6 * near), z * 0.9) + noise(u * (4 - 2 * near) + 0.4, z * 3.2);
  ink.r = water.bright.r;
  ink.g = water.bright.g;
  ink.b = water.bright.b;
  cover(ink, water.deep, ramp(-2, 2, wave + 1.2 * near) * (0.55 + 0.4 * near));
  const path = bell(u - water.under, 0.035 + depth * 0.22);
  if (path < 0.02) return;
  cover(ink, water.glitter, path * ramp(0.9 - 1.1 * path, 2 - path, -wave + 0.5 * noise(u * 5, z * 6)));
}

/** A ridge of sand with marram grass along its edge. */
export interface Ridge {
  readonly at: number;
  readonly rise: number;
  readonly roll: number;
  readonly sand: Colour;
  readonly shade: Colour;
  /** height of the blades */
  readonly grass: number;
}

const GRASS = colour(0x5f6638);
const STRAW = colour(0xd2c084);

/** Ridges one before the other, the farthest first. */
export function ridges(list: readonly Ridge[], aspect: number, noise: Noise): Painter {
  const dunes = list.map((one) => ({
    ...one,
    edge: profile(
      aspect,
      (u) => one.at + one.rise * (noise(u * 0.16 + one.roll, one.roll) + 0.1 * noise(u * 0.9 + one.roll, one.roll)),
    ),
    clump: profile(aspect, (u) => ramp(-0.6, 1, noise(u * 0.7, one.roll + 0.5))),
  }));
  return (ink, u, v) => {
    for (const dune of dunes) {
      const below = v - dune.edge(u);
      if (below > -dune.grass && below < dune.grass * 0.6) blades(ink, u, below, dune.grass, dune.clump(u), noise);
      if (below > -0.002) slope(ink, u, below, dune, noise);
    }
  };
}

/** Soft light and shade of a dune, and the ripples of the wind. */
function slope(ink: Ink, u: number, below: number, { sand, shade, roll, grass }: Ridge, noise: Noise): void {
  const x = u * 0.3 + roll;
  const y = below * 0.7 + roll;
  const form = noise(x, y) - noise(x + 0.05, y + 0.04);
  const share =
    ramp(-0.002, 0.001, below) * (grass === 0 ? 1 : ramp(0, grass * 0.35, below + 0.003 * noise(u * 9, roll)));
  const ripples = noise(u * 0.7 + below * 2, below * 8 - u * 1.5);
  cover(ink, sand, share);
  cover(ink, shade, share * ramp(-1.1, 2.2, form + 0.22 * ripples + 0.12 * noise(u * 6, below * 14)));
}

/** Two rows of blades bent by the wind: each a thin triangle of its own height. */
function blades(ink: Ink, u: number, below: number, grass: number, clump: number, noise: Noise): void {
  for (const [bend, shift] of BLADE_ROWS) {
    const place = (u + bend * below) * (5.5 / grass) + shift;
    const index = Math.floor(place);
    const tall = grass * clump * (0.55 + 0.2 * noise(index * 0.1731, shift));
    const up = 0.25 * grass - below;
    const half = 1 - up / (tall + 0.25 * grass);
    const share = ramp(half, half - 0.45, Math.abs(place - index - 0.5) * 2);
    if (up < 0 || half <= 0 || share <= 0) continue;
    cover(ink, GRASS, share);
    cover(ink, STRAW, share * ramp(-0.2, 1.5, noise(index * 0.377, shift + 0.5) + up / grass));
  }
}

const BLADE_ROWS = [
  [0.25, 0.31],
  [0.7, 0.77],
  [0.45, 0.05],
] as const;
