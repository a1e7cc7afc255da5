import type { Decision, Verdict } from "../../domain/review.ts";
import type { Row } from "../rows.ts";
import { othersToKeepOver } from "./alike.ts";
import type { Desk } from "./desk.ts";
import type { Frame } from "./frame.ts";
import { type Grid, placesBy } from "./grid.ts";
import { keyOf, spoken } from "./keys.ts";
import { count, listed, VERDICT_LABELS } from "./names.ts";
import { type Panel, TEXT_FIELDS, type TextField } from "./panel.ts";
import { blockersText, focusBlocker } from "./proof.ts";
import { openSheet } from "./sheet.ts";
import { attentionWeight, BAND_POINTS, isOpen, isWished } from "./table.ts";
import type { Order, Show } from "./view.ts";

/** What commands need of the page. */
export interface Stage {
  readonly desk: Desk;
  readonly grid: Grid;
  readonly panel: Panel;
  readonly frame: Frame;
  size(): number;
  rowAt(place: number): Row;
  goTo(place: number): void;
  openLoupe(): void;
  openGrid(): void;
  turn(way: "undo" | "redo"): void;
  inLoupe(): boolean;
  /** what the grid shows, and showing something else */
  shown(): Show;
  show(show: Show): void;
  /** to the next photo that is like the one in focus */
  stepAlike(by: 1 | -1): void;
  /** keeps a photo rather than others that are like it */
  keep(row: Row, others: readonly number[]): void;
  clearFilter(): void;
  focusFilter(): void;
  /** asks for a reason to set a rule aside */
  overrule(row: Row): void;
  /** what wants attention first, or as they were taken */
  turnOrder(): Order;
  /** can it be decided? */
  isOpen(place: number): boolean;
  isUndecided(place: number): boolean;
  /** photos of the set that wait for their words to be approved */
  wished(): number;
  /** a verdict of a photo that is looked at a second time. @returns whether it was one */
  recheck(row: Row, verdict: Verdict | null): boolean;
  /** what decisions in the grid are about, in place of the photo in focus */
  readonly selection: { readonly size: number; rows(): readonly Row[]; clear(): void };
}

/** `false` says that the key was not used after all. */
export type Command = (event: KeyboardEvent | undefined) => unknown;
/** By the names `keymap.json` and `data-command` call them. */
export type Commands = Readonly<Record<string, Command>>;

/**
 * Every command of `keymap.json`, and those of the buttons that have no key.
 *
 * @param more what other parts of the page can do
 * @returns whether the key was used
 */
export function commandsOf(
  stage: Stage,
  ...more: readonly Commands[]
): (command: string, event: KeyboardEvent | undefined) => boolean {
  const { grid, panel, frame, desk } = stage;
  const here = (): Row | undefined => (stage.size() === 0 ? undefined : stage.rowAt(grid.focus));
  /** In the loupe a key is always about the photo that is shown. */
  const isForMany = (): boolean => stage.selection.size > 0 && !stage.inLoupe();
  const step = (by: number): void => stage.goTo(Math.min(Math.max(grid.focus + by, 0), stage.size() - 1));

  /** To the next one that can be decided at all; a photo that is left out or published is passed over. */
  const advance = (): void => {
    for (let place = grid.focus + 1; place < stage.size(); place += 1)
      if (stage.isOpen(place)) {
        stage.goTo(place);
        return;
      }
  };

  const decide =
    (verdict: Verdict | null): Command =>
    (event) => {
      if (isForMany()) return decideMany(verdict, stage);
      const row = here();
      if (row === undefined || !mayDecide(row, frame)) return;
      // Without words there is nothing an approval could be of.
      if (verdict === "approved" && isStopped(row)) return tellBlocked([row], stage);
      const to: Decision | null = verdict === "approved" && row.hash === null ? "wished" : verdict;
      if (!stage.recheck(row, verdict) && to !== (row.wished ? "wished" : row.verdict)) {
        desk.put(row, "verdict", to);
        frame.did(to === null ? "Cleared" : to === "wished" ? "Wished" : VERDICT_LABELS[to], row.file);
      }
      if (verdict !== null && event?.getModifierState("CapsLock") !== true) advance();
    };

  const edit =
    (field: TextField): Command =>
    () => {
      stage.openLoupe();
      panel.focus(field);
    };

  /** where the last one that wanted attention was, for as long as the focus is elsewhere */
  let attended: Wanting | undefined;
  /** What weighs most first, each once, then from the beginning; if nothing wants attention, the nearest undecided photo. */
  const attend =
    (by: 1 | -1): Command =>
    () => {
      const size = stage.size();
      const open = Array.from({ length: size }, (_, place) => place).filter(stage.isUndecided);
      const wanting = open.flatMap((place) => {
        const weight = attentionWeight(stage.rowAt(place));
        return weight === undefined ? [] : [{ place, weight }];
      });
      // A decision about it has gone one place on, which may want attention itself, but not yet.
      const hasDecided = attended?.place === grid.focus - 1;
      const here = (hasDecided ? undefined : wanting.find(({ place }) => place === grid.focus)) ?? attended;
      const next = nextWanting(wanting, here, by);
      attended = next;
      const place = next?.place ?? open.find((one) => (one - grid.focus) * by > 0) ?? open.at(by === 1 ? 0 : -1);
      if (place === undefined) frame.said(stage.wished() > 0 ? "Only wishes are left" : "Nothing left to decide");
      else stage.goTo(place);
    };

  /** First shows them with their words; what is on the screen then is what the second time approves. */
  const confirmWishes: Command = () => {
    if (stage.wished() === 0) return frame.said("Nothing is wished");
    if (stage.shown() !== "wished" || stage.inLoupe()) {
      stage.openGrid();
      stage.show("wished");
      return frame.said("Read their words; the same key again approves them");
    }
    const rows = Array.from({ length: stage.size() }, (_, place) => stage.rowAt(place));
    const there = rows.filter((row) => isWished(row) && row.hash !== null);
    if (there.length === 0) return frame.said("Their words are not there yet");
    const [blocked, ready] = [there.filter(isStopped), there.filter((row) => !isStopped(row))];
    if (ready.length > 0) {
      desk.putAll(ready, "verdict", "approved");
      frame.did("Approved", count(ready.length, "wished photo"));
    }
    if (blocked.length > 0) tellBlocked(blocked, stage);
  };
  const isStopped = (row: Row): boolean => row.blocked && desk.isJudged(row.id);

  const keepThis: Command = () => {
    const row = here();
    if (row === undefined || !mayDecide(row, frame)) return;
    const others = othersToKeepOver(row);
    if (others.length > 0) stage.keep(row, others);
    else
      frame.said(row.alike.groups.some(({ isKeeper }) => isKeeper) ? "It is the keeper" : "There is nothing to choose");
  };

  let all: Commands = {};
  const commands: Commands = {
    "help.sheet": () => openSheet(),
    "filter.clear": () => {
      stage.openGrid();
      stage.clearFilter();
      grid.take();
    },
    "filter.focus": () => {
      stage.openGrid();
      stage.focusFilter();
    },
    undo: () => stage.turn("undo"),
    redo: () => stage.turn("redo"),
    "save.flush": () => {
      panel.commit();
      void desk.flush().then((isThrough) => frame.said(isThrough ? "Everything is saved" : "Kept here, not saved yet"));
    },
    "nav.up": () => {
      if (stage.inLoupe()) stage.openGrid();
      else if (stage.selection.size > 0) stage.selection.clear();
      else if (location.search !== "") stage.clearFilter();
      else location.assign("/");
    },
    "grid.move": (event) => step(placesBy(event, grid)),
    "grid.next": () => step(1),
    "grid.prev": () => step(-1),
    "grid.jump": (event) => stage.goTo(jump(event, grid, stage.size())),
    "decide.approve": decide("approved"),
    "decide.reject": decide("rejected"),
    "decide.hold": decide("held"),
    "decide.clear": decide(null),
    "decide.back": () => stage.turn("undo"),
    "wish.confirm": confirmWishes,
    "attention.next": attend(1),
    "attention.prev": attend(-1),
    "attention.order": () => {
      stage.openGrid();
      frame.said(stage.turnOrder() === "attention" ? "What wants attention first" : "As they were taken");
    },
    "overrule.open": () => {
      const row = here();
      if (row === undefined || !mayDecide(row, frame)) return;
      if (row.blocked) stage.overrule(row);
      else frame.said(`Nothing blocks ${row.file}`);
    },
    "loupe.open": () => stage.openLoupe(),
    "loupe.step": (event) => step(event?.key === "ArrowLeft" ? -1 : 1),
    "loupe.burst": (event) => stage.stepAlike(event?.key === "ArrowUp" ? -1 : 1),
    "alike.keep": keepThis,
    "loupe.toggle": () => (stage.inLoupe() ? stage.openGrid() : stage.openLoupe()),
    "step.back": () => step(-1),
    "step.on": () => step(1),
    "edit.caption": edit("caption"),
    "edit.alt": edit("altText"),
    "edit.keywords": edit("keywords"),
    "edit.filename": edit("name"),
    "quality.band": (event) =>
      isForMany()
        ? all["bulk.quality"]?.(event)
        : setBand(here(), BAND_POINTS[Number(event?.key) - 1]?.[1] ?? null, stage),
    "quality.clear": () => (isForMany() ? all["bulk.quality"]?.(undefined) : setBand(here(), null, stage)),
    "grid.open": () => stage.openGrid(),
    "text.approveNext": (event) => {
      const field = panel.active();
      const row = here();
      if (field === undefined || row === undefined) return false;
      // The words are kept whatever becomes of the approval.
      desk.gesture(() => {
        panel.commit();
        commands["decide.approve"]?.(event);
      });
      panel.focus(field);
      return true;
    },
    "text.next": () => {
      const field = panel.active();
      if (field === undefined) return grid.take();
      panel.commit();
      const next = TEXT_FIELDS[TEXT_FIELDS.indexOf(field) + 1];
      if (next === undefined) blur();
      else panel.focus(next);
    },
    "text.leave": () => {
      if (panel.active() === undefined) return grid.take();
      blur();
    },
  };
  all = Object.assign({}, commands, ...more);
  return (name, event) => {
    const command = all[name];
    return command !== undefined && command(event) !== false;
  };
}

interface Wanting {
  readonly place: number;
  /** the smaller, the sooner */
  readonly weight: number;
}

function nextWanting(wanting: readonly Wanting[], here: Wanting | undefined, by: 1 | -1): Wanting | undefined {
  const compare = (a: Wanting, b: Wanting): number => (a.weight - b.weight || a.place - b.place) * by;
  const sorted = wanting.toSorted(compare);
  return sorted.find((one) => here !== undefined && compare(one, here) > 0) ?? sorted[0];
}

/** One gesture for the whole selection, with what was passed over and why. */
function decideMany(verdict: Verdict | null, { desk, frame, selection }: Stage): void {
  const toOf = ({ hash }: Row): Decision | null => (verdict === "approved" && hash === null ? "wished" : verdict);
  const sorts = Map.groupBy(selection.rows(), (row) => {
    if (row.culled !== null) return "left out";
    if (row.released) return "released";
    if (toOf(row) === (row.wished ? "wished" : row.verdict)) return "so already";
    return verdict === "approved" && row.blocked && desk.isJudged(row.id) ? "blocked" : "";
  });
  const going = sorts.get("") ?? [];
  desk.gesture(() => {
    for (const [to, rows] of Map.groupBy(going, toOf)) desk.putAll(rows, "verdict", to);
  });
  const done = `${going.length} ${verdict === null ? "cleared" : VERDICT_LABELS[verdict].toLowerCase()}`;
  const text = `${done}${skippedText(sorts)}`;
  if (going.length > 0) frame.did(text, "");
  else frame.said(text);
  selection.clear();
}

/** `, 3 skipped (2 blocked, 1 released)`: all but those under "". */
export function skippedText(sorts: ReadonlyMap<string, readonly unknown[]>): string {
  const why = [...sorts].filter(([sort]) => sort !== "").map(([sort, rows]): [number, string] => [rows.length, sort]);
  return why.length === 0 ? "" : `, ${why.reduce((n, [more]) => n + more, 0)} skipped (${listed(why)})`;
}

function jump(event: KeyboardEvent | undefined, grid: Grid, size: number): number {
  const isFar = event?.ctrlKey === true || event?.metaKey === true;
  const lineStart = grid.focus - (grid.focus % grid.columns);
  switch (event?.key) {
    case "Home":
      return isFar ? 0 : lineStart;
    case "End":
      return isFar ? size - 1 : Math.min(size - 1, lineStart + grid.columns - 1);
    case "PageUp":
      return Math.max(0, grid.focus - grid.page * grid.columns);
    default:
      return Math.min(size - 1, grid.focus + grid.page * grid.columns);
  }
}

function mayDecide(row: Row, frame: Frame): boolean {
  if (row.culled !== null) frame.said(`${row.file} is left out; try it again first`);
  else if (row.released) frame.said(`${row.file} is released already`);
  else return true;
  return false;
}

/** Says what stands in the way, and what can be done about it. */
function tellBlocked(rows: readonly Row[], { frame, inLoupe }: Stage): void {
  const [first] = rows;
  if (first === undefined) return;
  const key = spoken(keyOf("overrule.open") ?? "");
  const who =
    rows.length === 1
      ? `${first.file} is blocked: ${blockersText(first)}.`
      : `${rows.length} are blocked: ${rows.map(({ file }) => file).join(", ")}.`;
  frame.stopped(`${who} Change the words, or overrule the rule with a reason (${key}).`);
  if (inLoupe() && rows.length === 1) focusBlocker();
}

function setBand(row: Row | undefined, points: number | null, { desk, frame }: Stage): void {
  if (row === undefined || !isOpen(row) || row.hash === null) return;
  desk.put(row, "qr", points);
  frame.did(points === null ? "Back to the measured quality of" : "Changed the quality of", row.file);
}

const blur = (): void => {
  if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
};
