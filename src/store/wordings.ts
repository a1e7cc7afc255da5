import { addFacts, type Facts } from "../domain/facts.ts";
import type { WrittenIn } from "../domain/ports.ts";
import type { Database } from "./database.ts";

/** What the photos of a set say so far, without reading all that is known of them. */
export function wordingsOn(database: Database): WrittenIn {
  const written = database.prepare<[string], { photo: number; words: string; likeness: string; own: string | null }>(
    `select p.id photo, w.facts words, l.facts likeness, o.said own from photos p
     join checkpoints w on w.photo_id = p.id and w.stage = 'words'
     join checkpoints l on l.photo_id = p.id and l.stage = 'likeness'
     left join own_words o on o.photo_id = p.id
     where p.set_id = ? order by p.position`,
  );
  return (set) =>
    written.all(set).flatMap(({ photo, words, likeness, own }) => {
      const facts: { words?: Facts["words"]; likeness?: Facts["likeness"] } = {};
      addFacts(facts, "words", JSON.parse(words));
      addFacts(facts, "likeness", JSON.parse(likeness));
      return facts.words === undefined || facts.likeness === undefined
        ? []
        : [{ photo, groups: facts.likeness.groups, words: facts.words, own }];
    });
}
