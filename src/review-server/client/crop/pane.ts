/** One pane of the crop page: the picture, the box over it, and the hands on the box. */
import { HANDLES, type Handle, moved } from "../../../domain/crop-box.ts";
import type { Box } from "../../../domain/crops.ts";
import { el, setText } from "../dom.ts";
import { SCOPES, spoken } from "../keys.ts";
import { placed, placeText, pulled, shapeText, smallText, type Work } from "./work.ts";

export interface PaneHost {
  /** the person did something to the box. @param isDone the hand has let go */
  changed(work: Work, isDone: boolean): void;
  /** pointed at, or entered with Tab */
  entered(): void;
  /** a button of the pane */
  run(command: string): void;
  /** pixels the longer side of a crop should have */
  readonly leastPixels: number;
}

export interface Pane {
  readonly node: HTMLElement;
  show(work: Work | undefined): void;
  activate(is: boolean): void;
  /** the picture at its own size, round the box; again: all of it */
  zoom(): void;
  /** while the key is down, the picture without the box */
  bare(is: boolean): void;
  /** writes the keys of this pane on its buttons again */
  label(): void;
}

/** Room round the picture, so that a handle at its corner can be taken hold of: half a handle and a little. */
const MARGIN = 28;
const HALF_HANDLE = 24;
/** A box that is smaller than this has its handles outside. */
const NARROW = 120;
const STEP = { ArrowKeys: 0.002, shifted: 0.01, page: 0.05 } as const;

const VERBS = [
  ["crop.accept", "Accept"],
  ["crop.skip", "Leave whole"],
  ["crop.delete", "Reject"],
  ["crop.reset", "Next proposal"],
] as const;

export function paneWith(number: number, host: PaneHost): Pane {
  const picture = el("img", { alt: "", draggable: "false", decoding: "async" });
  const shades = Array.from({ length: 4 }, () => el("div", { class: "shade" }));
  const frame = el("div", { class: "box" });
  const handles = HANDLES.map((handle) => [handle, handleNode(handle, number)] as const);
  const stage = el("div", { class: "crop-stage" }, picture, ...shades, frame, ...handles.map(([, node]) => node));
  const file = el("bdi", { class: "file" });
  const end = el("span", { class: "state" });
  const label = el("p", { class: "muted" });
  const place = el("p", { class: "place" });
  const small = el("p", { class: "warn" });
  const shape = el("button", { type: "button", class: "shape" });
  const lock = el("button", { type: "button", "aria-pressed": "true" }, "Hold shape");
  const verbs = VERBS.map(([command, word]) => {
    const key = el("kbd", {});
    const button = el("button", { type: "button" }, word, " ", key);
    button.addEventListener("click", () => host.run(command));
    return { command, key, button };
  });
  const shapes = el("div", { class: "acts" }, shape, lock);
  const acts = el("div", { class: "acts" }, ...verbs.map(({ button }) => button));
  const node = el(
    "section",
    { class: "pane", "aria-label": `Pane ${number}` },
    el("p", { class: "top" }, el("b", {}, String(number)), file, end),
    stage,
    label,
    place,
    small,
    shapes,
    acts,
  );

  let work: Work | undefined;
  let isZoomed = false;
  /** where the picture lies in the stage, in CSS pixels */
  let view: Box = { x: 0, y: 0, width: 1, height: 1 };
  let isDragging = false;

  const source = (): string | undefined => {
    const previews = work?.row.previews;
    return isZoomed ? previews?.large : previews?.medium;
  };
  const layOut = (): void => {
    if (work === undefined) return;
    const room = { width: stage.clientWidth, height: stage.clientHeight };
    const fit = Math.min((room.width - 2 * MARGIN) / work.size.width, (room.height - 2 * MARGIN) / work.size.height);
    const own = picture.naturalWidth / devicePixelRatio / work.size.width;
    const scale = isZoomed && own > 0 ? own : fit;
    const [width, height] = [work.size.width * scale, work.size.height * scale];
    const middle = isZoomed ? { x: work.box.x + work.box.width / 2, y: work.box.y + work.box.height / 2 } : HALF;
    const [left, top] = [room.width / 2 - middle.x * width, room.height / 2 - middle.y * height];
    // Whole pixels: between them, a line of the picture would show beside what covers it.
    const [x, y] = [Math.round(left), Math.round(top)];
    view = { x, y, width: Math.round(left + width) - x, height: Math.round(top + height) - y };
  };
  const draw = (): void => {
    if (work === undefined) return;
    // Under a hand nothing may slide away.
    if (!isDragging) layOut();
    putBox(picture, view);
    const box = onStage(work.box, view);
    putBox(frame, box);
    for (const [i, part] of shadesOf(box, view).entries()) putBox(shades[i], part);
    for (const [handle, handleAt] of handles) putHandle(handleAt, handle, box);
    sayEdges(handles, work.box);
    setText(place, placeText(work));
    setText(shape, shapeText(work));
    setText(small, smallText(work, host.leastPixels));
    lock.setAttribute("aria-pressed", String(work.isHeld));
    setText(label, labelOf(work));
  };

  const takeHold = (event: PointerEvent, handle: Handle | null): void => {
    if (work === undefined || work.end !== "" || event.button !== 0 || !(event.currentTarget instanceof HTMLElement))
      return;
    event.preventDefault();
    const held = event.currentTarget;
    held.setPointerCapture(event.pointerId);
    host.entered();
    const from = work.box;
    const began = { x: event.clientX, y: event.clientY };
    isDragging = true;
    const follow = ({ clientX, clientY }: PointerEvent): void => {
      if (work === undefined) return;
      const by = { x: (clientX - began.x) / view.width, y: (clientY - began.y) / view.height };
      host.changed(
        handle === null ? placed(work, moved(from, by.x, by.y)) : pulled(work, from, handle, toward(from, handle, by)),
        false,
      );
    };
    const letGo = (): void => {
      isDragging = false;
      held.removeEventListener("pointermove", follow);
      held.removeEventListener("lostpointercapture", letGo);
      if (work !== undefined) host.changed(work, true);
    };
    held.addEventListener("pointermove", follow);
    // After pointerup and after pointercancel alike.
    held.addEventListener("lostpointercapture", letGo);
  };

  frame.addEventListener("pointerdown", (event) => takeHold(event, null));
  for (const [handle, handleAt] of handles) {
    handleAt.addEventListener("pointerdown", (event) => takeHold(event, handle));
    handleAt.addEventListener("keydown", (event) => {
      const by = edgeStep(handle, event);
      if (by === undefined || work === undefined || work.end !== "") return;
      // The router takes what nobody has used: the arrows are the edge's while it has the focus.
      event.preventDefault();
      host.changed(pulled(work, work.box, handle, toward(work.box, handle, by)), true);
    });
  }
  shape.addEventListener("click", () => host.run("crop.ratio"));
  lock.addEventListener("click", () => host.run("crop.lock"));
  node.addEventListener("pointerenter", () => host.entered());
  node.addEventListener("focusin", () => host.entered());
  picture.addEventListener("load", draw);
  new ResizeObserver(draw).observe(stage);

  const labelKeysOf = (): void => {
    for (const { command, key } of verbs) {
      const wanted = SCOPES.crop.find(({ cmd }) => cmd === command)?.keys[number - 1];
      key.hidden = wanted === undefined;
      setText(key, wanted === undefined ? "" : spoken(wanted));
    }
  };
  labelKeysOf();

  return {
    node,
    show(next) {
      if (next?.row.id !== work?.row.id) isZoomed = false;
      work = next;
      node.hidden = next === undefined;
      if (next === undefined) return;
      setText(file, next.row.file);
      setText(end, next.end);
      node.classList.toggle("ended", next.end !== "");
      node.setAttribute("aria-label", `Pane ${number}: ${next.row.file}`);
      const src = source();
      if (src !== undefined && picture.getAttribute("src") !== src) picture.src = src;
      draw();
    },
    activate: (is) => node.classList.toggle("active", is),
    zoom() {
      isZoomed = !isZoomed;
      const src = source();
      if (src !== undefined) picture.src = src;
      draw();
    },
    bare: (is) => stage.classList.toggle("bare", is),
    label: labelKeysOf,
  };
}

const HALF = { x: 0.5, y: 0.5 };
const EDGES: ReadonlySet<Handle> = new Set<Handle>(["n", "e", "s", "w"]);
const EDGE_NAMES: Readonly<Partial<Record<Handle, string>>> = { n: "Top", e: "Right", s: "Bottom", w: "Left" };

/** The four in the middle of a side are sliders; a corner is two of them at once and for pointers only. */
function handleNode(handle: Handle, number: number): HTMLElement {
  const node = el("div", { class: `handle ${handle}`, "data-handle": handle });
  if (!EDGES.has(handle)) node.setAttribute("aria-hidden", "true");
  else
    for (const [name, value] of Object.entries({
      role: "slider",
      tabindex: "0",
      "aria-label": `${EDGE_NAMES[handle]} edge, pane ${number}`,
      "aria-orientation": handle === "n" || handle === "s" ? "vertical" : "horizontal",
      "aria-valuemin": "0",
      "aria-valuemax": "100",
    }))
      node.setAttribute(name, value);
  return node;
}

function sayEdges(handles: readonly (readonly [Handle, HTMLElement])[], { x, y, width, height }: Box): void {
  const places: Readonly<Partial<Record<Handle, readonly [number, string]>>> = {
    n: [y, "top"],
    e: [1 - x - width, "right"],
    s: [1 - y - height, "bottom"],
    w: [x, "left"],
  };
  for (const [handle, node] of handles) {
    const found = places[handle];
    if (found === undefined) continue;
    const percent = Math.abs(Number((found[0] * 100).toFixed(1)));
    node.setAttribute("aria-valuenow", String(percent));
    node.setAttribute("aria-valuetext", `${percent} percent from ${found[1]}`);
  }
}

const labelOf = ({ at, starts, start, isTouched }: Work): string => {
  const which = start.from === "proposed" ? `Proposal ${at + 1} of ${starts.length}: ${start.label}` : start.label;
  return isTouched ? `${which}; moved by you` : which;
};

function putBox(node: HTMLElement | undefined, { x, y, width, height }: Box): void {
  if (node === undefined) return;
  node.style.left = `${x}px`;
  node.style.top = `${y}px`;
  node.style.width = `${Math.max(0, width)}px`;
  node.style.height = `${Math.max(0, height)}px`;
}

const onStage = (box: Box, view: Box): Box => ({
  x: view.x + box.x * view.width,
  y: view.y + box.y * view.height,
  width: box.width * view.width,
  height: box.height * view.height,
});

/** Above, below, left and right of the box. */
function shadesOf(box: Box, view: Box): readonly Box[] {
  const [right, bottom] = [view.x + view.width, view.y + view.height];
  return [
    { ...view, height: box.y - view.y },
    { ...view, y: box.y + box.height, height: bottom - box.y - box.height },
    { ...box, x: view.x, width: box.x - view.x },
    { ...box, x: box.x + box.width, width: right - box.x - box.width },
  ];
}

function putHandle(node: HTMLElement, handle: Handle, box: Box): void {
  const x = along(box.x, box.width, handle.includes("w") ? 0 : handle.includes("e") ? 1 : 0.5);
  const y = along(box.y, box.height, handle.includes("n") ? 0 : handle.includes("s") ? 1 : 0.5);
  node.style.transform = `translate(${Math.round(x - HALF_HANDLE)}px, ${Math.round(y - HALF_HANDLE)}px)`;
}

/** Along a side that is too short for three handles beside each other, those at its ends move outwards. */
function along(from: number, length: number, at: 0 | 0.5 | 1): number {
  const out = length >= NARROW ? 0 : Math.max(HALF_HANDLE, (NARROW - length) / 2);
  return from + length * at + (at - 0.5) * 2 * out;
}

/** Where the handle is wanted. */
const toward = (box: Box, handle: Handle, by: { readonly x: number; readonly y: number }) => ({
  x: box.x + (handle.includes("w") ? 0 : box.width) + by.x,
  y: box.y + (handle.includes("n") ? 0 : box.height) + by.y,
});

/** An edge goes where the arrow points. @returns undefined for a key that is none of its */
function edgeStep(handle: Handle, event: KeyboardEvent): { readonly x: number; readonly y: number } | undefined {
  const way = WAYS[event.key];
  if (way === undefined || event.ctrlKey || event.metaKey || event.altKey) return undefined;
  const step = event.key.startsWith("Page") ? STEP.page : event.shiftKey ? STEP.shifted : STEP.ArrowKeys;
  return handle === "n" || handle === "s" ? { x: 0, y: way * step } : { x: way * step, y: 0 };
}
const WAYS: Readonly<Record<string, number>> = {
  ArrowLeft: -1,
  ArrowUp: -1,
  PageUp: -1,
  ArrowRight: 1,
  ArrowDown: 1,
  PageDown: 1,
};
