/** The comparing page: the frames of one group beside one another, and what the keys say about them. */
import type { Row } from "../rows.ts";
import { capital, groupText, TIER_WORDS } from "./alike.ts";
import { standingOf as stateOf } from "./cell.ts";
import {
  type Choosing,
  choosingOf,
  obstacleTo,
  shownOf,
  stayingOf,
  steppedFrom,
  withKeeper,
  withStay,
} from "./choosing.ts";
import type { Commands } from "./commands.ts";
import { type Desk, deskFor } from "./desk.ts";
import { openDialogs } from "./dialogs.ts";
import { differencesOf } from "./differences.ts";
import { part, setText } from "./dom.ts";
import { frameWith } from "./frame.ts";
import {
  type Change,
  type Group,
  groupsIn,
  isWhole,
  parting,
  photosIn,
  type Standing,
  selectionOf,
  settlement,
  standingOf,
} from "./groups.ts";
import { routeKeys } from "./keys.ts";
import { listen, throttled } from "./live.ts";
import { type Panes, type PaneView, type Picture, panesWith } from "./panes.ts";
import { get, Refused, Unreachable } from "./server.ts";
import { labelKeys, openSheet } from "./sheet.ts";
import { type RowsAnswer, tableOf } from "./table.ts";

const root = part("compare");
const set = root.dataset["set"] ?? "";
const home = `/s/${encodeURIComponent(set)}`;
/** photos a person has chosen to see side by side; empty for the groups of the set */
const asked = (root.dataset["photos"] ?? "").split(",").filter(Boolean).map(Number);

async function start(): Promise<void> {
  const frame = frameWith(
    () => void undo("undo"),
    () => void desk.flush(),
  );
  let isSaved = true;
  const desk: Desk = await deskFor(set, {
    changed: () => {
      if (isSaved) heard();
    },
    saved(state) {
      isSaved = state.kind === "saved";
      frame.saved(state);
    },
    gone: () =>
      frame.alert("This set was rolled back; its files are in the inbox.", { href: "/", text: "To the sets" }),
    split: () => frame.alert("Photos of this set are one of their own now.", { href: home, text: "Load the set anew" }),
    // Nothing is approved by its screen here.
    putting: () => undefined,
    screened: async () => undefined,
    refused(row, _, why) {
      said.clear();
      frame.alert(`${row.file}: ${why}`);
    },
  });
  const { table } = desk;
  const strangers = new Map<number, Row>();
  const rowOf = (photo: number): Row | undefined => {
    const index = table.indexOf(photo);
    return index === undefined ? strangers.get(photo) : table.row(index);
  };
  const fileOf = (photo: number): string => rowOf(photo)?.file ?? `photo ${photo}`;
  const found = (): readonly Group[] =>
    asked.length > 0
      ? [selectionOf(asked)]
      : groupsIn(Array.from({ length: table.size }, (_, index) => table.row(index)));

  let groups = found();
  let at = Math.min(Math.max(Number(root.dataset["at"] ?? 1) - 1, 0), Math.max(groups.length - 1, 0));
  /** the groups that were settled here, the last one last */
  const done: string[] = [];
  /** what was said of them and is on its way to the server */
  const said = new Map<string, Standing>();
  const standing = (group: Group): Standing => said.get(group.key) ?? standingOf(group, rowOf);
  let choosing: Choosing | undefined;
  const panes: Panes = panesWith((photo) => change((before) => ({ ...before, active: photo })));

  /** The rows are those of the server again: the same group, wherever it stands now. */
  function heard(): void {
    const key = groups[at]?.key;
    said.clear();
    groups = found();
    const now = groups.findIndex((group) => group.key === key);
    const isSame = now >= 0 && sameOf(groups[now], choosing?.group);
    at = now >= 0 ? now : Math.min(at, Math.max(groups.length - 1, 0));
    const group = groups[at];
    if (isSame && group !== undefined && choosing !== undefined) {
      choosing = { ...choosing, group };
      draw();
    } else open(at);
  }
  function open(place: number): void {
    at = place;
    const group = groups[at];
    choosing = group && choosingOf(group, rowOf);
    panes.fit();
    if (group !== undefined && asked.length === 0) history.replaceState(null, "", `${home}/groups/${at + 1}`);
    draw();
    if (group !== undefined) void fetchStrangers(group).catch(report);
    fetchAhead();
  }
  function change(how: (before: Choosing) => Choosing): void {
    if (choosing === undefined) return;
    choosing = how(choosing);
    draw();
  }

  /** Photos of other sets are not in the table of this one. */
  async function fetchStrangers({ elsewhere }: Group): Promise<void> {
    const wanted = elsewhere.map(({ photo }) => photo).filter((photo) => !strangers.has(photo));
    if (wanted.length === 0) return;
    const answer = await get<RowsAnswer>(`/api/rows?photos=${wanted.join(",")}`);
    const rows = tableOf(answer);
    for (let index = 0; index < rows.size; index += 1) strangers.set(rows.row(index).id, rows.row(index));
    draw();
  }
  let ahead: readonly HTMLImageElement[] = [];
  function fetchAhead(): void {
    const next = groups[nextOpen(1) ?? -1];
    if (next === undefined) return;
    ahead = photosIn(next).flatMap((photo) => {
      const src = rowOf(photo)?.previews?.medium;
      if (src === undefined) return [];
      const image = ahead.find((one) => one.getAttribute("src") === src) ?? new Image();
      if (!image.hasAttribute("src")) image.src = src;
      return [image];
    });
  }

  function draw(): void {
    const open = groups.filter((group) => standing(group) === "open").length;
    const isEmpty = choosing === undefined;
    root.hidden = isEmpty;
    part("none").hidden = !isEmpty;
    setText(part("where"), isEmpty || asked.length > 0 ? "" : `Group ${at + 1}/${groups.length}`);
    setText(part("left"), asked.length > 0 ? "" : leftText(open, groups));
    if (choosing === undefined) return;
    const { group } = choosing;
    setText(part("kind"), kindText(group));
    setText(part("standing"), STANDINGS[standing(group)]);
    setText(part("keeper"), keeperLine(choosing, fileOf));
    const going = group.members.filter((photo) => choosing?.kept.has(photo) !== true && isTouchable(rowOf(photo)));
    setText(part("resolve"), resolveText(choosing, going.length));
    const shown = shownOf(choosing);
    const lines = differencesOf(shown.flatMap((photo) => rowOf(photo) ?? []));
    panes.show(
      shown.flatMap((photo, place): PaneView[] => {
        const row = rowOf(photo);
        if (row === undefined || choosing === undefined) return [];
        return [viewOf(row, place + 1, choosing, lines[place] ?? [])];
      }),
    );
  }

  /** The next group that waits for a person, in this direction; undefined where no other does. */
  function nextOpen(by: 1 | -1): number | undefined {
    const { length } = groups;
    const places = groups.map((_, i) => (at + by * (i + 1) + length * 2) % length);
    return places.find((place) => place !== at && groups[place] !== undefined && standing(groups[place]) === "open");
  }
  function goOn(text: string) {
    if (asked.length > 0) return leave();
    const next = nextOpen(1);
    if (next !== undefined) return open(next);
    draw();
    frame.said(`${text}. No other group waits for you`);
  }
  function write(changes: readonly Change[]): void {
    desk.gesture(() => {
      for (const { photo, field, to } of changes) {
        const row = rowOf(photo);
        if (row !== undefined) desk.put(row, field, to);
      }
    });
  }

  function resolve() {
    if (choosing === undefined) return;
    const obstacle = obstacleTo(choosing);
    if (obstacle !== undefined) return frame.stopped(`${obstacle}.`);
    const { group, keeper } = choosing;
    const changes = settlement(group, stayingOf(choosing), rowOf);
    said.set(group.key, "settled");
    done.push(group.key);
    if (changes.length > 0) write(changes);
    const rejected = changes.filter(({ to }) => to === "rejected").length;
    const kept = keeper === null ? `${stayingOf(choosing).length} of them` : fileOf(keeper);
    frame.did(`Kept ${kept}, rejected`, String(rejected));
    goOn(`Kept ${kept}, rejected ${rejected}`);
  }
  function keepAll() {
    if (choosing === undefined || choosing.group.isParted) return;
    const { group } = choosing;
    const changes = parting(group, rowOf);
    if (changes.length === 0) return frame.stopped("They are released; nothing can be said about them here.");
    said.set(group.key, "parted");
    done.push(group.key);
    write(changes);
    frame.did("Not duplicates:", `${photosIn(group).length} photos`);
    goOn("Not duplicates");
  }
  async function undo(way: "undo" | "redo"): Promise<void> {
    try {
      const photos = await desk.turn(way);
      if (photos === undefined) return frame.said("Undo waits until photogate answers again.");
      if (photos.length === 0) return frame.said(way === "undo" ? "Nothing to undo in this window" : "Nothing to redo");
      heard();
      const key = way === "undo" ? done.pop() : undefined;
      const last = groups.findIndex((group) => group.key === key);
      const touched = groups.findIndex(({ members }) => photos.every((photo) => members.includes(photo)));
      if (last >= 0 || touched >= 0) open(last >= 0 ? last : touched);
      frame.said(`${way === "undo" ? "Undone" : "Done again"}: ${fileOf(photos[0] ?? 0)}`);
    } catch (failure) {
      report(failure);
    }
  }
  function report(failure: unknown): void {
    if (failure instanceof Refused) frame.alert(`${failure.message}. ${failure.remedy}`);
    else if (failure instanceof Unreachable) frame.said("photogate is not answering");
    else throw failure;
  }
  function leave(): void {
    void desk.flush().then(() => {
      if (document.referrer.startsWith(`${location.origin}/s/`)) history.back();
      else location.assign(home);
    });
  }
  function stay(stays: boolean): void {
    if (choosing === undefined) return;
    const row = rowOf(choosing.active);
    if (isWhole(choosing.group)) frame.stopped(`${obstacleTo(choosing)}.`);
    else if (!choosing.group.members.includes(choosing.active))
      frame.said("It is in another set; decide about it there");
    else if (!isTouchable(row)) frame.said(`${row?.file} is released or left out`);
    else change((before) => withStay(before, before.active, stays));
  }
  function makeKeeper(photo: number | undefined): void {
    if (choosing === undefined || photo === undefined) return;
    if (isWhole(choosing.group)) frame.stopped(`${obstacleTo(choosing)}.`);
    else if (rowOf(photo)?.culled !== null) frame.said(`${fileOf(photo)} is left out`);
    else change((before) => withKeeper(before, photo));
  }
  function flip(is: boolean): void {
    if (choosing === undefined) return;
    const keeper = choosing.keeper === null ? undefined : rowOf(choosing.keeper);
    if (!is || keeper === undefined) panes.flip(choosing.active, null);
    else panes.flip(choosing.active, pictureOf(keeper));
  }

  const commands: Commands = {
    "help.sheet": () => openSheet(),
    undo: () => undo("undo"),
    redo: () => undo("redo"),
    "decide.back": () => undo("undo"),
    "save.flush": () =>
      void desk.flush().then((isThrough) => frame.said(isThrough ? "Everything is saved" : "Kept here, not saved yet")),
    "nav.up": () => (panes.isZoomed ? panes.fit() : leave()),
    "cmp.pane": (event) => change((before) => steppedFrom(before, event?.key === "ArrowLeft" ? -1 : 1)),
    // Whoever looks closely must not find himself before other photos: an arrow moves what is seen.
    "cmp.group": (event) => {
      const by = event?.key === "ArrowUp" ? -1 : 1;
      if (panes.isZoomed) panes.pan(0, by * STEP);
      else if (groups[at + by] !== undefined) open(at + by);
      else frame.said(by > 0 ? "It is the last group" : "It is the first group");
    },
    "cmp.pan": (event) => panes.pan(...(PANS[event?.key ?? ""] ?? [0, 0])),
    "cmp.keeper": (event) => makeKeeper(choosing && shownOf(choosing)[Number(event?.key) - 1]),
    "cmp.this": () => makeKeeper(choosing?.active),
    "cmp.resolve": resolve,
    "cmp.keepAll": keepAll,
    "cmp.alsoKeep": () => stay(true),
    "cmp.drop": () => stay(false),
    "cmp.skip": () => goOn("Left as it is"),
    "cmp.zoom": () => frame.said(panes.toggleZoom() ? "100 %, all at the same place" : "Whole pictures"),
    "cmp.flip": () => flip(true),
    "cmp.before": () => groups[at - 1] !== undefined && open(at - 1),
    "cmp.after": () => groups[at + 1] !== undefined && open(at + 1),
  };
  const run = (name: string, event: KeyboardEvent | undefined): boolean =>
    commands[name] !== undefined && commands[name](event) !== false;

  routeKeys(() => ["compare", "global"], run);
  document.addEventListener("keyup", ({ key }) => {
    if (key === "\\") flip(false);
  });
  window.addEventListener("blur", () => flip(false));
  document.addEventListener("click", ({ target }) => {
    const button = target instanceof Element ? target.closest<HTMLElement>("[data-command]") : null;
    if (button !== null) run(button.dataset["command"] ?? "", undefined);
  });
  part("flip").addEventListener("pointerdown", () => flip(true));
  for (const end of ["pointerup", "pointercancel", "pointerleave"])
    part("flip").addEventListener(end, () => flip(false));
  window.addEventListener("pagehide", () => desk.leave());

  labelKeys();
  open(at);
  part("panes").focus({ preventScroll: true });
  const update = throttled(300, () => desk.refresh().catch(() => undefined));
  listen(
    (notice) => {
      if (notice.set === set) update();
    },
    () => {
      frame.connected();
      update();
      void desk.flush();
    },
    (why) => frame.connected(why),
  );
}

/** part of a pane that one press of an arrow moves */
const STEP = 0.2;
const PANS: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-STEP, 0],
  ArrowRight: [STEP, 0],
  ArrowUp: [0, -STEP],
  ArrowDown: [0, STEP],
};

const STANDINGS: Readonly<Record<Standing, string>> = {
  open: "",
  settled: "Settled",
  parted: "Not duplicates, you have said",
  whole: "",
};

const isTouchable = (row: Row | undefined): boolean => row !== undefined && !row.released && row.culled === null;

/** Do two groups ask the same? What was marked then still holds. */
const sameOf = (one: Group | undefined, other: Group | undefined): boolean =>
  JSON.stringify([one?.members, one?.keeper]) === JSON.stringify([other?.members, other?.keeper]);

const leftText = (open: number, groups: readonly Group[]): string =>
  open === 0 ? "No group waits for you" : `${open} of ${groups.length} to settle`;

function kindText({ tier, members, elsewhere }: Group): string {
  if (tier === "selection") return `${members.length} photos side by side`;
  const others = elsewhere.length === 0 ? "" : `, ${elsewhere.length} in another set`;
  if (members.length === 1) return `${capital(TIER_WORDS[tier])}${others}`;
  return `${groupText({ tier, members: [...members] })}${others}`;
}

function keeperLine({ group, keeper, isOwn }: Choosing, fileOf: (photo: number) => string): string {
  if (isWhole(group)) return `No keeper: ${group.reasons.values().next().value ?? "nothing to choose"}`;
  if (keeper === null) return "No keeper yet: press the number of the one that stays";
  const why = isOwn
    ? "chosen by you"
    : `${group.reasons.get(keeper) ?? "the only one"}${group.isChosen ? "" : " (proposed)"}`;
  return `Keeper: ${fileOf(keeper)}, ${why}`;
}

function resolveText(choosing: Choosing, going: number): string {
  if (obstacleTo(choosing) !== undefined) return "Keep one, reject the rest";
  const { length } = stayingOf(choosing);
  return `${length === 0 ? "Keep the other set's" : `Keep ${length}`}, reject ${going}`;
}

const pictureOf = ({ previews, sight, width, height }: Row): Picture => ({
  medium: previews?.medium ?? sight?.large,
  large: previews?.large ?? sight?.large,
  width: width ?? 0,
  height: height ?? 0,
});

function viewOf(row: Row, number: number, choosing: Choosing, lines: PaneView["lines"]): PaneView {
  const { keeper, active } = choosing;
  return {
    photo: row.id,
    number,
    file: row.file,
    ...markOf(row, choosing),
    reason: reasonOf(row.id, choosing),
    lines,
    picture: pictureOf(row),
    isKeeper: row.id === keeper,
    isActive: row.id === active,
  };
}

/** What the machine says of this photo and the keeper it proposes; it has nothing to say of another keeper. */
function reasonOf(photo: number, { group, keeper, isOwn }: Choosing): string {
  const reason = group.reasons.get(photo);
  if (reason === undefined || keeper === null || isOwn || group.isChosen || isWhole(group)) return "";
  return photo === keeper ? capital(reason) : `Keeper is ${reason}`;
}

/** What becomes of a photo if the group is settled as it stands; for what is not decided here, how it stands. */
function markOf(row: Row, { group, keeper, kept }: Choosing): { readonly shape: string; readonly word: string } {
  const kin = group.elsewhere.find(({ photo }) => photo === row.id);
  const state = stateOf(row);
  if (kin !== undefined) {
    const where = `${state.word.toLowerCase()}, in ${kin.setName}`;
    return { shape: state.shape, word: row.id === keeper ? `Keeper: ${where}` : capital(where) };
  }
  if (row.culled !== null || row.released || isWhole(group) || group.isParted) return state;
  if (row.id === keeper) return { shape: "approved", word: "Keeper" };
  if (kept.has(row.id))
    return { shape: "approved", word: row.verdict === null ? "Stays" : `Stays, ${state.word.toLowerCase()}` };
  if (keeper === null && kept.size === 0) return state;
  return { shape: "rejected", word: row.verdict === "rejected" ? "Rejected" : "Goes" };
}

openDialogs();
await start().catch((failure: unknown) => {
  part("alert").hidden = false;
  setText(part("alert"), failure instanceof Error ? `${failure.message}. Reload the page to try again.` : "");
});
