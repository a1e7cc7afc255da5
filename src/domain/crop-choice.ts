import type { Crop, Framing } from "./crop-proposal.ts";
import { type Chosen, haveSameProportions, type Sidecar } from "./crop-sidecar.ts";
import { ASPECTS, type Aspect, pixelsOf } from "./crops.ts";

/** Which crops of a photo are written down, and which a person has to look at. */

export interface CropsAsked {
  /** confidence from which on a proposal is taken */
  readonly acceptAbove: number;
  readonly aspects: readonly Aspect[];
  /** whose crops all others get; null where each photo gets its own */
  readonly copied: Sidecar | null;
}

/** A crop a person has to look at, and why. */
export interface CropToReview {
  readonly aspect: Aspect;
  /** null where nothing was proposed */
  readonly confidence: number | null;
  readonly why: string;
}

export interface CropChoice {
  /** in the order of `ASPECTS` */
  readonly chosen: readonly Chosen[];
  readonly review: readonly CropToReview[];
}

/**
 * @param before what was chosen for the very same picture earlier: its other aspects stay
 */
export function chooseCrops(framing: Framing, asked: CropsAsked, before: Sidecar | undefined): CropChoice {
  const { chosen, review } =
    asked.copied === null ? proposed(framing, asked, before) : copied(framing, asked, asked.copied);
  const kept = (before?.crops ?? []).filter(({ aspect }) => !chosen.some((crop) => crop.aspect === aspect));
  const inOrder = [...chosen, ...kept].toSorted((a, b) => ASPECTS.indexOf(a.aspect) - ASPECTS.indexOf(b.aspect));
  return { chosen: inOrder, review };
}

export const chosenOf = ({ crops }: Pick<Sidecar, "crops">, aspect: Aspect): Chosen | undefined =>
  crops.find((crop) => crop.aspect === aspect);

function proposed({ crops, ...size }: Framing, asked: CropsAsked, before: Sidecar | undefined): CropChoice {
  // A crop a person has chosen is not replaced by a proposal.
  const isChosen = (aspect: Aspect): boolean =>
    before !== undefined && chosenOf(before, aspect)?.origin.kind === "copied";
  const open = crops.filter(({ aspect }) => asked.aspects.includes(aspect) && !isChosen(aspect));
  const isSure = ({ confidence }: Crop): boolean => confidence >= asked.acceptAbove;
  return {
    chosen: open.filter(isSure).map(({ aspect, x, y, width, height, ...why }) => {
      const box = { x, y, width, height };
      return { aspect, ...box, pixels: pixelsOf(box, size), origin: { kind: "proposed", ...why } };
    }),
    review: open
      .filter((crop) => !isSure(crop))
      .map(({ aspect, confidence }) => ({ aspect, confidence, why: `its confidence is ${confidence}` })),
  };
}

function copied(framing: Framing, { aspects }: CropsAsked, { image, crops }: Sidecar): CropChoice {
  if (!haveSameProportions(image, framing)) {
    const why = `${framing.width} x ${framing.height} has other proportions than ${image.name}`;
    return { chosen: [], review: aspects.map((aspect) => ({ aspect, confidence: null, why })) };
  }
  const wanted = crops.filter(({ aspect }) => aspects.includes(aspect));
  return {
    chosen: wanted.map((crop) => ({
      ...crop,
      pixels: pixelsOf(crop, framing),
      origin: { kind: "copied", from: image.name },
    })),
    review: [],
  };
}
