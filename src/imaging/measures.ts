/** Measures of a photo on its luma plane: one byte a pixel, row by row. */
export interface Luma {
  readonly data: Uint8Array;
  readonly width: number;
  readonly height: number;
}

/** @param rgb three bytes a pixel, sRGB @see ITU-R BT.601 for the weights, here in 32768ths */
export function lumaOf(rgb: Uint8Array, width: number, height: number): Luma {
  const data = new Uint8Array(width * height);
  for (let i = 0, at = 0; i < data.length; i += 1, at += 3)
    data[i] = (9_798 * (rgb[at] ?? 0) + 19_235 * (rgb[at + 1] ?? 0) + 3_735 * (rgb[at + 2] ?? 0) + 16_384) >> 15;
  return { data, width, height };
}

/** @returns mean 0-255 and standard deviation 0-128 */
export function brightnessAndContrast({ data }: Luma): { mean: number; deviation: number } {
  let sum = 0;
  let squares = 0;
  for (const value of data) {
    sum += value;
    squares += value * value;
  }
  const mean = sum / data.length;
  return { mean, deviation: Math.sqrt(Math.max(0, squares / data.length - mean * mean)) };
}

/**
 * Variance of the Laplacian: how crisp a photo is.
 *
 * @param luma scaled to one long edge, or sizes will not compare
 * @returns >= 0, no unit; moves with contrast and exposure, so it ranks frames of one scene and is no absolute verdict
 * @see Pech-Pacheco et al. 2000, "Diatom autofocusing in brightfield microscopy"
 */
export function laplacianVariance({ data, width, height }: Luma): number {
  let sum = 0;
  let squares = 0;
  const at = (i: number): number => data[i] ?? 0;
  for (let y = 1; y < height - 1; y += 1)
    for (let x = 1; x < width - 1; x += 1) {
      const i = y * width + x;
      const value = at(i - 1) + at(i + 1) + at(i - width) + at(i + width) - 4 * at(i);
      sum += value;
      squares += value * value;
    }
  const count = (width - 2) * (height - 2);
  return count > 0 ? squares / count - (sum / count) ** 2 : 0;
}

/** Mean of the pixels under each cell of a grid. */
export type Means = (columns: number, rows: number) => Float32Array;

/** Mean of the pixels under each cell of a `columns` x `rows` grid, cells cut at pixel borders. */
export function areaMeans({ data, width, height }: Luma, columns: number, rows: number): Float32Array {
  const means = new Float32Array(columns * rows);
  for (let row = 0; row < rows; row += 1)
    for (let column = 0; column < columns; column += 1) {
      const [top, bottom] = cell(row, rows, height);
      const [left, right] = cell(column, columns, width);
      let sum = 0;
      for (let y = top; y < bottom; y += 1) for (let x = left; x < right; x += 1) sum += data[y * width + x] ?? 0;
      means[row * columns + column] = sum / ((bottom - top) * (right - left));
    }
  return means;
}

// A picture narrower than the grid gives neighbouring cells the same pixel rather than an empty one.
function cell(index: number, cells: number, size: number): [number, number] {
  const from = Math.min(Math.floor((index * size) / cells), size - 1);
  return [from, Math.max(from + 1, Math.floor(((index + 1) * size) / cells))];
}

export const meansOf =
  (luma: Luma): Means =>
  (columns, rows) =>
    areaMeans(luma, columns, rows);
