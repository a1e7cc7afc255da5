import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Facts, MetricName, Metrics, PluginSaid } from "../domain/facts.ts";
import { type Likeness, patchRows } from "../domain/niqe.ts";
import type { Judgement, Scorers } from "../domain/ports.ts";
import { blurScore, brightnessScore, contrastScore, rate, twoDecimals } from "../domain/quality.ts";
import { done, photoStage } from "../domain/stage.ts";
import { technicalOf } from "../domain/technical.ts";
import { HOUR } from "../domain/words.ts";

/** How a photo lies to the photographer's own archive; null where there is no model of it, or nothing to judge by. */
export type OwnArchive = (patches: Float32Array) => Promise<Likeness | null>;

/** QR and band over the metrics there are, with the source of each; beside them the technical score, and what models say. */
export const quality = (scorers: Scorers, archive: OwnArchive) =>
  photoStage({
    name: "quality",
    needs: ["look"],
    // Each scorer has a limit of its own; this one is for many of them.
    limitMs: HOUR,
    run: async ({ dir, facts: { look } }, { signal }) => {
      const judgements = await scorers.judge(join(dir, look.previews.model.file), signal);
      const metrics = metricsOf(look, judgements);
      return done({
        metrics,
        technical: technicalOf(look.measures),
        archive: await archive(patchRows(await readFile(join(dir, look.patches)))),
        plugins: judgements.map(({ id, said }): PluginSaid => ({ id, said })),
        ...rate(metrics),
      });
    },
  });

function metricsOf(look: Facts["look"], judgements: readonly Judgement[]): Metrics {
  const measured = (value: number) => ({ source: "measured" as const, value: twoDecimals(value) });
  const learned = (name: MetricName): Metrics[MetricName] => {
    // Of two for one metric the first that answers gives it; the other stays as evidence.
    for (const { id, metric, said } of judgements)
      if (metric === name && said.kind === "score")
        return { source: "plugin", value: twoDecimals(said.raw), plugin: id };
    return { source: "missing" };
  };
  return {
    clip: learned("clip"),
    nima: learned("nima"),
    blur: measured(blurScore(look.sharpness)),
    brightness: measured(brightnessScore(look.brightness)),
    contrast: measured(contrastScore(look.contrast)),
    brisque: learned("brisque"),
  };
}
