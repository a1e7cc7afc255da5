import type { Decision, Verdict } from "../../domain/review.ts";
import type { Row } from "../rows.ts";
import { othersToKeepOver } from "./alike.ts";
import type { Desk } from "./desk.ts";
import type { Frame } from "./frame.ts";
import type { Grid } from "./grid.ts";
import { keyOf, spoken } from "./keys.ts";
import { count, VERDICT_LABELS } from "./names.ts";
import { type Panel, TEXT_FIELDS, type TextField } from "./panel.ts";
import { blockersText, focusBlocker } from "./proof.ts";
import { openSheet } from "./sheet.ts";
import { attentionOf, BAND_POINTS, isOpen, isWished } from "./table.ts";
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
      const row = here();
      if (row === undefined || !mayDecide(row, frame)) return;
      // Without words there is nothing an approval could be of.
      if (verdict === "approved" && isStopped(row)) return tellBlocked([row], stage);
      const to: Decision | null = verdict === "approved" && row.hash === null ? "wished" : verdict;
      if (to !== (row.wished ? "wished" : row.verdict)) {
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

  /** The nearest undecided photo that wants a closer look; if none does, the nearest undecided one. */
  const attend =
    (by: 1 | -1): Command =>
    () => {
      const size = stage.size();
      const places = Array.from({ length: size }, (_, i) => (grid.focus + by * (i + 1) + size * 2) % size);
      const open = places.filter(stage.isUndecided);
      const wants = (row: Row): boolean => row.blocked || attentionOf(row).length > 0;
      const next = open.find((place) => wants(stage.rowAt(place))) ?? open[0];
      if (next === undefined) frame.said(stage.wished() > 0 ? "Only wishes are left" : "Nothing left to decide");
      else stage.goTo(next);
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

  const commands: Commands = {
    "help.sheet": () => openSheet(),
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
      else if (location.search !== "") stage.clearFilter();
      else location.assign("/");
    },
    "grid.move": (event) => step(MOVES[event?.key ?? ""]?.(grid.columns) ?? 0),
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
    "quality.band": (event) => setBand(here(), BAND_POINTS[Number(event?.key) - 1]?.[1] ?? null, stage),
    "quality.clear": () => setBand(here(), null, stage),
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
  const all: Commands = Object.assign({}, commands, ...more);
  return (name, event) => {
    const command = all[name];
    return command !== undefined && command(event) !== false;
  };
}

const MOVES: Readonly<Record<string, (columns: number) => number>> = {
  ArrowLeft: () => -1,
  ArrowRight: () => 1,
  ArrowUp: (columns) => -columns,
  ArrowDown: (columns) => columns,
};

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
