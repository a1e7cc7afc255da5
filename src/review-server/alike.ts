import type { Facts } from "../domain/facts.ts";
import type { Shown } from "../domain/remains.ts";
import type { PhotoId, SetId } from "../domain/words.ts";
import type { Kin } from "../store/likenesses.ts";
import type { Store } from "../store/store.ts";

/** A group of photos that are alike, as one of them sees it. */
export type AlikeGroup = Facts["likeness"]["groups"][number];

export interface Alike {
  /** strongest first */
  readonly groups: readonly AlikeGroup[];
  /** in other sets, whichever was taken in first */
  readonly elsewhere: readonly Kin[];
  /** the photos a person called no duplicates of this one */
  readonly distinct: readonly PhotoId[];
}

/** What the facts say of photos that are alike, less what a person has said since. */
export function alikeIn(
  { likenesses }: Pick<Store, "likenesses">,
  set: SetId,
): (photo: PhotoId, facts: Shown["likeness"] | undefined) => Alike {
  const kin = likenesses.elsewhere(set);
  const distinct = likenesses.distinctIn(set);
  const of = (photo: PhotoId | null): ReadonlySet<PhotoId> =>
    (photo === null ? undefined : distinct.get(photo)) ?? NOBODY;
  return (photo, facts) => ({
    groups: (facts?.groups ?? []).flatMap((group) => {
      // Who is none of the keeper's kind has left the group; who is none of ours is not shown beside us.
      const isOut = (member: PhotoId): boolean => of(group.keeper).has(member) || of(photo).has(member);
      const members = group.members.filter((member) => member === photo || !isOut(member));
      return of(group.keeper).has(photo) || members.length < 2 ? [] : [{ ...group, members }];
    }),
    elsewhere: (kin.get(photo) ?? []).filter((one) => !of(photo).has(one.photo)),
    distinct: [...of(photo)],
  });
}

const NOBODY: ReadonlySet<PhotoId> = new Set();
