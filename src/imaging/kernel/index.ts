/**
 * The sums over the pixels of a photo, in AssemblyScript: the same as in `statistics.ts` and `contrast.ts`, which stay as
 * its oracle. Compiled to WebAssembly with SIMD by the build; `../kernel.ts` is its only caller and owns the meaning of
 * what is laid out here.
 *
 * Rows of floats stand in rings of 16 that stay in the processor's cache; only the contrast is kept for the whole photo.
 * Each row has room on both sides, filled with its first and last pixel. Four pixels go at a time; what falls behind the
 * end of a row is overwritten by that filling.
 */

const RING: i32 = 16;
const SIDE: usize = 64;
const TILE: i32 = 32;
const TILE_SUMS: usize = 10;
const NOISE_TILE: i32 = 16;
const PATCH: i32 = 96;
const MOMENTS: usize = 5;
const MAPS: i32 = 5;

let width: i32 = 0;
let height: i32 = 0;
/** bytes from a row to the next */
let stride: usize = 0;

let rgb: usize = 0;
let luma: usize = 0;
let histogram: usize = 0;
let noise: usize = 0;
let tiles: usize = 0;
let tileRow: usize = 0;
let sharpness: usize = 0;
let moments: usize = 0;
let means: usize = 0;
let columnSums: usize = 0;
let values: usize = 0;
let squares: usize = 0;
let blurred: usize = 0;
let coarse: usize = 0;
let fine: usize = 0;
let between: usize = 0;
let deviations: usize = 0;
let contrast: usize = 0;
let halfContrast: usize = 0;

let clipped: i32 = 0;
/** Mean luma, a whole number: taken away first, so that squares are small and their differences keep their last digits. */
let middle: i32 = 0;
let laplaceSum: f64 = 0;
let laplaceSquares: f64 = 0;

// Halves of symmetric windows, the middle first.
let a0: f32 = 0;
let a1: f32 = 0;
let a2: f32 = 0;
let a3: f32 = 0;
let b0: f32 = 0;
let b1: f32 = 0;
let b2: f32 = 0;
let b3: f32 = 0;
let b4: f32 = 0;

export function setWindows(
  blur0: f32,
  blur1: f32,
  blur2: f32,
  blur3: f32,
  further0: f32,
  further1: f32,
  further2: f32,
  further3: f32,
  further4: f32,
): void {
  a0 = blur0;
  a1 = blur1;
  a2 = blur2;
  a3 = blur3;
  b0 = further0;
  b1 = further1;
  b2 = further2;
  b3 = further3;
  b4 = further4;
}

let free: usize = 0;

function take(bytes: usize): usize {
  const at = free;
  free = (free + bytes + 127) & ~63;
  return at;
}

/** Makes room for a photo. @returns where its bytes go, three a pixel */
export function prepare(columns: i32, rows: i32): usize {
  width = columns;
  height = rows;
  stride = ((<usize>columns * 4 + 63) & ~63) + 2 * SIDE;
  free = (__heap_base + 63) & ~63;
  const pixels = <usize>columns * <usize>rows;
  rgb = take(pixels * 3);
  luma = take(pixels);
  histogram = take(4 * 256 * 4);
  noise = take(<usize>(max(0, columns - 2) / NOISE_TILE) * <usize>(max(0, rows - 2) / NOISE_TILE) * 4);
  tiles = take(<usize>(columns / TILE) * <usize>(rows / TILE) * TILE_SUMS * 4);
  tileRow = take(<usize>(columns / TILE) * TILE_SUMS * 16);
  sharpness = take(<usize>(columns / PATCH) * <usize>(rows / PATCH) * 4);
  moments = take(2 * <usize>MAPS * MOMENTS * 4);
  means = take(96 * 96 * 4);
  columnSums = take(<usize>columns * 2);
  values = take(<usize>RING * stride);
  squares = take(<usize>RING * stride);
  blurred = take(<usize>RING * stride);
  coarse = take(<usize>RING * stride);
  fine = take(<usize>RING * stride);
  between = take(stride);
  deviations = take(stride);
  contrast = take(<usize>rows * stride);
  halfContrast = take(<usize>(rows >> 1) * stride);
  const pages = <i32>((free + 65535) >> 16) - memory.size();
  if (pages > 0) memory.grow(pages);
  return rgb;
}

export function lumaAt(): usize {
  return luma;
}
export function histogramAt(): usize {
  return histogram;
}
export function noiseAt(): usize {
  return noise;
}
export function tilesAt(): usize {
  return tiles;
}
export function sharpnessAt(): usize {
  return sharpness;
}
export function clippedPixels(): i32 {
  return clipped;
}
export function laplacianSum(): f64 {
  return laplaceSum;
}
export function laplacianSquares(): f64 {
  return laplaceSquares;
}

export function analyse(): void {
  toLuma();
  countLuma();
  sumLaplacian();
  measureNoise();
  measureTiles();
  if (width >= PATCH && height >= PATCH) contrastOfHalf();
}

// Four pixels are 12 bytes: red and green side by side as 16-bit numbers, then blue beside a one that carries the rounding.
function toLuma(): void {
  const pixels = width * height;
  const weights = i16x8(9798, 19235, 9798, 19235, 9798, 19235, 9798, 19235);
  const blueWeights = i16x8(3735, 16384, 3735, 16384, 3735, 16384, 3735, 16384);
  const one = i32x4.splat(0x00010000);
  const limit = i16x8.splat(253);
  const redGreen = i8x16(0, -1, 1, -1, 3, -1, 4, -1, 6, -1, 7, -1, 9, -1, 10, -1);
  const blue = i8x16(2, -1, -1, -1, 5, -1, -1, -1, 8, -1, -1, -1, 11, -1, -1, -1);
  const none = i32x4.splat(0);
  let over = i32x4.splat(0);
  let at = rgb;
  let to = luma;
  let left = pixels;
  for (; left >= 4; left -= 4) {
    const bytes = v128.load(at);
    const rg = v128.swizzle(bytes, redGreen);
    const b = v128.or(v128.swizzle(bytes, blue), one);
    const sum = i32x4.shr_u(i32x4.add(i32x4.dot_i16x8_s(rg, weights), i32x4.dot_i16x8_s(b, blueWeights)), 15);
    const narrow = i8x16.narrow_i16x8_u(i16x8.narrow_i32x4_s(sum, sum), sum);
    i32.store(to, i32x4.extract_lane(narrow, 0));
    over = i32x4.add(over, i32x4.ne(i16x8.gt_s(i16x8.max_s(rg, b), limit), none));
    at += 12;
    to += 4;
  }
  clipped = -(
    i32x4.extract_lane(over, 0) +
    i32x4.extract_lane(over, 1) +
    i32x4.extract_lane(over, 2) +
    i32x4.extract_lane(over, 3)
  );
  for (; left > 0; left -= 1) {
    const r = <i32>load<u8>(at);
    const g = <i32>load<u8>(at, 1);
    const b = <i32>load<u8>(at, 2);
    store<u8>(to, (9798 * r + 19235 * g + 3735 * b + 16384) >> 15);
    if (max(r, max(g, b)) > 253) clipped += 1;
    at += 3;
    to += 1;
  }
}

// Four counts side by side: neighbours are often alike, and would wait for one another.
function countLuma(): void {
  memory.fill(histogram, 0, 4 * 256 * 4);
  const end = luma + <usize>(width * height);
  let at = luma;
  for (; at + 4 <= end; at += 4) {
    const four = load<u32>(at);
    count(histogram, four & 255);
    count(histogram + 1024, (four >> 8) & 255);
    count(histogram + 2048, (four >> 16) & 255);
    count(histogram + 3072, four >> 24);
  }
  for (; at < end; at += 1) count(histogram, load<u8>(at));
  for (let i: usize = 0; i < 1024; i += 4)
    store<u32>(
      histogram + i,
      load<u32>(histogram + i) +
        load<u32>(histogram + i, 1024) +
        load<u32>(histogram + i, 2048) +
        load<u32>(histogram + i, 3072),
    );
  let sum: u64 = 0;
  for (let value: u64 = 0; value < 256; value += 1) sum += value * <u64>load<u32>(histogram + <usize>value * 4);
  middle = <i32>Math.floor(<f64>sum / <f64>(width * height) + 0.5);
}

function count(table: usize, value: u32): void {
  const at = table + ((<usize>value) << 2);
  store<u32>(at, load<u32>(at) + 1);
}

function wide(at: usize): v128 {
  return v128.load8x8_u(at);
}

function sumLaplacian(): void {
  const row = <usize>width;
  let sum: i64 = 0;
  let power: i64 = 0;
  for (let y = 1; y < height - 1; y += 1) {
    let sums = i32x4.splat(0);
    let powers = i32x4.splat(0);
    let at = luma + <usize>(y * width + 1);
    const end = luma + <usize>(y * width + width - 1);
    for (; at + 8 <= end; at += 8) {
      const around = i16x8.add(i16x8.add(wide(at - 1), wide(at + 1)), i16x8.add(wide(at - row), wide(at + row)));
      const value = i16x8.sub(around, i16x8.shl(wide(at), 2));
      sums = i32x4.add(sums, i32x4.extadd_pairwise_i16x8_s(value));
      powers = i32x4.add(powers, i32x4.dot_i16x8_s(value, value));
    }
    sum += inAll(sums);
    power += inAll(powers);
    for (; at < end; at += 1) {
      const value =
        <i32>load<u8>(at - 1) +
        <i32>load<u8>(at + 1) +
        <i32>load<u8>(at - row) +
        <i32>load<u8>(at + row) -
        4 * <i32>load<u8>(at);
      sum += value;
      power += value * value;
    }
  }
  laplaceSum = <f64>sum;
  laplaceSquares = <f64>power;
}

function inAll(four: v128): i32 {
  return (
    i32x4.extract_lane(four, 0) +
    i32x4.extract_lane(four, 1) +
    i32x4.extract_lane(four, 2) +
    i32x4.extract_lane(four, 3)
  );
}

function measureNoise(): void {
  const columns = max(0, width - 2) / NOISE_TILE;
  const rows = max(0, height - 2) / NOISE_TILE;
  const black = i16x8.splat(2);
  const white = i16x8.splat(253);
  const row = <usize>width;
  for (let tile = 0; tile < columns * rows; tile += 1) {
    let at = luma + <usize>((1 + (tile / columns) * NOISE_TILE) * width + 1 + (tile % columns) * NOISE_TILE);
    let sums = i32x4.splat(0);
    let extremes = i16x8.splat(0);
    for (let y = 0; y < NOISE_TILE; y += 1) {
      for (let half: usize = 0; half < 16; half += 8) {
        const here = at + half;
        const here8 = wide(here);
        const corners = i16x8.add(
          i16x8.add(wide(here - row - 1), wide(here - row + 1)),
          i16x8.add(wide(here + row - 1), wide(here + row + 1)),
        );
        const sides = i16x8.add(
          i16x8.add(wide(here - row), wide(here + row)),
          i16x8.add(wide(here - 1), wide(here + 1)),
        );
        const value = i16x8.add(i16x8.sub(corners, i16x8.shl(sides, 1)), i16x8.shl(here8, 2));
        sums = i32x4.add(sums, i32x4.extadd_pairwise_i16x8_s(i16x8.abs(value)));
        extremes = i16x8.sub(extremes, v128.or(i16x8.le_s(here8, black), i16x8.ge_s(here8, white)));
      }
      at += row;
    }
    const isExtreme = <f64>inAll(i32x4.extadd_pairwise_i16x8_s(extremes)) > 25.6;
    store<f32>(noise + <usize>tile * 4, isExtreme ? -1 : <f32>((1.2533141373155003 / 1536.0) * <f64>inAll(sums)));
  }
}

function inRing(ring: usize, y: i32, rows: i32): usize {
  return ring + <usize>(max(0, min(rows - 1, y)) & (RING - 1)) * stride + SIDE;
}

/** Fills the sides of a row. */
function fill(row: usize, columns: i32): void {
  const first = f32x4.splat(load<f32>(row));
  const end = row + <usize>columns * 4;
  const last = f32x4.splat(load<f32>(end - 4));
  v128.store(row - 16, first);
  v128.store(row - 32, first);
  v128.store(end, last);
  v128.store(end + 16, last);
}

function pair(at: usize, other: usize): v128 {
  return f32x4.add(v128.load(at), v128.load(other));
}

/** A blur of 7 x 7 of one row. */
function blurSmall(ring: usize, y: i32, to: usize, columns: i32, rows: i32): void {
  const r0 = inRing(ring, y - 3, rows);
  const r1 = inRing(ring, y - 2, rows);
  const r2 = inRing(ring, y - 1, rows);
  const r3 = inRing(ring, y, rows);
  const r4 = inRing(ring, y + 1, rows);
  const r5 = inRing(ring, y + 2, rows);
  const r6 = inRing(ring, y + 3, rows);
  const t0 = f32x4.splat(a0);
  const t1 = f32x4.splat(a1);
  const t2 = f32x4.splat(a2);
  const t3 = f32x4.splat(a3);
  const row = between + SIDE;
  const end = <usize>columns * 4;
  for (let x: usize = 0; x < end; x += 16)
    v128.store(
      row + x,
      f32x4.add(
        f32x4.add(f32x4.mul(t0, v128.load(r3 + x)), f32x4.mul(t1, pair(r2 + x, r4 + x))),
        f32x4.add(f32x4.mul(t2, pair(r1 + x, r5 + x)), f32x4.mul(t3, pair(r0 + x, r6 + x))),
      ),
    );
  fill(row, columns);
  for (let x = row; x < row + end; x += 16)
    v128.store(
      to + (x - row),
      f32x4.add(
        f32x4.add(f32x4.mul(t0, v128.load(x)), f32x4.mul(t1, pair(x - 4, x + 4))),
        f32x4.add(f32x4.mul(t2, pair(x - 8, x + 8)), f32x4.mul(t3, pair(x - 12, x + 12))),
      ),
    );
  fill(to, columns);
}

/** A blur of 9 x 9 of one row. */
function blurLarge(ring: usize, y: i32, to: usize, columns: i32, rows: i32): void {
  const r0 = inRing(ring, y - 4, rows);
  const r1 = inRing(ring, y - 3, rows);
  const r2 = inRing(ring, y - 2, rows);
  const r3 = inRing(ring, y - 1, rows);
  const r4 = inRing(ring, y, rows);
  const r5 = inRing(ring, y + 1, rows);
  const r6 = inRing(ring, y + 2, rows);
  const r7 = inRing(ring, y + 3, rows);
  const r8 = inRing(ring, y + 4, rows);
  const t0 = f32x4.splat(b0);
  const t1 = f32x4.splat(b1);
  const t2 = f32x4.splat(b2);
  const t3 = f32x4.splat(b3);
  const t4 = f32x4.splat(b4);
  const row = between + SIDE;
  const end = <usize>columns * 4;
  for (let x: usize = 0; x < end; x += 16)
    v128.store(
      row + x,
      f32x4.add(
        f32x4.add(
          f32x4.add(f32x4.mul(t0, v128.load(r4 + x)), f32x4.mul(t1, pair(r3 + x, r5 + x))),
          f32x4.add(f32x4.mul(t2, pair(r2 + x, r6 + x)), f32x4.mul(t3, pair(r1 + x, r7 + x))),
        ),
        f32x4.mul(t4, pair(r0 + x, r8 + x)),
      ),
    );
  fill(row, columns);
  for (let x = row; x < row + end; x += 16)
    v128.store(
      to + (x - row),
      f32x4.add(
        f32x4.add(
          f32x4.add(f32x4.mul(t0, v128.load(x)), f32x4.mul(t1, pair(x - 4, x + 4))),
          f32x4.add(f32x4.mul(t2, pair(x - 8, x + 8)), f32x4.mul(t3, pair(x - 12, x + 12))),
        ),
        f32x4.mul(t4, pair(x - 16, x + 16)),
      ),
    );
  fill(to, columns);
}

/** A row of luma around the middle, and its squares. */
function readRow(y: i32): void {
  const to = inRing(values, y, height);
  const square = inRing(squares, y, height);
  const from = luma + <usize>(y * width);
  const mean = i16x8.splat(<i16>middle);
  for (let x: usize = 0; x < <usize>width; x += 8) {
    const eight = i16x8.sub(wide(from + x), mean);
    const low = f32x4.convert_i32x4_s(i32x4.extend_low_i16x8_s(eight));
    const high = f32x4.convert_i32x4_s(i32x4.extend_high_i16x8_s(eight));
    v128.store(to + (x << 2), low);
    v128.store(to + (x << 2), high, 16);
    v128.store(square + (x << 2), f32x4.mul(low, low));
    v128.store(square + (x << 2), f32x4.mul(high, high), 16);
  }
  fill(to, width);
  fill(square, width);
}

/** The same of the photo at half its size: means of four. */
function readHalfRow(y: i32, columns: i32, rows: i32): void {
  const to = inRing(values, y, rows);
  const square = inRing(squares, y, rows);
  const from = luma + <usize>(2 * y * width);
  const below = from + <usize>width;
  const quarter = f32x4.splat(0.25);
  const mean = f32x4.splat(<f32>middle);
  for (let x: usize = 0; x < <usize>columns; x += 8) {
    const eight = i16x8.add(
      i16x8.extadd_pairwise_i8x16_u(v128.load(from + 2 * x)),
      i16x8.extadd_pairwise_i8x16_u(v128.load(below + 2 * x)),
    );
    const low = f32x4.sub(f32x4.mul(f32x4.convert_i32x4_s(i32x4.extend_low_i16x8_s(eight)), quarter), mean);
    const high = f32x4.sub(f32x4.mul(f32x4.convert_i32x4_s(i32x4.extend_high_i16x8_s(eight)), quarter), mean);
    v128.store(to + (x << 2), low);
    v128.store(to + (x << 2), high, 16);
    v128.store(square + (x << 2), f32x4.mul(low, low));
    v128.store(square + (x << 2), f32x4.mul(high, high), 16);
  }
  fill(to, columns);
  fill(square, columns);
}

/** Contrast of a row whose blur is known; its deviations stay until the next. */
function contrastRow(y: i32, to: usize, columns: i32, rows: i32): void {
  const spread = deviations + SIDE;
  blurSmall(squares, y, spread, columns, rows);
  const value = inRing(values, y, rows);
  const soft = inRing(blurred, y, rows);
  const one = f32x4.splat(1);
  const zero = f32x4.splat(0);
  const rounding = f32x4.splat(1.0 / 12.0);
  const least = f32x4.splat(1.0 / 64.0);
  for (let x: usize = 0; x < <usize>columns * 4; x += 16) {
    const mean = v128.load(soft + x);
    const variance = f32x4.sub(v128.load(spread + x), f32x4.mul(mean, mean));
    const deviation = f32x4.sqrt(f32x4.max(zero, f32x4.sub(variance, rounding)));
    const difference = f32x4.sub(v128.load(value + x), mean);
    const seen = v128.and(difference, f32x4.ge(f32x4.abs(difference), least));
    v128.store(spread + x, deviation);
    v128.store(to + x, f32x4.div(seen, f32x4.add(deviation, one)));
  }
  fill(to, columns);
}

function addSharpness(y: i32): void {
  const columns = width / PATCH;
  const first = sharpness + <usize>((y / PATCH) * columns) * 4;
  const share: f32 = 1.0 / <f32>(PATCH * PATCH);
  for (let patch = 0; patch < columns; patch += 1) {
    let sums = f32x4.splat(0);
    const from = deviations + SIDE + <usize>(patch * PATCH * 4);
    for (let x: usize = 0; x < <usize>PATCH * 4; x += 16) sums = f32x4.add(sums, v128.load(from + x));
    const at = first + <usize>patch * 4;
    store<f32>(at, load<f32>(at) + share * together(sums));
  }
}

function together(four: v128): f32 {
  return (
    f32x4.extract_lane(four, 0) +
    f32x4.extract_lane(four, 1) +
    (f32x4.extract_lane(four, 2) + f32x4.extract_lane(four, 3))
  );
}

function measureTiles(): void {
  memory.fill(sharpness, 0, <usize>(width / PATCH) * <usize>(height / PATCH) * 4);
  memory.fill(tileRow, 0, <usize>(width / TILE) * TILE_SUMS * 16);
  const patchRows = (height / PATCH) * PATCH;
  const tileRows = (height / TILE) * TILE;
  let read = 0;
  let blurs = 0;
  let coarses = 0;
  for (let y = 0; y < height; y += 1) {
    for (; read < min(y + 9, height); read += 1) readRow(read);
    for (; blurs < min(y + 6, height); blurs += 1) {
      blurSmall(values, blurs, inRing(blurred, blurs, height), width, height);
      contrastRow(blurs, contrast + <usize>blurs * stride + SIDE, width, height);
      if (blurs < patchRows) addSharpness(blurs);
    }
    for (; coarses < min(y + 2, height); coarses += 1) separate(coarses);
    if (y < tileRows) {
      addTiles(y);
      if ((y & (TILE - 1)) === TILE - 1) finishTiles(y / TILE);
    }
  }
}

/** Form and detail of a row. */
function separate(y: i32): void {
  const form = inRing(coarse, y, height);
  blurLarge(blurred, y, form, width, height);
  const value = inRing(values, y, height);
  const detail = inRing(fine, y, height);
  for (let x: usize = 0; x < <usize>width * 4; x += 16)
    v128.store(detail + x, f32x4.sub(v128.load(value + x), v128.load(form + x)));
  fill(detail, width);
}

function addTiles(y: i32): void {
  const here = inRing(values, y, height);
  const below = inRing(values, y + 1, height);
  const soft = inRing(blurred, y, height);
  const softBelow = inRing(blurred, y + 1, height);
  let at = tileRow;
  for (let left: usize = 0; left < <usize>((width / TILE) * TILE) * 4; left += TILE * 4) {
    let sum = v128.load(at);
    let power = v128.load(at, 16);
    let steps = v128.load(at, 32);
    let softSteps = v128.load(at, 48);
    for (let x = left; x < left + TILE * 4; x += 16) {
      const value = v128.load(here + x);
      sum = f32x4.add(sum, value);
      power = f32x4.add(power, f32x4.mul(value, value));
      steps = f32x4.add(steps, stepsOf(value, v128.load(here + x, 4), v128.load(below + x)));
      softSteps = f32x4.add(softSteps, stepsOf(v128.load(soft + x), v128.load(soft + x, 4), v128.load(softBelow + x)));
    }
    v128.store(at, sum);
    v128.store(at, power, 16);
    v128.store(at, steps, 32);
    v128.store(at, softSteps, 48);
    at += TILE_SUMS * 16;
  }
  addProducts(fine, y, 64);
  addProducts(coarse, y, 112);
}

function stepsOf(value: v128, right: v128, below: v128): v128 {
  const dx = f32x4.sub(right, value);
  const dy = f32x4.sub(below, value);
  return f32x4.add(f32x4.mul(dx, dx), f32x4.mul(dy, dy));
}

function addProducts(ring: usize, y: i32, offset: usize): void {
  const above = inRing(ring, y - 1, height);
  const here = inRing(ring, y, height);
  const below = inRing(ring, y + 1, height);
  let at = tileRow + offset;
  for (let left: usize = 0; left < <usize>((width / TILE) * TILE) * 4; left += TILE * 4) {
    let xx = v128.load(at);
    let xy = v128.load(at, 16);
    let yy = v128.load(at, 32);
    for (let x = left; x < left + TILE * 4; x += 16) {
      const dx = f32x4.sub(v128.load(here + x, 4), v128.load(here + x - 4));
      const dy = f32x4.sub(v128.load(below + x), v128.load(above + x));
      xx = f32x4.add(xx, f32x4.mul(dx, dx));
      xy = f32x4.add(xy, f32x4.mul(dx, dy));
      yy = f32x4.add(yy, f32x4.mul(dy, dy));
    }
    v128.store(at, xx);
    v128.store(at, xy, 16);
    v128.store(at, yy, 32);
    at += TILE_SUMS * 16;
  }
}

/** Adds up the four sums of each kind, and begins anew. */
function finishTiles(row: i32): void {
  const sums = <usize>(width / TILE) * TILE_SUMS;
  const to = tiles + <usize>row * sums * 4;
  for (let i: usize = 0; i < sums; i += 1) store<f32>(to + i * 4, together(v128.load(tileRow + i * 16)));
  memory.fill(tileRow, 0, sums * 16);
}

function contrastOfHalf(): void {
  const columns = width >> 1;
  const rows = height >> 1;
  let read = 0;
  for (let y = 0; y < rows; y += 1) {
    for (; read < min(y + 4, rows); read += 1) readHalfRow(read, columns, rows);
    blurSmall(values, y, inRing(blurred, y, rows), columns, rows);
    contrastRow(y, halfContrast + <usize>y * stride + SIDE, columns, rows);
  }
}

/** @returns where the moments of a patch stand: at full size, then at half */
export function momentsOf(patch: i32): usize {
  const columns = width / PATCH;
  const x = patch % columns;
  const y = patch / columns;
  addMoments(contrast, x * PATCH, y * PATCH, PATCH, height, moments);
  addMoments(
    halfContrast,
    (x * PATCH) / 2,
    (y * PATCH) / 2,
    PATCH / 2,
    height >> 1,
    moments + <usize>MAPS * MOMENTS * 4,
  );
  return moments;
}

function addMoments(plane: usize, left: i32, top: i32, edge: i32, rows: i32, to: usize): void {
  const first = plane + SIDE + <usize>left * 4;
  for (let map = 0; map < MAPS; map += 1) {
    const shift: isize = map === 0 || map === 2 ? 0 : map === 4 ? -4 : 4;
    const down = map > 1 ? 1 : 0;
    let below = i32x4.splat(0);
    let above = i32x4.splat(0);
    let squaresBelow = f32x4.splat(0);
    let squaresAll = f32x4.splat(0);
    let size = f32x4.splat(0);
    const zero = f32x4.splat(0);
    for (let y = top; y < top + edge; y += 1) {
      const here = first + <usize>y * stride;
      const other = first + <usize>min(rows - 1, y + down) * stride + shift;
      for (let x: usize = 0; x < <usize>edge * 4; x += 16) {
        let value = v128.load(here + x);
        if (map > 0) value = f32x4.mul(value, v128.load(other + x));
        const isBelow = f32x4.lt(value, zero);
        const power = f32x4.mul(value, value);
        below = i32x4.sub(below, isBelow);
        above = i32x4.sub(above, f32x4.gt(value, zero));
        squaresBelow = f32x4.add(squaresBelow, v128.and(power, isBelow));
        squaresAll = f32x4.add(squaresAll, power);
        size = f32x4.add(size, f32x4.abs(value));
      }
    }
    const at = to + <usize>map * MOMENTS * 4;
    store<f32>(at, <f32>inAll(below));
    store<f32>(at, <f32>inAll(above), 4);
    store<f32>(at, together(squaresBelow), 8);
    store<f32>(at, together(f32x4.sub(squaresAll, squaresBelow)), 12);
    store<f32>(at, together(size), 16);
  }
}

/** Means of the pixels under each cell of a grid of at most 96 x 96. @returns where they stand, row by row */
export function meansOf(columns: i32, rows: i32): usize {
  for (let row = 0; row < rows; row += 1) {
    const top = min((row * height) / rows, height - 1);
    const bottom = max(top + 1, ((row + 1) * height) / rows);
    addRows(top, bottom);
    for (let column = 0; column < columns; column += 1) {
      const left = min((column * width) / columns, width - 1);
      const right = max(left + 1, ((column + 1) * width) / columns);
      let sum = 0;
      for (let x = left; x < right; x += 1) sum += <i32>load<u16>(columnSums + <usize>x * 2);
      store<f32>(means + <usize>(row * columns + column) * 4, <f32>(<f64>sum / <f64>((bottom - top) * (right - left))));
    }
  }
  return means;
}

/** Sixteen bits hold 257 rows. */
function addRows(top: i32, bottom: i32): void {
  for (let x: usize = 0; x < <usize>width; x += 8) {
    let sums = i16x8.splat(0);
    let at = luma + <usize>(top * width) + x;
    for (let y = top; y < bottom; y += 1) {
      sums = i16x8.add(sums, wide(at));
      at += <usize>width;
    }
    v128.store(columnSums + x * 2, sums);
  }
}
