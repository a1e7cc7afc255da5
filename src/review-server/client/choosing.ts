/** What a person is about to say about one group: which photos stay. Nothing of it is true until it is settled. */
import { type Group, isWhole, keptAtFirst, type Member, photosIn } from "./groups.ts";

export interface Choosing {
  readonly group: Group;
  /** the one shown as the keeper, of this set or of another; null where there is none yet */
  readonly keeper: number | null;
  /** all photos of this set that stay */
  readonly kept: ReadonlySet<number>;
  /** the frame that is looked at beside the keeper */
  readonly active: number;
  /** the keeper is another than was proposed */
  readonly isOwn: boolean;
}

type RowOf = (photo: number) => Member | undefined;

export function choosingOf(group: Group, rowOf: RowOf): Choosing {
  const kept = keptAtFirst(group, rowOf);
  const keeper = group.keeper !== null && kept.includes(group.keeper) ? group.keeper : null;
  const photos = photosIn(group);
  const active = photos.find((photo) => photo !== keeper) ?? photos[0] ?? 0;
  return { group, keeper, kept: new Set(kept), active, isOwn: false };
}

/** Another keeper: the one before it goes, what stays beside it stays. */
export function withKeeper(before: Choosing, photo: number): Choosing {
  const kept = new Set(before.kept);
  if (before.keeper !== null) kept.delete(before.keeper);
  if (before.group.members.includes(photo)) kept.add(photo);
  const isOwn = before.isOwn || photo !== before.keeper;
  const active =
    before.active === photo ? (photosIn(before.group).find((one) => one !== photo) ?? photo) : before.active;
  return { ...before, keeper: photo, kept, isOwn, active };
}

export function withStay(before: Choosing, photo: number, stays: boolean): Choosing {
  if (!before.group.members.includes(photo)) return before;
  const kept = new Set(before.kept);
  if (stays) kept.add(photo);
  else kept.delete(photo);
  return { ...before, kept, keeper: !stays && before.keeper === photo ? null : before.keeper };
}

/** The next frame beside the keeper, round and round; the keeper stays where it is. */
export function steppedFrom(before: Choosing, by: 1 | -1): Choosing {
  const others = photosIn(before.group).filter((photo) => photo !== before.keeper);
  const at = others.indexOf(before.active);
  return { ...before, active: others.at((at + by) % others.length) ?? before.active };
}

/** The photos that stay, the keeper last. */
export const stayingOf = ({ kept, keeper }: Choosing): number[] => [
  ...[...kept].filter((photo) => photo !== keeper),
  ...(keeper !== null && kept.has(keeper) ? [keeper] : []),
];

/** Why this cannot be settled as it is; undefined where it can. */
export function obstacleTo({ group, keeper, kept }: Choosing): string | undefined {
  if (isWhole(group))
    return "Nothing of it is proposed to go, so there is no keeper. Photos are decided one by one in the loupe";
  if (group.isParted) return "They are no duplicates, you have said. Undo that first";
  if (keeper === null && kept.size === 0) return "Say first which one stays: press its number";
  return undefined;
}

const MOST = 9;

/** The frames that are shown: all of them, or of a long group the keeper and those round the one that is looked at. */
export function shownOf({ group, keeper, active }: Choosing): number[] {
  const photos = photosIn(group);
  if (photos.length <= MOST) return photos;
  const others = photos.filter((photo) => photo !== keeper);
  const room = keeper === null ? MOST : MOST - 1;
  const first = Math.floor(Math.max(0, others.indexOf(active)) / room) * room;
  const page = others.slice(first, first + room);
  return keeper === null ? page : [keeper, ...page];
}
