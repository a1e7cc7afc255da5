export interface Output {
  /** long edge, px */
  readonly edge: number;
  readonly quality: number;
}

/** The pictures of a whole look, the largest first; plain Huffman tables for all. */
export const OUTPUTS = [
  { edge: 2000, quality: 82 },
  { edge: 1024, quality: 85 },
  { edge: 896, quality: 85 },
  { edge: 400, quality: 80 },
] as const satisfies readonly Output[];

/** What the page shows and nothing else, for those who make pictures only. */
export const PICTURES = OUTPUTS.filter(({ edge }) => edge !== 896);

/** As the goal beside ImageMagick was set: 2048 px, for which everybody decodes a photo of 6000 px in full. */
export const PICTURES_2048: readonly Output[] = PICTURES.map((output) =>
  output.edge === 2000 ? { ...output, edge: 2048 } : output,
);

export const LARGEST = OUTPUTS[0].edge;
/** What the measures are taken on, and the hash. */
export const METRICS_EDGE = 1024;
export const HASH_EDGE = 32;
