/** Photos that nobody took: a seed becomes a scene, the scene a camera's JPEG. For practice; no pixel is anybody's. */
import { setImmediate as turn } from "node:timers/promises";
import { type Ink, type Noise, noiseFrom, randomFrom } from "./brushes.ts";
import { SCENES, type SceneName } from "./scenery.ts";
import { sharp } from "./sharp.ts";

/** One press of the shutter on a scene. */
export interface Frame {
  readonly scene: SceneName;
  readonly seed: number;
  /** seconds since the first frame of its burst */
  readonly moment: number;
  /** the camera was not held still */
  readonly shaken: boolean;
  readonly tags: Tags;
}

/** As the camera writes them. */
export interface Tags {
  readonly make: string;
  readonly model: string;
  readonly lens: string;
  /** `2026:10:14 08:12:33` */
  readonly takenAt: string;
  /** hundredths of a second, two digits */
  readonly subSec: string;
  /** `1/500` */
  readonly exposure: string;
  /** `f/` of this */
  readonly aperture: number;
  readonly iso: number;
  /** millimetres */
  readonly focalLength: number;
}

export interface Pixels {
  /** three bytes a pixel, row by row, upright */
  readonly data: Uint8Array;
  readonly width: number;
  readonly height: number;
}

/** Pixels of the long edge: of the file, and of what is painted. Doubled, a scene is as soft as a lens makes it. */
const FILE_EDGE = 2400;
const PAINTED_EDGE = 1200;

/** What a camera does to a JPEG by itself, besides sharpening it. */
const IN_CAMERA = { contrast: 1.15, black: -24 };

/** A camera's own sharpening. */
const CRISP = { width: 3, height: 3, kernel: [0, -0.4, 0, -0.4, 2.6, -0.4, 0, -0.4, 0] };

/** Moved along a slanted line while the shutter was open. */
const SHAKEN = slantedLine(25, 9);

/** About 20 ms of painting. Then the event loop gets its turn. */
const ROWS_AT_ONCE = 50;

/** Camera noise of the finest photo, in grey levels; it grows with the square root of ISO. */
const GRAIN = 1.1;

/** Stored lying on its side, as a camera does it: turned by 90 degrees it is upright. */
const UPRIGHT_WHEN_TURNED = 6;

/** @returns a JPEG of 2400 x 1600 pixels with the tags of a camera; the same frame, the same bytes */
export async function photograph(frame: Frame, signal: AbortSignal): Promise<Buffer> {
  const { data, width, height } = await paint(frame, PAINTED_EDGE, signal);
  const isPortrait = height > width;
  const painted = sharp(data, { raw: { width, height, channels: 3 } });
  const stored = isPortrait ? painted.rotate(270) : painted;
  const enlarged = await stored
    .convolve(frame.shaken ? SHAKEN : CRISP)
    .linear(IN_CAMERA.contrast, IN_CAMERA.black)
    .resize(FILE_EDGE, Math.round((FILE_EDGE * Math.min(width, height)) / Math.max(width, height)))
    .raw()
    .toBuffer({ resolveWithObject: true });
  signal.throwIfAborted();
  addGrain(enlarged.data, GRAIN * Math.sqrt(frame.tags.iso / 100), frame.seed);
  return sharp(enlarged.data, { raw: { width: enlarged.info.width, height: enlarged.info.height, channels: 3 } })
    .withExif(exifOf(frame.tags))
    .withMetadata(isPortrait ? { orientation: UPRIGHT_WHEN_TURNED } : {})
    .jpeg({ quality: 90, optimiseCoding: false })
    .toBuffer();
}

/** Paints a scene, a few rows at a time. */
export async function paint(frame: Omit<Frame, "tags" | "shaken">, edge: number, signal: AbortSignal): Promise<Pixels> {
  const { aspect, painter } = SCENES[frame.scene];
  const width = aspect > 1 ? edge : Math.round(edge * aspect);
  const height = aspect > 1 ? Math.round(edge / aspect) : edge;
  const dot = painter({ noise: shifted(frame.seed), random: randomFrom(frame.seed), moment: frame.moment });
  const data = new Uint8ClampedArray(width * height * 3);
  const ink: Ink = { r: 0, g: 0, b: 0 };
  for (let y = 0, at = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1, at += 3) {
      dot(ink, x / height, y / height);
      data[at] = ink.r;
      data[at + 1] = ink.g;
      data[at + 2] = ink.b;
    }
    if (y % ROWS_AT_ONCE === 0) await turn(undefined, { signal });
  }
  return { data: new Uint8Array(data.buffer), width, height };
}

let tile: Noise | undefined;

/** One field of noise for all scenes, each at another place of it: to grow one takes as long as to paint a scene. */
function shifted(seed: number): Noise {
  tile ??= noiseFrom(1);
  const noise = tile;
  const random = randomFrom(seed);
  const [dx, dy] = [random(), random()];
  return (x, y) => noise(x + dx, y + dy);
}

function slantedLine(width: number, height: number) {
  const kernel = Array.from({ length: width * height }, (_, i) =>
    Math.floor(i / width) === Math.round(((i % width) * (height - 1)) / (width - 1)) ? 1 : 0,
  );
  return { width, height, kernel };
}

/** Alike in all three channels: noise of the luma is what a camera's own filter leaves. */
function addGrain(data: Uint8Array, strength: number, seed: number): void {
  const random = randomFrom(seed);
  // A prime number of grains: rows do not repeat them in step.
  const grain = Float32Array.from({ length: 65_537 }, () => (random() + random() + random() - 1.5) * 2 * strength);
  const clamped = new Uint8ClampedArray(data.buffer, data.byteOffset, data.length);
  for (let i = 0, at = 0; at < clamped.length; i = i === 65_536 ? 0 : i + 1, at += 3) {
    const by = grain[i] ?? 0;
    clamped[at] = (clamped[at] ?? 0) + by;
    clamped[at + 1] = (clamped[at + 1] ?? 0) + by;
    clamped[at + 2] = (clamped[at + 2] ?? 0) + by;
  }
}

export const exifOf = (tags: Tags) => ({
  // What it is, for whoever finds one of these files later.
  IFD0: { Make: tags.make, Model: tags.model, Software: "Photogate practice set" },
  IFD2: {
    DateTimeOriginal: tags.takenAt,
    SubSecTimeOriginal: tags.subSec,
    OffsetTimeOriginal: "+02:00",
    ExposureTime: tags.exposure,
    FNumber: `${Math.round(tags.aperture * 10)}/10`,
    ISOSpeedRatings: String(tags.iso),
    FocalLength: `${tags.focalLength}/1`,
    LensModel: tags.lens,
  },
});
