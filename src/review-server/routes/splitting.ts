import type { Description } from "../../domain/context.ts";
import { Fault } from "../../domain/fault.ts";
import type { PhotoId } from "../../domain/words.ts";
import type { SetSeen } from "../../store/subjects.ts";
import { isRecord } from "./body.ts";
import { descriptionIn } from "./description.ts";

/**
 * Which photos are to be a set of their own, and what is said of it: one of the things the set seems to show (`part`), or
 * `photos` with what a person says of them.
 *
 * @param kinds names of those there are
 * @throws Fault set.unsplittable, set.description-invalid
 */
export function splitWishIn(
  body: unknown,
  parts: SetSeen["parts"],
  kinds: readonly string[],
): { readonly photos: readonly PhotoId[]; readonly said: Description } {
  const { part, photos, ...said } = isRecord(body) ? body : {};
  const named = parts.find(({ subject }) => subject === part);
  if (part !== undefined && named === undefined) {
    const shown = parts.map(({ subject, photos: those }) => `${subject} (${those.length})`).join(", ");
    throw new Fault(
      "set.unsplittable",
      `it does not seem to show ${JSON.stringify(part)}; ${shown === "" ? "it shows one thing" : `it shows ${shown}`}`,
    );
  }
  const going: unknown = named?.photos ?? photos;
  if (!isPhotos(going)) throw new Fault("set.unsplittable", `${JSON.stringify(photos)} is no list of photos`);
  return { photos: going, said: descriptionIn({ ...(named && { subject: named.subject }), ...said }, kinds) };
}

const isPhotos = (value: unknown): value is readonly PhotoId[] =>
  Array.isArray(value) && value.every((one) => Number.isInteger(one));
