import type { Metrics } from "../domain/facts.ts";
import { blurScore, brightnessScore, contrastScore, rate, twoDecimals } from "../domain/quality.ts";
import { done, photoStage } from "../domain/stage.ts";
import { SECOND } from "../domain/words.ts";

/** QR and band over the metrics we can measure; those that need a learned model are named as missing. */
export const quality = () =>
  photoStage({
    name: "quality",
    needs: ["look"],
    limitMs: 10 * SECOND,
    run: async ({ facts: { look } }) => {
      const measured = (value: number) => ({ source: "measured" as const, value: twoDecimals(value) });
      const missing = { source: "missing" as const };
      const metrics: Metrics = {
        clip: missing,
        nima: missing,
        blur: measured(blurScore(look.sharpness)),
        brightness: measured(brightnessScore(look.brightness)),
        contrast: measured(contrastScore(look.contrast)),
        brisque: missing,
      };
      return done({ metrics, ...rate(metrics) });
    },
  });
