/** The crop page: up to four photos beside each other, a key for each verb and pane. */
import type { Row } from "../rows.ts";
import { type Bench, isOpenWork, onward, refilled, withWork } from "./crop/bench.ts";
import { type Pane, paneWith } from "./crop/pane.ts";
import { proposalsOf } from "./crop/proposals.ts";
import { type Last, startsOf } from "./crop/starts.ts";
import {
  copied,
  cropOf,
  isChange,
  locked,
  nudged,
  placeText,
  reset,
  shapeText,
  sized,
  turned,
  type Work,
  workOn,
} from "./crop/work.ts";
import { type Desk, deskFor } from "./desk.ts";
import { el, part, setText } from "./dom.ts";
import { frameWith } from "./frame.ts";
import { routeKeys, SCOPES, type Scope } from "./keys.ts";
import { learnLetters } from "./letters.ts";
import { listen, throttled } from "./live.ts";
import { count } from "./names.ts";
import { Refused, Unreachable } from "./server.ts";
import { labelKeys, openSheet } from "./sheet.ts";
import { isOrder, isShow, viewOf } from "./view.ts";

const root = part("crop");
const set = root.dataset["set"] ?? "";
const home = `/s/${encodeURIComponent(set)}`;
const query = new URLSearchParams(location.search);
const settings = {
  wanted: root.dataset["start"] === "whole" ? "whole" : "proposal",
  refill: root.dataset["refill"] === "one-by-one" ? "one-by-one" : "together",
  panes: Number(root.dataset["panes"]),
  leastPixels: Number(root.dataset["least"]),
} as const;
/** Proposals that are fetched ahead, in photos; and pictures. */
const AHEAD = 60;
const PICTURES_AHEAD = 3;
const SPEAK_MS = 400;

async function start(): Promise<void> {
  const frame = frameWith(
    () => void back(),
    () => void desk.flush(),
  );
  /** what it was like before each decision, and whether the decision was one the server knows of */
  const before: { readonly bench: Bench; readonly last: Last | undefined; readonly isSent: boolean }[] = [];
  const desk: Desk = await deskFor(set, {
    changed: () => tellCounts(),
    saved: (state) => frame.saved(state),
    gone: () =>
      frame.alert("This set was rolled back; its files are in the inbox.", { href: "/", text: "To the sets" }),
    split: () => location.reload(),
    // Nothing is approved here.
    putting: () => undefined,
    screened: async () => undefined,
    refused(row, _, why) {
      // What was not taken cannot be undone: from here on the server says what is.
      before.length = 0;
      frame.alert(`${row.file}: ${why}`);
    },
  });
  const { table } = desk;
  const proposals = proposalsOf(set);
  const line = lineOf(desk);
  const roomy = matchMedia("(min-width: 1024px)");
  const began = performance.now();
  let last: Last | undefined;
  let panes: readonly Pane[] = [];
  let bench: Bench = { works: [], active: 0, next: firstPlace(), done: 0 };

  function firstPlace(): number {
    const at = table.indexOf(Number(query.get("at")));
    return Math.max(0, at === undefined ? 0 : line.indexOf(at));
  }
  function rowAt(place: number): Row | undefined {
    const index = line[place];
    return index === undefined ? undefined : table.row(index);
  }
  function take(place: number): Work | undefined {
    const row = rowAt(place);
    if (row === undefined || row.width === null || row.height === null) return undefined;
    const size = { width: row.width, height: row.height };
    return workOn(row, size, startsOf(size, proposals.of(row.id) ?? [], last), settings.wanted);
  }
  /** What comes up soon, so that nobody waits for it. @throws Unreachable, Refused */
  async function fetchAhead(from: number): Promise<void> {
    await proposals.fetch(line.slice(from, from + AHEAD).map((index) => table.row(index).id));
  }

  function build(): void {
    const wanted = roomy.matches ? settings.panes : 1;
    if (wanted === panes.length) return;
    // Of other panes; what was done before is undone by what the server says.
    before.length = 0;
    // Those that are open begin again in the new panes.
    const open = bench.works.filter((work) => work !== undefined).length;
    bench = { ...bench, works: Array.from({ length: wanted }, () => undefined), next: bench.next - open, active: 0 };
    panes = Array.from({ length: wanted }, (_, i) =>
      paneWith(i + 1, {
        changed: (work, isDone) => {
          bench = withWork(bench, i, work);
          panes[i]?.show(work);
          if (isDone) speak(i);
        },
        entered: () => activate(i),
        run: (command) => void commands[command]?.(i, undefined),
        leastPixels: settings.leastPixels,
      }),
    );
    part("panes").replaceChildren(...panes.map(({ node }) => node));
    part("panes").dataset["panes"] = String(wanted);
    bench = refilled(bench, "together", take);
    show();
  }

  function show(): void {
    panes.forEach((pane, i) => {
      pane.show(bench.works[i]);
      pane.activate(i === bench.active && bench.works[i] !== undefined);
    });
    const isEmpty = bench.works.every((work) => work === undefined);
    const none = part("crop-none");
    none.hidden = !isEmpty;
    setText(
      none,
      line.length === 0 ? "No photo here can be cropped." : "That was the last photo. Esc goes back to them.",
    );
    showNext();
    tellCounts();
  }
  function showNext(): void {
    const coming = line.slice(bench.next, bench.next + PICTURES_AHEAD).map((index) => table.row(index));
    part("crop-next").replaceChildren(
      ...coming.map(({ previews, file }) => {
        // The one that will be shown large is fetched with it.
        new Image().src = previews?.medium ?? "";
        return el("img", { src: previews?.small ?? "", alt: file, title: file });
      }),
    );
  }
  function tellCounts(): void {
    const cropped = Array.from({ length: table.size }, (_, i) => table.standing(i).crop).filter(
      (crop) => crop !== null,
    );
    const untouched = cropped.filter((crop) => crop.start === "proposed" && crop.untouched).length;
    setText(part("crop-tally"), cropped.length === 0 ? "" : `${cropped.length} cropped, ${untouched} as proposed`);
    const here = Math.min(line.length, bench.next);
    setText(part("where"), line.length === 0 ? "" : `To photo ${here} of ${line.length}`);
    const pace = bench.done === 0 ? "" : ` · ${((performance.now() - began) / 1_000 / bench.done).toFixed(1)} s each`;
    setText(part("left"), `${bench.done} done${pace}`);
  }
  let speaking: ReturnType<typeof setTimeout> | undefined;
  /** The last of many small steps is enough. */
  function speak(pane: number): void {
    clearTimeout(speaking);
    speaking = setTimeout(() => {
      const work = bench.works[pane];
      if (work !== undefined) setText(part("status"), `Pane ${pane + 1}: ${shapeText(work)}; ${placeText(work)}`);
    }, SPEAK_MS);
  }

  function activate(pane: number): void {
    if (bench.works[pane] === undefined || pane === bench.active) return;
    bench = { ...bench, active: pane };
    panes.forEach((one, i) => {
      one.activate(i === pane);
    });
  }
  const change = (pane: number, what: (work: Work) => Work): void => {
    const work = bench.works[pane];
    if (!isOpenWork(work)) return;
    bench = withWork(bench, pane, what(work));
    panes[pane]?.show(bench.works[pane]);
    speak(pane);
  };

  /** One gesture for all of them. @param ends what becomes of the photo in each of these panes */
  function end(ends: readonly (readonly [pane: number, end: Exclude<Work["end"], "">])[]): void {
    const open = ends.flatMap(([pane, what]) => {
      const work = bench.works[pane];
      return isOpenWork(work) ? [{ pane, what, work }] : [];
    });
    if (open.length === 0) return;
    const snapshot = { bench, last };
    let isSent = false;
    desk.gesture(() => {
      for (const { work, what } of open) isSent = put(work, what) || isSent;
    });
    before.push({ ...snapshot, isSent });
    for (const { pane, what, work } of open) {
      const isWhole = what === "Cropped" && cropOf(work) === null;
      bench = withWork(bench, pane, { ...work, end: isWhole ? "Left whole" : what });
    }
    bench = refilled(onward({ ...bench, done: bench.done + open.length }), settings.refill, take);
    frame.did(
      open.some(({ what }) => what === "Rejected") ? "Rejected" : "Done:",
      namesOf(open.map(({ work }) => work)),
    );
    void fetchAhead(bench.next).catch(report);
    show();
  }
  /** @returns whether there was anything to be said to the server */
  function put(work: Work, what: Work["end"]): boolean {
    const row = table.row(table.indexOf(work.row.id) ?? 0);
    if (what === "Rejected") {
      desk.put(row, "verdict", "rejected");
      return true;
    }
    const crop = what === "Cropped" ? cropOf(work) : null;
    if (crop !== null) last = { crop, size: work.size };
    if (!isChange({ ...work, row }, crop)) return false;
    desk.put(row, "crop", crop);
    return true;
  }

  let turning: Promise<void> = Promise.resolve();
  /** One after the other: what is undone last must be drawn last. */
  function back(): Promise<void> {
    turning = turning.then(backNow).catch(report);
    return turning;
  }
  async function backNow(): Promise<void> {
    const was = before.at(-1);
    if (was === undefined || was.isSent) {
      const photos = await desk.turn("undo");
      if (photos === undefined) return frame.said("Undo waits until photogate answers again.");
      if (was === undefined) return goTo(photos[0]);
    }
    before.pop();
    bench = was.bench;
    last = was.last;
    frame.said("Undone");
    show();
  }
  /** Decisions from before this page was opened are undone, too. */
  async function goTo(photo: number | undefined): Promise<void> {
    if (photo === undefined) {
      frame.said("Nothing to undo in this window");
      return;
    }
    const place = line.indexOf(table.indexOf(photo) ?? -1);
    frame.said(`Undone: ${table.row(table.indexOf(photo) ?? 0).file}`);
    if (place < 0) return;
    await fetchAhead(place);
    bench = { ...bench, works: bench.works.map(() => undefined), next: place };
    bench = refilled(bench, "together", take);
    show();
  }
  function report(failure: unknown): void {
    if (failure instanceof Refused) frame.alert(`${failure.message}. ${failure.remedy}`);
    else if (failure instanceof Unreachable) frame.said("photogate is not answering");
    else throw failure;
  }

  type PaneCommand = (pane: number, event: KeyboardEvent | undefined) => void;
  const move =
    (by: number): PaneCommand =>
    (pane, event) => {
      const [x = 0, y = 0] = WAYS[event?.key ?? ""] ?? [];
      change(pane, (work) => nudged(work, x * by, y * by));
    };
  const commands: Readonly<Record<string, PaneCommand>> = {
    "crop.skip": (pane) => end([[pane, "Left whole"]]),
    "crop.delete": (pane) => end([[pane, "Rejected"]]),
    "crop.reset": (pane) => change(pane, reset),
    "crop.accept": (pane) => end([[pane, "Cropped"]]),
    "crop.acceptAll": () => end(panes.map((_, i) => [i, "Cropped"])),
    "crop.activate": activate,
    "crop.move": move(0.01),
    "crop.moveBig": move(0.05),
    "crop.size": (pane, event) => change(pane, (work) => sized(work, event?.key === "[" ? -0.02 : 0.02)),
    "crop.ratio": (pane) => change(pane, turned),
    "crop.lock": (pane) => change(pane, locked),
    "crop.copy": (pane) => {
      const from = bench.works[pane];
      if (from === undefined) return;
      panes.forEach((_, i) => {
        if (i !== pane) change(i, (work) => copied(work, from));
      });
      frame.said(`Copied the crop of ${from.row.file} to ${count(panes.length - 1, "other pane")}`);
    },
    "crop.back": () => void back(),
    "crop.zoom": (pane) => panes[pane]?.zoom(),
    "crop.before": () => bare(true),
    undo: () => void back(),
    redo: () => void desk.turn("redo").then((photos) => goToRedone(photos?.[0]), report),
    "save.flush": () =>
      void desk.flush().then((isThrough) => frame.said(isThrough ? "Everything is saved" : "Kept here, not saved yet")),
    "help.sheet": () => openSheet(),
    "nav.up": () => {
      const photo = bench.works[bench.active]?.row.id ?? rowAt(line.length - 1)?.id;
      location.assign(photo === undefined ? home : `${home}/i/${photo}${filterQuery()}`);
    },
  };
  function goToRedone(photo: number | undefined): void {
    frame.said(photo === undefined ? "Nothing to redo" : `Done again: ${table.row(table.indexOf(photo) ?? 0).file}`);
  }
  const bare = (is: boolean): void => {
    for (const pane of panes) pane.bare(is);
  };
  document.addEventListener("keyup", ({ key }) => {
    if (key === "\\") bare(false);
  });
  window.addEventListener("blur", () => bare(false));

  const run = (command: string, event: KeyboardEvent | undefined): boolean => {
    const act = commands[command];
    if (act === undefined) return false;
    const pane = paneOf(command, event);
    if (pane >= panes.length) return false;
    act(pane, event);
    return true;
  };
  /** Of a command with a key for each pane, the pane of the key; else the active one. */
  function paneOf(command: string, event: KeyboardEvent | undefined): number {
    const keys = SCOPES.crop.find(({ cmd }) => cmd === command)?.keys ?? [];
    const pane = PANED.has(command)
      ? keys.findIndex((key) => key.endsWith(event?.code ?? "?") || key === event?.key)
      : -1;
    return pane < 0 ? bench.active : pane;
  }

  learnLetters(() => {
    for (const pane of panes) pane.label();
  });
  routeKeys((): readonly Scope[] => ["crop", "global"], run);
  document.addEventListener("click", (event) => {
    const button = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-command]") : null;
    if (button !== null) run(button.dataset["command"] ?? "", undefined);
    // After a click Enter is to accept, not to press the same button again. Whoever came to it by Tab stays on it.
    if (event.detail > 0 && root.contains(document.activeElement)) root.focus();
  });
  window.addEventListener("pagehide", () => desk.leave());
  roomy.addEventListener("change", build);

  await fetchAhead(bench.next);
  root.hidden = false;
  // Where keys are heard only in their place, this is theirs.
  root.focus();
  labelKeys();
  frame.hints("crop");
  build();
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

/** Commands with a key for each pane. */
const PANED: ReadonlySet<string> = new Set(["crop.skip", "crop.delete", "crop.reset", "crop.accept", "crop.activate"]);

const WAYS: Readonly<Record<string, readonly [x: number, y: number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

/** The photos that can be cropped, in the order and by the filter the person comes from: indices into the table. */
function lineOf({ table }: Desk): readonly number[] {
  const [show, order] = [query.get("show") ?? undefined, query.get("order") ?? undefined];
  const view = viewOf(table, isShow(show) ? show : "all", query.get("q") ?? "", isOrder(order) ? order : "taken");
  return view.indices.filter((index) => mayBeCropped(table.row(index)));
}

/** What is out already is cropped no more, and what is not wanted need not be. */
const mayBeCropped = ({ culled, released, verdict, previews, width }: Row): boolean =>
  culled === null && !released && verdict !== "rejected" && previews !== null && width !== null;

/** For the address of the photos: the filter without what is this page's own. */
function filterQuery(): string {
  const rest = new URLSearchParams(query);
  rest.delete("at");
  return rest.size === 0 ? "" : `?${rest}`;
}

const namesOf = (works: readonly Work[]): string =>
  works.length === 1 ? (works[0]?.row.file ?? "") : count(works.length, "photo");

// Last: what stands above it is there by now.
await start().catch((failure: unknown) => {
  part("alert").hidden = false;
  setText(part("alert"), failure instanceof Error ? `${failure.message}. Reload the page to try again.` : "");
});
