/**
 * All groups of photos of a set that are alike: what there is to settle, and what a settlement writes. Pure, and the same for
 * the list the server draws, the comparing page and what is settled in bulk.
 */
import type { Tier } from "../../domain/facts.ts";
import type { Row } from "../rows.ts";
import { TIER_WORDS } from "./alike.ts";

type Kin = Row["alike"]["elsewhere"][number];

/** What of a row groups are made of. */
export type Member = Pick<
  Row,
  "id" | "position" | "file" | "alike" | "verdict" | "wished" | "released" | "culled" | "written"
>;

export interface Group {
  /** `burst-12`: its tier and the smallest of its photos, as they were found */
  readonly key: string;
  readonly tier: Tier | "selection";
  /** photos of this set, in the order they were taken */
  readonly members: readonly number[];
  /** photos of other sets that are like them; nothing is decided about those here */
  readonly elsewhere: readonly Kin[];
  /** null where nobody proposes one */
  readonly keeper: number | null;
  /** a person has chosen the keeper */
  readonly isChosen: boolean;
  /** what sets the keeper above each of the others, and above the next */
  readonly reasons: ReadonlyMap<number, string>;
  /** a person has said that they are no duplicates */
  readonly isParted: boolean;
}

/**
 * `open`    waits for a person
 * `settled` of each photo it is said whether it stays
 * `parted`  called no duplicates
 * `whole`   nothing of it goes, so there is nothing to settle
 */
export type Standing = "open" | "settled" | "parted" | "whole";

/** Of these nothing is ever proposed to go. */
const WHOLES: ReadonlySet<string> = new Set(["bracket", "stack", "panorama", "semantic"]);
export const isWhole = ({ tier }: Pick<Group, "tier">): boolean => WHOLES.has(tier);

const STRENGTH = Object.keys(TIER_WORDS);

interface Draft {
  readonly tier: Tier;
  readonly members: Set<number>;
  readonly reasons: Map<number, string>;
  keeper: number | null;
  isChosen: boolean;
  /** how many photos the largest view of it has */
  size: number;
}

/** In the order of their first photos, strongest tier first; the same group is seen by each of its photos. */
export function groupsIn(rows: readonly Member[]): Group[] {
  const places = new Map(rows.map(({ id, position }) => [id, position]));
  const kin = new Map(rows.flatMap(({ id, alike }) => (alike.elsewhere.length > 0 ? [[id, alike.elsewhere]] : [])));
  const standing = seenGroups(rows);
  const parted = new Map(
    rows
      .flatMap(({ alike }) => alike.parted)
      .map((one) => [keyOf(one), one] as const)
      .filter(([key]) => !standing.has(key)),
  );
  const inOrder = (members: Iterable<number>): number[] =>
    [...members].filter((id) => places.has(id)).toSorted((a, b) => (places.get(a) ?? 0) - (places.get(b) ?? 0));
  const groups = [
    ...[...standing].map(([key, { tier, members, reasons, keeper, isChosen }]): Group => {
      const ours = inOrder(members);
      const elsewhere = WHOLES.has(tier) ? [] : kinOf(ours, kin);
      return { key, tier, members: ours, elsewhere, keeper, isChosen, reasons, isParted: false };
    }),
    ...[...parted].map(([key, { tier, members }]): Group => bare(key, tier, inOrder(members), [], true)),
  ];
  const shown = new Set(groups.flatMap(({ elsewhere, members }) => (elsewhere.length > 0 ? members : [])));
  for (const [id, elsewhere] of kin)
    if (!shown.has(id)) groups.push(bare(`elsewhere-${id}`, elsewhere[0]?.tier ?? "derived", [id], elsewhere, false));
  const placeOf = ({ members }: Group): number => places.get(members[0] ?? 0) ?? 0;
  return groups
    .filter(({ members }) => members.length > 0)
    .toSorted((a, b) => placeOf(a) - placeOf(b) || STRENGTH.indexOf(a.tier) - STRENGTH.indexOf(b.tier));
}

function seenGroups(rows: readonly Member[]): Map<string, Draft> {
  const found = new Map<string, Draft>();
  for (const { id, alike } of rows)
    for (const group of alike.groups) {
      const key = keyOf(group);
      const { tier } = group;
      const draft = found.get(key) ?? draftOf(tier);
      found.set(key, draft);
      for (const member of group.members) draft.members.add(member);
      draft.reasons.set(id, group.reason);
      // Who has called a neighbour no duplicate sees fewer of them; who sees most says which one is kept.
      if (group.members.length <= draft.size) continue;
      Object.assign(draft, { keeper: group.keeper, isChosen: group.isChosen, size: group.members.length });
    }
  return found;
}

const draftOf = (tier: Tier): Draft => ({
  tier,
  members: new Set(),
  reasons: new Map(),
  keeper: null,
  isChosen: false,
  size: 0,
});

const keyOf = ({ tier, group }: { readonly tier: Tier; readonly group: number }): string => `${tier}-${group}`;

const kinOf = (members: readonly number[], kin: ReadonlyMap<number, readonly Kin[]>): Kin[] => [
  ...new Map(members.flatMap((id) => kin.get(id) ?? []).map((one) => [one.photo, one])).values(),
];

const bare = (
  key: string,
  tier: Group["tier"],
  members: readonly number[],
  elsewhere: readonly Kin[],
  isParted: boolean,
): Group => ({ key, tier, members, elsewhere, keeper: null, isChosen: false, reasons: new Map(), isParted });

/** Photos that a person wants to see side by side, alike or not. */
export const selectionOf = (photos: readonly number[]): Group => bare("selection", "selection", photos, [], false);

type RowOf = (photo: number) => Member | undefined;

const rowsIn = ({ members }: Group, rowOf: RowOf): Member[] => members.flatMap((id) => rowOf(id) ?? []);

/** Every photo a group shows, those of other sets last. */
export const photosIn = ({ members, elsewhere }: Group): number[] => [
  ...members,
  ...elsewhere.map(({ photo }) => photo),
];

export function standingOf(group: Group, rowOf: RowOf): Standing {
  if (group.isParted) return "parted";
  if (isWhole(group)) return "whole";
  const live = rowsIn(group, rowOf).filter(({ culled, verdict }) => culled === null && verdict !== "rejected");
  const isAlone = live.length + group.elsewhere.length < 2;
  const all = new Set(photosIn(group));
  return isAlone || live.every((row) => isDecided(row) || row.alike.keptOver.some((other) => all.has(other)))
    ? "settled"
    : "open";
}

const isDecided = ({ released, verdict, wished }: Member): boolean => released || verdict !== null || wished;

/** What stays if nothing is said: the keeper, and what a person has decided to keep before. */
export const keptAtFirst = (group: Group, rowOf: RowOf): number[] =>
  rowsIn(group, rowOf).flatMap((row) => {
    const isProposed = row.id === group.keeper && row.verdict !== "rejected" && row.culled === null;
    return isProposed || (row.verdict !== "rejected" && isDecided(row)) ? [row.id] : [];
  });

/** One thing to write about a photo, as an op has it. */
export interface Change {
  readonly photo: number;
  readonly field: "verdict" | "keeper" | "distinct";
  readonly to: unknown;
}

/**
 * Those that are kept stay, the other photos of this set are rejected. What is released or left out is not touched.
 *
 * @param kept the photos that stay, the keeper last: the latest choice is the one that is shown
 */
export function settlement(group: Group, kept: readonly number[], rowOf: RowOf): Change[] {
  const all = photosIn(group);
  const open = rowsIn(group, rowOf).filter(({ released, culled }) => !released && culled === null);
  const going = open.filter(({ id }) => !kept.includes(id));
  const staying = kept.flatMap((id) => open.filter((row) => row.id === id));
  return [
    ...going.flatMap((row): Change[] => [
      ...(row.verdict === "rejected" ? [] : [{ photo: row.id, field: "verdict" as const, to: "rejected" }]),
      ...othersChanged(row, "keeper", (before) => before.filter((other) => !all.includes(other))),
    ]),
    ...staying.flatMap((row): Change[] => [
      ...(row.verdict === "rejected" ? [{ photo: row.id, field: "verdict" as const, to: null }] : []),
      { photo: row.id, field: "keeper", to: withOthers(row, row.alike.keptOver, all) },
    ]),
  ];
}

/** No two of them are duplicates. */
export function parting(group: Group, rowOf: RowOf): Change[] {
  const all = photosIn(group);
  return rowsIn(group, rowOf)
    .filter(({ released, culled }) => !released && culled === null)
    .flatMap((row) => othersChanged(row, "distinct", (before) => withOthers(row, before, all)));
}

const withOthers = ({ id }: Member, before: readonly number[], all: readonly number[]): number[] => [
  ...new Set([...before, ...all.filter((other) => other !== id)]),
];

function othersChanged(
  row: Member,
  field: "keeper" | "distinct",
  change: (before: readonly number[]) => readonly number[],
): Change[] {
  const before = field === "keeper" ? row.alike.keptOver : row.alike.distinct;
  const to = change(before);
  return to.length === before.length ? [] : [{ photo: row.id, field, to }];
}

/** What can be settled without being looked at one by one, by how the photo that stays is found. */
export const BULK = ["exact", "same-frame"] as const;
export type Bulk = (typeof BULK)[number];

/**
 * The photo that stays where a whole kind of groups is settled at once. A person's own choice and decisions come first; of
 * exact copies then the one with something written into it, and of those the one with the best name.
 */
export function keptInBulk(group: Group, rowOf: RowOf): number[] {
  const rows = rowsIn(group, rowOf).filter(({ culled, verdict }) => culled === null && verdict !== "rejected");
  const said = rows.filter((row) => isDecided(row) || (group.isChosen && row.id === group.keeper));
  if (said.length > 0) return said.map(({ id }) => id);
  if (group.tier !== "exact") return rows.flatMap(({ id }) => (id === group.keeper ? [id] : []));
  const [best] = rows.toSorted((a, b) => b.written.length - a.written.length || byName(a.file, b.file));
  return best === undefined ? [] : [best.id];
}

/** `IMG_0412.JPG` before `IMG_0412 (1).JPG`, `Copy of IMG_0412.JPG` and `IMG_0412-edited.JPG`: what a copy is called says so. */
const COPY_MARK =
  /\((?:\d+|copy)\)|\bcopy\b|\bcopie\b|\bkopie\b|[-_ ](?:edited|edit|bewerkt|final|export|small|web|duplicate)\b|~\d*/i;

/** Below zero where the first is the better name. */
export const byName = (a: string, b: string): number =>
  Number(COPY_MARK.test(spaced(a))) - Number(COPY_MARK.test(spaced(b))) || a.length - b.length || (a < b ? -1 : 1);

/** An underscore is a letter to a pattern, and none to a person. */
const spaced = (file: string): string => file.replaceAll("_", " ");
