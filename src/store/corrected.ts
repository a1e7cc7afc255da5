import { type Corrected, CorrectedSchema } from "../domain/correction.ts";
import { isStageName } from "../domain/facts.ts";
import type { Millis, PhotoId } from "../domain/words.ts";
import type { Database } from "./database.ts";
import type { Names } from "./names.ts";

/** The stages whose facts hang on what is said of a photo, whichever come first. */
const REMADE = ["subject", "words", "name"] as const;

/** A correction is the one thing besides the driver that puts facts in place: those its stages have made, all at once. */
export function correctedOn(database: Database, names: Names) {
  const wordOf = database.prepare<[number], string>("select said from own_words where photo_id = ?").pluck();
  const putWord = database.prepare<[number, string]>(
    "insert into own_words (photo_id, said) values (?, ?) on conflict do update set said = excluded.said",
  );
  const dropWord = database.prepare<[number]>("delete from own_words where photo_id = ?");
  const factsOf = database.prepare<[number], { stage: string; facts: string }>(
    `select stage, facts from checkpoints where photo_id = ? and stage in (${REMADE.map((stage) => `'${stage}'`).join(", ")})`,
  );
  const putFacts = database.prepare<[string, number, number, string]>(
    "update checkpoints set facts = ?, at = ? where photo_id = ? and stage = ?",
  );
  return {
    read(photo: PhotoId): Corrected {
      const word = wordOf.get(photo);
      return {
        own: word === undefined ? null : JSON.parse(word),
        facts: Object.fromEntries(factsOf.all(photo).map(({ stage, facts }) => [stage, JSON.parse(facts)])),
        place: names.placeOf(photo),
      };
    },
    /** @throws Fault name.taken */
    write(photo: PhotoId, value: unknown, at: Millis): void {
      const { own, facts, place } = CorrectedSchema.parse(value);
      if (own === null || Object.keys(own).length === 0) dropWord.run(photo);
      else putWord.run(photo, JSON.stringify(own));
      names.put(photo, place);
      for (const [stage, made] of Object.entries(facts))
        if (isStageName(stage)) putFacts.run(JSON.stringify(made), at, photo, stage);
    },
  };
}
