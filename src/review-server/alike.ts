import type { Facts } from "../domain/facts.ts";
import { type KeeperChoice, keptAmong } from "../domain/keeper.ts";
import type { Shown } from "../domain/remains.ts";
import type { PhotoId, SetId } from "../domain/words.ts";
import type { Kin } from "../store/likenesses.ts";
import type { Store } from "../store/store.ts";

/** A group of photos that are alike, as one of them sees it: the machine's proposal under what a person has chosen. */
export interface AlikeGroup extends Found {
  /** the keeper the machine proposes: `evidence` is of a comparison with it */
  readonly proposed: PhotoId | null;
  readonly isChosen: boolean;
}
type Found = Facts["likeness"]["groups"][number];

export interface Alike {
  /** strongest first */
  readonly groups: readonly AlikeGroup[];
  /** groups of which this photo is no more: a person has called it no duplicate */
  readonly parted: readonly Pick<Found, "tier" | "group" | "members">[];
  /** in other sets, whichever was taken in first */
  readonly elsewhere: readonly Kin[];
  /** the photos a person called no duplicates of this one */
  readonly distinct: readonly PhotoId[];
  /** the photos a person keeps this one rather than */
  readonly keptOver: readonly PhotoId[];
}

/** What the facts say of photos that are alike, less what a person has said since. */
export function alikeIn(
  { likenesses }: Pick<Store, "likenesses">,
  set: SetId,
): (photo: PhotoId, facts: Shown["likeness"] | undefined) => Alike {
  const kin = likenesses.elsewhere(set);
  const distinct = likenesses.distinctIn(set);
  const choices = likenesses.choicesIn(set);
  const of = (photo: PhotoId | null): ReadonlySet<PhotoId> =>
    (photo === null ? undefined : distinct.get(photo)) ?? NOBODY;
  const seenBy = (photo: PhotoId, group: Found): Found | undefined => {
    // Who is none of the keeper's kind has left the group; who is none of ours is not shown beside us.
    const isOut = (member: PhotoId): boolean => of(group.keeper).has(member) || of(photo).has(member);
    const members = group.members.filter((member) => member === photo || !isOut(member));
    return of(group.keeper).has(photo) || members.length < 2 ? undefined : { ...group, members };
  };
  return (photo, facts = NONE) => ({
    groups: facts.groups.flatMap((group) => {
      const seen = seenBy(photo, group);
      return seen === undefined ? [] : [chosenIn(seen, photo, choices)];
    }),
    parted: facts.groups
      .filter((group) => seenBy(photo, group) === undefined)
      .map(({ tier, group, members }) => ({ tier, group, members })),
    elsewhere: (kin.get(photo) ?? []).filter((one) => !of(photo).has(one.photo)),
    distinct: [...of(photo)],
    keptOver: choices.filter(({ keeper }) => keeper === photo).map(({ over }) => over),
  });
}

/** Of a bracket, a stack or a panorama nothing goes, so there is nothing to choose. */
function chosenIn(group: Found, photo: PhotoId, choices: readonly KeeperChoice[]): AlikeGroup {
  const kept = group.keeper === null ? undefined : keptAmong(group.members, choices);
  if (kept === undefined) return { ...group, proposed: group.keeper, isChosen: false };
  const by = { keeper: kept, isKeeper: kept === photo, reason: "chosen by you" };
  return { ...group, ...by, proposed: group.keeper, isChosen: true };
}

const NOBODY: ReadonlySet<PhotoId> = new Set();
const NONE: Facts["likeness"] = { groups: [], elsewhere: [] };
