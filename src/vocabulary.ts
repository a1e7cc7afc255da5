/** The locations and categories that are known: from the settings, from earlier sets, from the site's rows. */
import { join } from "node:path";
import { type Config, profileOfFolder } from "./config.ts";
import type { PhotoSet } from "./domain/photo.ts";
import type { Taxonomy } from "./domain/profile.ts";
import { distinct } from "./domain/spelling.ts";
import type { Vocabulary } from "./review-server/cards.ts";
import type { Store } from "./store/store.ts";

export const mirrorOf = ({ data }: Pick<Config, "data">): string => join(data, "photos_info_revamp.db");

/** @param published words of the site's rows */
export function vocabularyOn(
  { inboxes, kinds }: Pick<Config, "inboxes" | "kinds">,
  { descriptions, sets }: Pick<Store, "descriptions" | "sets">,
  published: () => Taxonomy,
): Vocabulary {
  return {
    kinds: [...kinds.keys()],
    knownTo(set: PhotoSet) {
      const { taxonomy, location, category } = profileOfFolder(inboxes, set.folder);
      const known = [...(taxonomy === undefined ? [] : [taxonomy]), descriptions.used(set), published()];
      // What only the settings of this very folder say does not make everything else new.
      const isKnown = (list: keyof Taxonomy): boolean => known.some((part) => part[list].length > 0);
      const own = {
        locations: location !== undefined && isKnown("locations") ? [location] : [],
        categories: isKnown("categories") ? [category] : [],
      };
      return [...known, own];
    },
    all() {
      const profiles = inboxes.flatMap(({ said }) => [said, ...said.profiles]);
      const own = profiles.map(({ location, category }) => ({
        locations: location === undefined ? [] : [location],
        categories: category === undefined ? [] : [category],
      }));
      const parts = [...profiles.map(({ taxonomy }) => taxonomy), ...own, descriptions.used(), published()];
      const subjects = distinct(sets.all().flatMap(({ context }) => context.subject ?? []));
      return { ...joined(parts), kinds: [...kinds.keys()], subjects };
    },
  };
}

const joined = (parts: readonly (Taxonomy | undefined)[]): Taxonomy => ({
  locations: distinct(parts.flatMap((part) => part?.locations ?? [])),
  categories: distinct(parts.flatMap((part) => part?.categories ?? [])),
});
