import { readFileSync } from "node:fs";
import type { Patches } from "./contrast.ts";
import { MAPS, MOMENTS, PATCH_EDGE } from "./contrast.ts";
import { NOISE_EDGE, SIGMA, type Statistics, TILE, TILE_EDGE, tapsOf } from "./statistics.ts";

/** The door to the sums in WebAssembly: what `statisticsOf` and `patchesOf` give, an order of magnitude cheaper. */

/** What `kernel/index.ts` exports. Addresses are bytes in its memory. */
interface Kernel {
  readonly memory: WebAssembly.Memory;
  setWindows(...halves: number[]): void;
  prepare(width: number, height: number): number;
  analyse(): void;
  lumaAt(): number;
  histogramAt(): number;
  noiseAt(): number;
  tilesAt(): number;
  sharpnessAt(): number;
  clippedPixels(): number;
  laplacianSum(): number;
  laplacianSquares(): number;
  momentsOf(patch: number): number;
  meansOf(columns: number, rows: number): number;
}

// From source it is the one that was built last: tests and benches build before they run.
const COMPILED = new URL(
  import.meta.url.endsWith(".ts") ? "../../dist/imaging/kernel.wasm" : "./kernel.wasm",
  import.meta.url,
);

let started: Kernel | undefined;

function start(): Kernel {
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(readFileSync(COMPILED)));
  // Built from `kernel/index.ts` in the same build; a test holds every sum of it to the twin's.
  const kernel = exports as unknown as Kernel;
  const half = (taps: readonly number[]): readonly number[] => taps.slice(taps.length >> 1);
  kernel.setWindows(...half(tapsOf(SIGMA.blur)), ...half(tapsOf(SIGMA.further)));
  return kernel;
}

/**
 * The sums over the pixels of a photo. They lie in memory that the next photo takes.
 *
 * @param rgb three bytes a pixel, sRGB; at most 1024 x 1024 of them
 */
export function measured(rgb: Uint8Array, width: number, height: number): Statistics & { readonly patches: Patches } {
  started ??= start();
  const kernel = started;
  const into = kernel.prepare(width, height);
  const { buffer } = kernel.memory;
  new Uint8Array(buffer, into, rgb.length).set(rgb);
  kernel.analyse();
  const tilesIn = (edge: number, border = 0): number =>
    Math.max(0, Math.floor((width - border) / edge)) * Math.max(0, Math.floor((height - border) / edge));
  const histogram = new Uint32Array(buffer, kernel.histogramAt(), 256);
  return {
    luma: { data: new Uint8Array(buffer, kernel.lumaAt(), width * height), width, height },
    ...lightOf(histogram, width * height),
    sharpness: varianceOf(kernel.laplacianSum(), kernel.laplacianSquares(), (width - 2) * (height - 2)),
    histogram,
    clipped: kernel.clippedPixels(),
    noise: new Float32Array(buffer, kernel.noiseAt(), tilesIn(NOISE_EDGE, 2)),
    means: (columns, rows) => new Float32Array(buffer, kernel.meansOf(columns, rows), columns * rows).slice(),
    tiles: new Float32Array(buffer, kernel.tilesAt(), tilesIn(TILE_EDGE) * TILE.size),
    patches: {
      sharpness: new Float32Array(buffer, kernel.sharpnessAt(), tilesIn(PATCH_EDGE)),
      momentsOf: (patch) => new Float32Array(buffer, kernel.momentsOf(patch), 2 * MAPS * MOMENTS).slice(),
    },
  };
}

function lightOf(histogram: Uint32Array, pixels: number): { brightness: number; contrast: number } {
  let sum = 0;
  let squares = 0;
  for (const [value, count] of histogram.entries()) {
    sum += value * count;
    squares += value * value * count;
  }
  return { brightness: sum / pixels, contrast: Math.sqrt(varianceOf(sum, squares, pixels)) };
}

const varianceOf = (sum: number, squares: number, count: number): number =>
  count > 0 && squares > 0 ? Math.max(0, squares / count - (sum / count) ** 2) : 0;
