/** Who and what stands in the scenes. Each figure has its own unit and is drawn around its own zero. */
import {
  bell,
  type Colour,
  colour,
  cover,
  distanceOf,
  draw,
  type Ink,
  limb,
  type Noise,
  ramp,
  type Stroke,
} from "./brushes.ts";

export const WHITE = colour(0xf5f5f2);
const SHADED = colour(0xb9c0ca);
const SLATE = colour(0x8b97a6);

/** A gull on the wing, one unit from beak to tail. @param beat 0 wings down, 1 wings up */
export function gull(beat: number): readonly Stroke[] {
  const up = beat - 0.3;
  return [
    ...wing(0.13, 0.85 * up, SLATE, SLATE),
    ...limb(
      SHADED,
      [-0.52, 0.03, 0.01],
      [-0.36, 0.015, 0.05],
      [-0.2, 0.01, 0.095],
      [0.12, 0, 0.11],
      [0.24, -0.03, 0.08],
    ),
    ...limb(WHITE, [-0.5, 0.01, 0.02], [-0.1, -0.035, 0.07], [0.2, -0.045, 0.085], [0.3, -0.065, 0.075]),
    ...limb(colour(0xe8a33c), [0.37, -0.055, 0.02], [0.47, -0.035, 0.004]),
    ...limb(colour(0x202024), [0.335, -0.085, 0.012], [0.338, -0.085, 0.012]),
    ...wing(0, up, WHITE, colour(0xa3adba)),
  ];
}

/** From the shoulder over the wrist to a black tip, with a light edge behind. */
function wing(shoulder: number, up: number, edge: Colour, tint: Colour): Stroke[] {
  const joints = [
    [0.06, -0.01, 0.085],
    [0.09, -0.2 * up, 0.085],
    [0.05, -0.42 * up, 0.07],
    [-0.06, -0.63 * up, 0.052],
    [-0.22, -0.82 * up, 0.032],
    [-0.36, -0.94 * up, 0.018],
    [-0.5, -1.02 * up, 0.003],
  ].map(([x = 0, y = 0, thick = 0]) => [x + shoulder, y, thick] as const);
  return [
    ...limb(edge, ...joints.slice(0, 5).map(([x, y, thick]) => [x - 0.035, y + 0.02, thick] as const)),
    ...limb(tint, ...joints.slice(0, 6)),
    ...limb(colour(0x24262b), ...joints.slice(4)),
  ];
}

/** A far bird: two bows that meet. */
export function silhouette(ink: Ink, x: number, y: number, lift: number, dark: Colour): void {
  const out = Math.abs(x);
  if (out > 1 || Math.abs(y) > 1) return;
  const wing = -lift * Math.sin(Math.min(1, out * 1.25) * 2.2) * 0.6;
  cover(ink, dark, ramp(0.12, 0.04, Math.abs(y - wing) - 0.09 * (1 - out)));
}

const WOOL = colour(0xefe9da);
const WOOL_SHADE = colour(0xa39d90);
const FACE = colour(0x3a3230);

/** A sheep, one unit from nose to tail, feet at 0. */
export function sheep(ink: Ink, x: number, y: number, noise: Noise, looks: number): void {
  if (Math.abs(x) > 0.75 || y > 0.15 || y < -0.95) return;
  draw(ink, LEGS, x, y, 0.012);
  const curl = noise(x * 1.1 + looks, y * 1.1);
  const radius = distanceOf(x / 0.42, (y + 0.45) / 0.28);
  const wool = ramp(1.06, 0.98, radius + 0.05 * curl);
  cover(ink, WOOL, wool);
  cover(ink, WOOL_SHADE, wool * ramp(-0.9, 1.5, (y + 0.4) * 4 + 0.55 * curl + 0.3 * noise(x * 3, y * 3)));
  draw(ink, HEAD, x, y - looks * 0.25, 0.012);
}

const LEGS: readonly Stroke[] = [-0.24, -0.14, 0.15, 0.26].flatMap((x) =>
  limb(FACE, [x, -0.3, 0.04], [x, -0.02, 0.03]),
);
const HEAD: readonly Stroke[] = [
  ...limb(WOOL_SHADE, [0.3, -0.56, 0.15], [0.42, -0.66, 0.11]),
  ...limb(FACE, [0.44, -0.7, 0.08], [0.56, -0.6, 0.055]),
  ...limb(FACE, [0.42, -0.75, 0.035], [0.33, -0.76, 0.018]),
  ...limb(WHITE, [0.475, -0.7, 0.013], [0.476, -0.7, 0.013]),
];

const RED = colour(0xc6352b);
const DARK = colour(0x5e1715);
const GLASS = colour(0x33414f);
const LAMP = colour(0xfff0b0);

/** Half width at the gallery = 1, then top and bottom in the height of the picture. */
const STOREYS: readonly (readonly [Colour, number, number, number])[] = [
  [DARK, 0.06, 0.15, 0.18],
  [GLASS, 0.62, 0.215, 0.262],
  [RED, 0.92, 0.29, 0.86],
  [WHITE, 1.16, 0.262, 0.272],
  [DARK, 1.02, 0.272, 0.29],
];

const WINDOWS = [
  [0.4, -0.2],
  [0.53, 0.25],
  [0.66, -0.2],
] as const;

/** A lighthouse. @param x across it, in half widths of its gallery @param v as in the picture */
export function tower(ink: Ink, x: number, v: number): void {
  const out = Math.abs(x);
  if (out > 1.4 || v < 0.14) return;
  if (out < 0.72) storey(ink, x, v, RED, 0.72, 0.213 - 0.035 * Math.sqrt(1 - (x / 0.72) ** 2), 0.215);
  for (const [tint, half, top, bottom] of STOREYS) storey(ink, x, v, tint, half, top, bottom);
  if (v > 0.218 && v < 0.26) cover(ink, WHITE, 0.8 * bell((out % 0.31) - 0.155, 0.014) * ramp(0.62, 0.6, out));
  if (v < 0.262) cover(ink, LAMP, 0.9 * bell(distanceOf(x / 4, (v - 0.238) * 2.2), 0.035));
  for (const [at, side] of WINDOWS)
    cover(ink, GLASS, ramp(0.1, 0.08, Math.abs(x - side)) * ramp(0.013, 0.012, Math.abs(v - at)));
}

/** Round: dark on the side away from the sun, with a gleam on the other. */
function storey(ink: Ink, x: number, v: number, tint: Colour, half: number, top: number, bottom: number): void {
  const share =
    ramp(1.015, 0.985, Math.abs(x) / half) *
    ramp(top - 0.001, top + 0.001, v) *
    ramp(bottom + 0.001, bottom - 0.001, v);
  if (share <= 0) return;
  cover(ink, tint, share);
  cover(ink, DARK, share * 0.75 * ramp(-0.2, 1.1, x / half));
  cover(ink, WHITE, share * 0.16 * bell(x / half + 0.45, 0.2));
}

/** Two rings of petals, the upper one over the gaps of the lower. */
export function petals(ink: Ink, x: number, y: number, noise: Noise, petal: Colour, fold: Colour): void {
  const radius = distanceOf(x, y);
  if (radius > 0.27) return;
  const turn = (Math.atan2(y, x) / (2 * Math.PI) + 1) % 1;
  for (const [count, shift, reach] of [
    [17, 0.5, 0.235],
    [17, 0, 0.245],
  ] as const) {
    const place = turn * count + shift;
    const index = Math.floor(place) % count;
    const length = reach * (1 + 0.05 * noise(index * 0.137, shift + 0.3));
    const across = Math.abs((place % 1) - 0.5 + 0.05 * noise(index * 0.21, 0.6)) * 2;
    const t = radius / length;
    const width = 0.93 * Math.sqrt(Math.max(0, 1 - Math.max(0, (t - 0.72) / 0.28) ** 2)) * (0.72 + 0.28 * t);
    const share = ramp(width + 0.03, width - 0.05, across);
    if (t >= 1.02 || share <= 0) continue;
    cover(ink, petal, share);
    cover(
      ink,
      fold,
      share * (0.55 * ramp(0.45, 1, across / (width + 1e-6)) + 0.5 * ramp(0.5, 0.25, t) + (shift > 0 ? 0.3 : 0)),
    );
    cover(ink, fold, share * 0.22 * ramp(0, 1.6, noise(index * 0.3 + across * 0.16, t * 0.08)));
  }
}
