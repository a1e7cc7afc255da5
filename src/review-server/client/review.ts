/** The review page: the grid, the loupe, and what the keys and buttons do in them. */
import { tallyLine } from "../../domain/proof-tally.ts";
import type { Row } from "../rows.ts";
import { nextAlike } from "./alike.ts";
import { bulkWith } from "./bulk.ts";
import { carryFields } from "./carry.ts";
import { makeCell } from "./cell.ts";
import { commandsOf, type Stage } from "./commands.ts";
import { comparingWith } from "./comparing.ts";
import { correctWith } from "./correct.ts";
import { cutWith } from "./cut.ts";
import { type Desk, deskFor } from "./desk.ts";
import { openDialogs } from "./dialogs.ts";
import { must, part, setText } from "./dom.ts";
import { fileNameWith } from "./file-name.ts";
import { filterBar } from "./filters.ts";
import { followingWith } from "./following.ts";
import { frameWith } from "./frame.ts";
import { type Grid, gridOn } from "./grid.ts";
import { routeKeys, type Scope } from "./keys.ts";
import { listen, throttled } from "./live.ts";
import { type Loupe, loupeWith } from "./loupe.ts";
import { marksWith } from "./marks.ts";
import { voidedText } from "./names.ts";
import { overruleWith } from "./overrule.ts";
import { panelWith, type TextField } from "./panel.ts";
import { keepPlace, keptLook, placeIn } from "./place.ts";
import { showProgress } from "./progress.ts";
import { rejectWith } from "./reject.ts";
import { screenfulOn } from "./screenful.ts";
import { secondLookWith } from "./second-look.ts";
import { type Seen, type Shown, seenWith } from "./seen.ts";
import { selectionOn } from "./selection.ts";
import { get, post, Refused, Unreachable } from "./server.ts";
import { labelKeys } from "./sheet.ts";
import { sittingIn } from "./sitting.ts";
import { expandSnippets } from "./snippets.ts";
import { isOpen, isUndecided } from "./table.ts";
import { thumbsOf } from "./thumbs.ts";
import { versionsWith } from "./versions.ts";
import { belongs, tally, type View, viewOf } from "./view.ts";
import { zoomWith } from "./zoom.ts";

const root = part("desk");
const set = root.dataset["set"] ?? "";
const home = `/s/${encodeURIComponent(set)}`;

openDialogs();
await start().catch((failure: unknown) => {
  part("alert").hidden = false;
  setText(part("alert"), failure instanceof Error ? `${failure.message}. Reload the page to try again.` : "");
});

async function start(): Promise<void> {
  const frame = frameWith(
    () => turn("undo"),
    () => void desk.flush(),
  );
  /** for as long as there is nothing on the screen, nothing is seen */
  let onScreen = (): readonly Shown[] => [];
  const seen: Seen = seenWith(set, () => onScreen());
  const sitting = sittingIn(set, root.dataset["countsSittings"] === "yes");
  const desk: Desk = await deskFor(set, {
    screened: seen.flush,
    putting(rows, field, to) {
      if (field !== "verdict" || to === null || to === "wished") return;
      const accepted = rows.filter(({ edited }) => to === "approved" && edited.length === 0);
      sitting.decided(rows.length, accepted.length);
    },
    changed: redraw,
    saved: (state) => frame.saved(state),
    gone: () =>
      frame.alert("This set was rolled back; its files are in the inbox.", { href: "/", text: "To the sets" }),
    split: () =>
      frame.alert("Photos of this set are one of their own now.", { href: `/s/${set}`, text: "Load the set anew" }),
    refused(row, { op }, why, code) {
      const isBeside = panel.refuse(row.id, op.field, why, op.to, code === "review.stale");
      if (!isBeside || !loupe.isOpen || rowAt(grid.focus).id !== row.id) frame.alert(`${row.file}: ${why}`);
      redraw([]);
    },
  });
  const { table } = desk;
  const filter = filterBar(apply, () => grid.take());
  let view: View = viewOf(table, filter.show, filter.text, filter.order);

  const idAt = (place: number): number => table.standing(view.indices[place] ?? 0).id;
  const rowAt = (place: number): Row => table.row(view.indices[place] ?? 0);
  const grid: Grid = gridOn({
    makeCell: () =>
      makeCell(
        rowAt,
        (row) => !belongs(row, view.show),
        () => view.indices.length,
      ),
    focused: () => moved(),
    opened: () => openLoupe(),
    isSelected: (place) => selection.has(idAt(place)),
    picked: (place, event) => selection.picked(place, event),
    drawn: () => {
      seen.look();
      selection.tell();
    },
  });
  const size = (): number => view.indices.length;
  const inLoupe = (): boolean => loupe.isOpen;
  const selection = selectionOn({ grid: () => grid, size, rowAt, idAt, goTo, inLoupe });
  const panel = panelWith({
    compare: () => void run("view.diff", undefined),
    edited,
    fileOf: (photo) => {
      const index = table.indexOf(photo);
      return index === undefined ? undefined : table.row(index).file;
    },
    goTo: goToPhoto,
    notDuplicates(row, { members }) {
      desk.gesture(() => {
        for (const photo of members)
          changeOthers(photo, "distinct", (before) => [
            ...new Set([...before, ...members.filter((member) => member !== photo)]),
          ]);
      });
      frame.did("Not duplicates:", `${row.file} and ${members.length - 1} more`);
    },
    keep,
    propose({ members }) {
      desk.gesture(() => {
        for (const photo of members)
          changeOthers(photo, "keeper", (before) => before.filter((one) => !members.includes(one)));
      });
      frame.did("Back to the proposal for", `${members.length} photos`);
    },
    overrule: (row, rule) => overruling.open(row, rule),
    restore(row, rule) {
      const left = row.overruled.filter((one) => one.rule !== rule);
      desk.put(row, "overruled", left.length === 0 ? null : left);
      frame.did(`${rule} counts again for`, row.file);
    },
    check: (photo, typed) => post(`/api/sets/${encodeURIComponent(set)}/photos/${photo}/check`, typed),
    takeBack: (row) => void act(post(`/api/sets/${set}/photos/${row.id}/take-back`, {})),
  });
  const following = followingWith();
  expandSnippets();
  carryFields({
    here: () => (view.indices.length === 0 ? undefined : rowAt(grid.focus)),
    paste(row, fields) {
      desk.gesture(() => {
        for (const [field, to] of fields) desk.put(row, field, to);
      });
      frame.did("Pasted words into", row.file);
    },
    said: (text) => frame.said(text),
  });
  const fileName = fileNameWith(panel, (photo, name) =>
    get(`/api/sets/${encodeURIComponent(set)}/photos/${photo}/name?is=${encodeURIComponent(name)}`),
  );
  const zoom = zoomWith((text) => frame.said(text));
  const loupe: Loupe = loupeWith(panel);
  const cut = cutWith(must("photo", HTMLImageElement));
  const versions = versionsWith(panel, {
    here: () => (view.indices.length === 0 ? undefined : rowAt(grid.focus)),
    ask: (photo) => get(`/api/sets/${encodeURIComponent(set)}/photos/${photo}/words`),
    openLoupe: () => openLoupe(),
    take: edited,
    said: (text) => frame.said(text),
  });
  onScreen = () =>
    loupe.isOpen
      ? view.indices.length === 0
        ? []
        : [{ row: rowAt(grid.focus), picture: must("photo", HTMLImageElement), opened: true }]
      : inGrid();
  /** Words that are not shown are not seen either. */
  const inGrid = (): Shown[] =>
    grid.look.words !== "full"
      ? []
      : grid.visible().flatMap((place) => {
          const picture = grid.nodeOf(place)?.querySelector("img");
          return picture == null ? [] : [{ row: rowAt(place), picture, opened: false }];
        });
  const secondLook = secondLookWith({
    desk,
    percent: Number(root.dataset["secondLook"]),
    show: showOnly,
    leave() {
      apply();
      openGrid();
    },
    did: frame.did,
    said: frame.said,
  });
  const overruling = overruleWith((row, rule, reason) => {
    desk.put(row, "overruled", [...row.overruled.filter((one) => one.rule !== rule), { rule, reason }]);
    frame.did(`Overruled ${rule} for`, row.file);
  });

  /** Shows in the loupe, the footer and the address where one is. */
  function moved(): void {
    const size = view.indices.length;
    const counts = tally(table);
    filter.counts(counts, size);
    setText(part("proved"), tallyLine(counts.proved));
    const left = counts.undecided + counts.wished;
    frame.where(size === 0 ? 0 : grid.focus + 1, size, left);
    selection.tell();
    seen.look();
    keepHere();
    document.title = `${left > 0 ? `(${left}) ` : ""}${document.title.replace(/^\(\d+\) /, "")}`;
    showDone(left, counts.toPublish);
    secondLook.offer(left);
    showWishes(counts.wished);
    if (size === 0) return;
    const row = rowAt(grid.focus);
    if (loupe.isOpen) {
      const around = [1, 2, 3, 4, -1, -2].map((step) => grid.focus + step).filter((at) => at >= 0 && at < size);
      loupe.show(row, around.map(rowAt));
      marks.show(row);
      following.show(row);
      versions.show(row);
      zoom.show(row);
      cut.show(row);
      fileName.show(row);
      address(`${home}/i/${row.id}`);
    } else address(home);
    for (const button of root.querySelectorAll<HTMLButtonElement>("[data-verdict]"))
      button.setAttribute("aria-pressed", pressed(row, button.dataset["verdict"]));
  }
  function showWishes(wished: number): void {
    const button = part("wishes");
    button.hidden = wished === 0;
    const word = button.querySelector("span");
    const isShown = view.show === "wished" && !loupe.isOpen;
    if (word !== null) setText(word, isShown ? `Approve the wished ${wished}` : `See the wished ${wished} …`);
  }
  function showDone(undecided: number, approved: number): void {
    const publish = must("publish", HTMLAnchorElement);
    setText(publish, approved > 0 ? `Publish ${approved} …` : "Publish …");
    publish.classList.toggle("main", undecided === 0 && approved > 0);
    for (const cost of document.querySelectorAll("[data-voids]")) setText(cost, voidedText(approved));
    const empty = part("empty");
    empty.hidden = view.indices.length > 0 || loupe.isOpen;
    setText(empty, `No image matches. ${table.size} are hidden. Clear the filter with Esc.`);
  }
  let keeping: ReturnType<typeof setTimeout> | undefined;
  function keepHere(): void {
    clearTimeout(keeping);
    keeping = setTimeout(keepNow, 500);
  }
  function keepNow(): void {
    if (view.indices.length === 0) return;
    const photo = rowAt(grid.focus).id;
    const [top] = grid.visible();
    keepPlace(set, { photo, top: top === undefined ? photo : rowAt(top).id });
  }
  function address(path: string): void {
    const wanted = `${path}${filter.query()}`;
    if (wanted !== location.pathname + location.search) history.replaceState(null, "", wanted);
  }

  let known = table.size;
  /** Photos that came late stand behind the others; nothing jumps. */
  function takeIn(): void {
    const come = viewOf(table, filter.show, filter.text, filter.order).indices.filter((index) => index >= known);
    known = table.size;
    view = { ...view, indices: [...view.indices, ...come] };
    grid.resize(view.indices.length);
  }
  function redraw(indices: readonly number[]): void {
    if (table.size > known) takeIn();
    const places = new Map(view.indices.map((index, place) => [index, place]));
    for (const index of indices) {
      const place = places.get(index);
      if (place !== undefined) grid.refresh(place);
    }
    moved();
  }
  function apply(): void {
    const here = view.indices[grid.focus];
    view = viewOf(table, filter.show, filter.text, filter.order);
    grid.resize(view.indices.length);
    selection.prune();
    goTo(Math.max(0, here === undefined ? 0 : view.indices.indexOf(here)));
  }
  /** Nothing but these, large; any filter brings the others back. */
  function showOnly(photos: readonly number[]): void {
    view = { ...view, indices: photos.flatMap((photo) => table.indexOf(photo) ?? []) };
    selection.clear();
    grid.resize(view.indices.length);
    goTo(0);
    openLoupe();
  }
  function goTo(place: number): void {
    grid.moveTo(place);
    moved();
  }
  /** To a photo, whatever the filter hides. */
  function goToPhoto(photo: number): void {
    const index = table.indexOf(photo);
    if (index === undefined) return;
    if (!view.indices.includes(index)) filter.clear();
    goTo(Math.max(0, view.indices.indexOf(index)));
  }

  function edited(row: Row, field: TextField | "qr", to: unknown): void {
    desk.gesture(() => {
      desk.put(row, field, to);
      const alt = field === "caption" ? following.after(row, to) : undefined;
      if (alt !== undefined) desk.put(row, "altText", alt);
    });
    frame.did(to === null ? "Undid the edits of" : "Edited", row.file);
  }
  function stepAlike(by: 1 | -1): void {
    if (view.indices.length === 0) return;
    const next = nextAlike(rowAt(grid.focus), by);
    if (next === undefined) frame.said("No other photo of this set is like it");
    else goToPhoto(next);
  }
  /** What is said of a photo and others, in place of what was said before; nothing is sent where nothing changes. */
  function changeOthers(
    photo: number,
    field: "distinct" | "keeper",
    change: (before: readonly number[]) => readonly number[],
  ): void {
    const index = table.indexOf(photo);
    if (index === undefined) return;
    const row = table.row(index);
    const before = field === "distinct" ? row.alike.distinct : row.alike.keptOver;
    const after = change(before);
    if (after.length !== before.length) desk.put(row, field, after);
  }
  /** Choices that were made for others of them go with the same gesture, and come back with its undo. */
  function keep(row: Row, others: readonly number[]): void {
    const all = [row.id, ...others];
    desk.gesture(() => {
      for (const photo of others) changeOthers(photo, "keeper", (before) => before.filter((one) => !all.includes(one)));
      changeOthers(row.id, "keeper", (before) => [...new Set([...before, ...others])]);
    });
    frame.did("Keeper:", row.file);
  }

  function openLoupe(): void {
    if (loupe.isOpen || view.indices.length === 0) return;
    history.pushState(null, "", `${home}/i/${rowAt(grid.focus).id}${filter.query()}`);
    showLoupe();
  }
  function showLoupe(): void {
    loupe.show(rowAt(grid.focus), []);
    grid.moveTo(grid.focus);
    setText(part("toggle-label"), "Grid");
    moved();
    frame.hints("loupe");
  }
  function openCrop(): void {
    if (view.indices.length === 0) return;
    const query = new URLSearchParams(filter.query());
    query.set("at", String(rowAt(grid.focus).id));
    leaveFor(`crop?${query}`);
  }
  function openGrid(): void {
    if (!loupe.isOpen) return;
    panel.commit();
    loupe.close();
    versions.hide();
    zoom.close();
    setText(part("toggle-label"), "Loupe");
    grid.moveTo(grid.focus);
    grid.take();
    moved();
    frame.hints("grid");
  }

  /** To another page of this set, which must be of what is on the screen. */
  function leaveFor(page: string): void {
    panel.commit();
    void desk.flush().then((isThrough) => {
      if (isThrough) location.assign(`${home}/${page}`);
      else frame.alert("Some changes have not reached photogate yet. Go on when they have.");
    });
  }

  let turning: Promise<void> | undefined;
  function turn(way: "undo" | "redo"): void {
    const mine = (turning ?? Promise.resolve())
      .then(() => turnNow(way))
      .finally(() => {
        if (turning === mine) turning = undefined;
      });
    turning = mine;
  }
  async function turnNow(way: "undo" | "redo"): Promise<void> {
    panel.commit();
    try {
      const photos = await desk.turn(way);
      if (photos === undefined) return frame.said("Undo waits until photogate answers again.");
      const [first] = photos;
      if (way === "undo" && first !== undefined) sitting.undid();
      if (first === undefined) return frame.said(way === "undo" ? "Nothing to undo in this window" : "Nothing to redo");
      frame.said(`${way === "undo" ? "Undone" : "Done again"}: ${table.row(table.indexOf(first) ?? 0).file}`);
      goToPhoto(first);
    } catch (failure) {
      report(failure);
    }
  }
  async function act(work: Promise<unknown>): Promise<void> {
    await work.then(() => desk.refresh()).catch(report);
  }
  function report(failure: unknown): void {
    if (failure instanceof Refused) frame.alert(`${failure.message}. ${failure.remedy}`);
    else if (failure instanceof Unreachable) frame.said("photogate is not answering");
    else throw failure;
  }

  const here = (): Row | undefined => (view.indices.length === 0 ? undefined : rowAt(grid.focus));
  const marks = marksWith({
    here,
    marked(row, field, to) {
      desk.put(row, field, to);
      frame.did(
        to === 0 || to === "" ? "No longer marked:" : `Marked ${field === "stars" ? "★".repeat(Number(to)) : to}:`,
        row.file,
      );
    },
  });
  const rejecting = rejectWith({
    here,
    rejected(row, reason) {
      desk.gesture(() => {
        if (reason !== "") desk.put(row, "reason", reason);
        desk.put(row, "verdict", "rejected");
      });
      frame.did(reason === "" ? "Rejected" : `Rejected (${reason})`, row.file);
    },
  });
  const correcting = correctWith({
    set,
    here,
    shown: () => (selection.rows().length > 0 ? selection.rows() : view.indices.map((index) => table.row(index))),
    flush: () => {
      panel.commit();
      return desk.flush();
    },
    async taken(photos) {
      await desk.refresh();
      const [first] = photos;
      frame.did("Put right", photos.length === 1 ? (first?.file ?? "") : `${photos.length} photos`);
    },
  });

  const comparing = comparingWith({
    here: () => (view.indices.length === 0 ? undefined : rowAt(grid.focus)),
    selected: () => selection.rows(),
    said: (text) => frame.said(text),
    goTo: leaveFor,
  });
  const stage: Stage = {
    desk,
    grid,
    panel,
    frame,
    selection,
    recheck: secondLook.judge,
    size,
    rowAt,
    goTo,
    openLoupe,
    openGrid,
    turn,
    inLoupe,
    shown: () => view.show,
    show: (show) => filter.choose(show),
    wished: () => tally(table).wished,
    stepAlike,
    keep,
    overrule: (row) => overruling.open(row),
    turnOrder: () => filter.turnOrder(),
    clearFilter: () => filter.clear(),
    focusFilter: () => filter.focus(),
    isOpen: (place) => isOpen(table.standing(view.indices[place] ?? 0)),
    isUndecided: (place) => isUndecided(table.standing(view.indices[place] ?? 0)),
  };
  const bulk = bulkWith(desk, frame, selection.rows, () => grid.take());
  const runNow = commandsOf(
    stage,
    comparing,
    { "crop.open": openCrop },
    cut.commands,
    versions.commands,
    zoom.commands,
    selection.commands,
    screenfulOn({ ...stage, grid, isSeen: seen.isSeen }),
    bulk,
    secondLook.commands,
    thumbsOf(() => grid, frame),
    correcting,
    marks.commands,
    rejecting,
  );
  /** A decision right after an undo is of the photo it goes back to, not of the one that is left. */
  const run: typeof runNow = (command, event) => {
    if (turning === undefined || !/^(decide|quality)\./.test(command) || command === "decide.back")
      return runNow(command, event);
    void turning.then(() => runNow(command, event));
    return true;
  };
  routeKeys((): readonly Scope[] => [loupe.isOpen ? "loupe" : "grid", "global"], run);
  wireButtons((command) => run(command, undefined));
  must("publish", HTMLAnchorElement).addEventListener("click", (event) => {
    event.preventDefault();
    leaveFor("publish");
  });

  window.addEventListener("popstate", () => (location.pathname.includes("/i/") ? showLoupe() : openGrid()));
  window.addEventListener("pagehide", () => {
    panel.commit();
    keepNow();
    sitting.leave();
    seen.leave();
    desk.leave();
  });
  document.addEventListener("focusin", () =>
    frame.hints(panel.active() !== undefined ? "text" : loupe.isOpen ? "loupe" : "grid"),
  );

  root.hidden = false;
  labelKeys();
  grid.setLook(keptLook());
  grid.resize(view.indices.length);
  const place = placeIn(set);
  const placeOf = (photo: number | undefined): number =>
    photo === undefined ? -1 : view.indices.indexOf(table.indexOf(photo) ?? -1);
  const wanted = Number(root.dataset["photo"]);
  const firstOpen = view.indices.findIndex((index) => isUndecided(table.standing(index)));
  if (wanted > 0) {
    loupe.show(table.row(table.indexOf(wanted) ?? 0), []);
    setText(part("toggle-label"), "Grid");
    goToPhoto(wanted);
  } else {
    const top = placeOf(place?.top);
    if (top >= 0) grid.toTop(top);
    goTo(Math.max(0, placeOf(place?.photo) >= 0 ? placeOf(place?.photo) : firstOpen));
  }
  frame.hints(loupe.isOpen ? "loupe" : "grid");
  if (!loupe.isOpen) grid.take();

  const progress = showProgress(set, table);
  const update = throttled(300, () => desk.refresh().then(progress, () => undefined));
  listen(
    (notice) => {
      if (notice.set === set) update();
    },
    () => {
      frame.connected();
      update();
      void desk.flush();
    },
    frame.connected.bind(frame),
  );
}

/** A wish is half an approval. */
function pressed(row: Row, verdict: string | undefined): string {
  if (verdict === "approved" && row.wished) return "mixed";
  return String(row.verdict === verdict);
}

function wireButtons(run: (command: string) => void): void {
  document.addEventListener("click", (event) => {
    const button = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-command]") : null;
    if (button !== null) run(button.dataset["command"] ?? "");
  });
}
