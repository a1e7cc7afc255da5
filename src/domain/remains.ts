import { z } from "zod";
import { type Facts, LikenessFacts, LookFacts, QualityFacts, type StageName } from "./facts.ts";

/**
 * What is still shown of facts that an update reads no more. A released photo goes through no stage again, but its previews lie
 * on the disk and its figures were found: a page without them would say that nothing is known. Each part reads by itself, and
 * what an older version did not find out is absent, never made up. For the eyes only: no stage is handed it.
 */
const SHOWN = {
  look: LookFacts.pick({ width: true, height: true, embedded: true }).extend({
    // Nobody looks at the model's.
    previews: LookFacts.shape.previews.omit({ model: true }),
    crops: LookFacts.shape.crops.catch([]),
  }),
  likeness: z.object({
    groups: LikenessFacts.shape.groups.catch([]),
    elsewhere: LikenessFacts.shape.elsewhere.catch([]),
  }),
  quality: QualityFacts.pick({ qr: true, band: true, missing: true }).extend({
    metrics: QualityFacts.shape.metrics.nullable().catch(null),
    technical: QualityFacts.shape.technical.nullable().catch(null),
    archive: QualityFacts.shape.archive.catch(null),
    plugins: QualityFacts.shape.plugins.catch([]),
  }),
};

type ShownName = keyof typeof SHOWN;
/** Of each stage whose findings are shown, the part that is. */
export type Shown = { readonly [K in ShownName]: z.infer<(typeof SHOWN)[K]> };
export type Remains = { readonly [K in ShownName]?: Shown[K] | undefined };

const readers: { readonly [K in ShownName]: z.ZodType<Shown[K]> } = SHOWN;
const isShown = (stage: StageName): stage is ShownName => Object.hasOwn(SHOWN, stage);

/** Adds what can still be shown of facts that do not read as they are. */
export function addRemains(into: { [K in ShownName]?: Shown[K] | undefined }, stage: StageName, stored: unknown): void {
  if (isShown(stage)) addPart(into, stage, stored);
}

function addPart<K extends ShownName>(into: { [P in K]?: Shown[P] | undefined }, stage: K, stored: unknown): void {
  into[stage] = readers[stage].safeParse(stored).data;
}

interface Known {
  readonly facts: { readonly [K in ShownName]?: Facts[K] };
  readonly remains?: Remains;
}

/** What is shown of a photo's facts: the facts, or what remains of them. */
export const shownOf = ({ facts, remains }: Known): Remains => ({
  look: facts.look ?? remains?.look,
  likeness: facts.likeness ?? remains?.likeness,
  quality: facts.quality ?? remains?.quality,
});
