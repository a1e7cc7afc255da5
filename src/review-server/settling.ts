/** Groups that are settled without the comparing page: all of one kind at once, or one by a form. */
import { createHash, randomInt, randomUUID } from "node:crypto";
import type { Op } from "../domain/review.ts";
import type { PhotoId } from "../domain/words.ts";
import {
  type Bulk,
  type Change,
  type Group,
  groupsIn,
  keptAtFirst,
  keptInBulk,
  parting,
  settlement,
  standingOf,
} from "./client/groups.ts";
import type { Row } from "./rows.ts";

/** What settling would write, said before it is done. */
export interface Settling {
  readonly groups: readonly Group[];
  readonly changes: readonly Change[];
  /** of what would be written: what is done is what was shown */
  readonly hash: string;
}

type RowOf = (photo: PhotoId) => Row | undefined;

export const lookupIn = (rows: readonly Row[]): RowOf => {
  const byId = new Map(rows.map((row) => [row.id, row]));
  return (photo) => byId.get(photo);
};

/** All groups of one kind that wait for a person, where it is clear what stays. */
export function bulkOf(groups: readonly Group[], tier: Bulk, rowOf: RowOf): Settling {
  const open = groups.filter((group) => group.tier === tier && standingOf(group, rowOf) === "open");
  const clear = open.flatMap((group) => {
    const kept = keptInBulk(group, rowOf);
    return kept.length === 0 ? [] : [{ group, kept }];
  });
  return settlingOf(
    clear.map(({ group }) => group),
    clear.flatMap(({ group, kept }) => settlement(group, kept, rowOf)),
  );
}

/** One group with the keeper that is proposed. */
export const oneOf = (group: Group, rowOf: RowOf): Settling => {
  const kept = keptAtFirst(group, rowOf).toSorted((a, b) => Number(a === group.keeper) - Number(b === group.keeper));
  return settlingOf([group], kept.length === 0 ? [] : settlement(group, kept, rowOf));
};

const settlingOf = (groups: readonly Group[], changes: readonly Change[]): Settling => ({
  groups,
  changes,
  hash: createHash("sha256").update(JSON.stringify(changes)).digest("hex").slice(0, 16),
});

export const rejectedIn = ({ changes }: Pick<Settling, "changes">): number =>
  changes.filter(({ to }) => to === "rejected").length;

export const SETTLE_KINDS = ["exact", "same-frame", "one", "parted"] as const;
export type SettleKind = (typeof SETTLE_KINDS)[number];

/** What a form asks for: a kind of groups, or one group by its key. @returns undefined where there is no such group */
export function wantedSettling(rows: readonly Row[], kind: SettleKind, key: string): Settling | undefined {
  const rowOf = lookupIn(rows);
  const groups = groupsIn(rows);
  if (kind === "exact" || kind === "same-frame") return bulkOf(groups, kind, rowOf);
  const group = groups.find((one) => one.key === key);
  if (group === undefined) return undefined;
  return kind === "one" ? oneOf(group, rowOf) : settlingOf([group], parting(group, rowOf));
}

export function opsOf(changes: readonly Change[], rows: readonly Row[], client: string): Op[] {
  const rowOf = lookupIn(rows);
  const gesture = randomUUID();
  // Drawn, not counted: two forms may come within a millisecond.
  const first = randomInt(2 ** 47);
  return changes.map(({ photo, field, to }, i) => ({
    id: randomUUID(),
    client,
    seq: first + i,
    gesture,
    photo,
    field,
    to,
    baseRev: rowOf(photo)?.rev ?? 0,
  }));
}
