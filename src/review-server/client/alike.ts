/** Which photos are alike, in words, and in the panel. */
import type { Evidence, Tier } from "../../domain/facts.ts";
import type { AlikeGroup, Row } from "../rows.ts";
import { el, part } from "./dom.ts";
import { isOpen } from "./table.ts";

/** Strongest first. */
export const TIER_WORDS: Readonly<Record<Tier, string>> = {
  exact: "exact copy",
  "same-frame": "same picture",
  derived: "crop or edit",
  burst: "burst",
  bracket: "exposure bracket",
  stack: "focus stack",
  panorama: "panorama",
  semantic: "same subject",
};

/** `Burst of 3`, `Same picture, 2 alike`. */
export function groupText({ tier, members }: Pick<AlikeGroup, "tier" | "members">): string {
  const words = TIER_WORDS[tier];
  const isSeries = tier === "burst" || tier === "bracket" || tier === "stack" || tier === "panorama";
  const text = isSeries ? `${words} of ${members.length}` : `${words}, ${members.length} alike`;
  return capital(text);
}

export const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** What a cell of the grid says: `3 alike, keeper`. */
export function badgesOf({ alike }: Pick<Row, "alike">): string[] {
  const groups = alike.groups.map(
    (group) =>
      `${group.keeper === null ? groupText(group).toLowerCase() : `${group.members.length} alike`}${group.isKeeper ? ", keeper" : ""}`,
  );
  return alike.elsewhere.length === 0
    ? groups
    : [...groups, `alike in ${alike.elsewhere[0]?.setName ?? "another set"}`];
}

/** `4 of 64 bits · cosine 0.97 · 0.4 s apart`. */
export function evidenceText({ phash, cosine, ncc, seconds, semantic }: Evidence): string {
  const said = [
    phash === undefined ? null : `${phash} of 64 bits differ`,
    cosine === undefined ? null : `cosine ${cosine.toFixed(2)}`,
    ncc === undefined ? null : `crop ${ncc.toFixed(2)}`,
    seconds === undefined ? null : `${seconds.toFixed(1)} s apart`,
    semantic === undefined ? null : `cosine ${semantic.toFixed(2)} by a learned model`,
  ];
  return said.filter((one) => one !== null).join(" · ");
}

/** Where another keeper was chosen, what was compared is still the proposed one. */
export function comparedText(
  photo: number,
  { evidence, keeper, proposed }: AlikeGroup,
  fileOf: (photo: number) => string | undefined,
): string {
  const text = evidenceText(evidence);
  if (text === "" || proposed === null || proposed === keeper || proposed === photo) return text;
  return `To ${fileOf(proposed) ?? `photo ${proposed}`}: ${text}`;
}

/** @param fileOf the name of the keeper; undefined for one that is not in the list */
export function keeperText(group: AlikeGroup, fileOf: (photo: number) => string | undefined): string {
  if (group.keeper === null) return `Nothing is proposed to go: ${group.reason}`;
  const who = group.isKeeper ? "this one" : (fileOf(group.keeper) ?? `photo ${group.keeper}`);
  return `Keeper: ${who}, ${group.reason}`;
}

/** The photo after this one in all its groups, round and round; undefined for one that is alone. */
export const nextAlike = ({ id, alike }: Pick<Row, "id" | "alike">, by: 1 | -1): number | undefined =>
  nextOf([...new Set(alike.groups.flatMap(({ members }) => members))], id, by);

const nextOf = (members: readonly number[], id: number, by: 1 | -1): number | undefined =>
  members.at((members.indexOf(id) + by) % members.length);

/** The others of every group of which a photo could be the keeper and is not. */
export const othersToKeepOver = ({ id, alike }: Pick<Row, "id" | "alike">): number[] => [
  ...new Set(
    alike.groups
      .filter(({ keeper, isKeeper }) => keeper !== null && !isKeeper)
      .flatMap(({ members }) => members.filter((member) => member !== id)),
  ),
];

export interface AlikeHost {
  fileOf(photo: number): string | undefined;
  goTo(photo: number): void;
  notDuplicates(row: Row, group: AlikeGroup): void;
  /** keeps this photo rather than others */
  keep(row: Row, others: readonly number[]): void;
  /** gives the proposal for a group back */
  propose(group: AlikeGroup): void;
}

/** Hidden where a photo is like no other. */
export function showAlike(row: Row, host: AlikeHost): void {
  const { groups, elsewhere } = row.alike;
  part("alike").hidden = groups.length === 0 && elsewhere.length === 0;
  const shown = groups.map((group) =>
    el(
      "div",
      { class: "group" },
      el("p", {}, groupText(group)),
      el("p", {}, keeperText(group, host.fileOf)),
      el("p", { class: "muted" }, comparedText(row.id, group, host.fileOf)),
      el("p", { class: "acts" }, ...actsOf(row, group, host)),
    ),
  );
  const others = elsewhere.map(({ photo, set, setName, file, tier, evidence }) =>
    el(
      "p",
      {},
      `Elsewhere, ${TIER_WORDS[tier]}: `,
      el(
        "a",
        { href: `/s/${encodeURIComponent(set)}/i/${photo}`, title: evidenceText(evidence) },
        `${file} in ${setName}`,
      ),
    ),
  );
  part("alike-groups").replaceChildren(...shown, ...others);
}

function actsOf(row: Row, group: AlikeGroup, host: AlikeHost): HTMLElement[] {
  const act = (word: string, does: () => void): HTMLElement => {
    const button = el("button", { type: "button" }, word);
    button.addEventListener("click", does);
    return button;
  };
  const next = act("Next of these", () => host.goTo(nextOf(group.members, row.id, 1) ?? row.id));
  const compare = el("button", { type: "button", "data-command": "compare.burst" }, "Compare");
  if (group.keeper === null || !isOpen(row)) return [next, compare];
  const others = group.members.filter((member) => member !== row.id);
  return [
    next,
    compare,
    ...(group.isKeeper ? [] : [act("Keep this one", () => host.keep(row, others))]),
    ...(group.isChosen ? [act("Back to the proposal", () => host.propose(group))] : []),
    act("Not duplicates", () => host.notDuplicates(row, group)),
  ];
}
