import type { Row } from "../rows.ts";
import type { Commands } from "./commands.ts";
import { part, setText } from "./dom.ts";
import { type Grid, placesBy } from "./grid.ts";

/** Photos that the next decision in the grid is about. */
export interface Selection {
  readonly size: number;
  has(photo: number): boolean;
  /** those the filter shows, in the order of the grid */
  rows(): readonly Row[];
  clear(): void;
  /** Forgets what the filter hides now: nobody is to decide about what cannot be seen. */
  prune(): void;
  /** Says how many there are, and how many of them are not on the screen. */
  tell(): void;
  /** @returns whether the click was meant for it */
  picked(place: number, event: MouseEvent): boolean;
  readonly commands: Commands;
}

export interface SelectionHost {
  readonly grid: () => Grid;
  size(): number;
  rowAt(place: number): Row;
  /** without making the whole row, of which there may be thousands */
  idAt(place: number): number;
  goTo(place: number): void;
  inLoupe(): boolean;
}

/** The corner of a cell that holds the tick; a finger needs that much. Pixels. */
const TICK = 34;

export function selectionOn(host: SelectionHost): Selection {
  const photos = new Set<number>();
  /** where a range begins, and where it ended last */
  let anchor = 0;
  let end: number | undefined;

  const changed = (): void => {
    host.grid().refreshAll();
    tell();
  };
  const toggle = (place: number): void => {
    const id = host.idAt(place);
    if (!photos.delete(id)) photos.add(id);
    anchor = place;
    end = undefined;
    changed();
  };
  /** From the anchor to here, in place of the range before. */
  const extend = (place: number): void => {
    for (const other of between(anchor, end ?? anchor)) if (other < host.size()) photos.delete(host.idAt(other));
    for (const other of between(anchor, place)) photos.add(host.idAt(other));
    end = place;
    changed();
  };
  const tell = (): void => {
    const bar = part("selection");
    const isShown = photos.size > 0;
    if (bar.hidden === isShown) bar.hidden = !isShown;
    if (!isShown) return;
    const visible = host
      .grid()
      .visible()
      .filter((place) => photos.has(host.idAt(place))).length;
    const away = photos.size - visible;
    const text = host.inLoupe()
      ? `${photos.has(host.idAt(host.grid().focus)) ? "1 of " : ""}${photos.size} selected, keys act on this one`
      : `${photos.size} selected${away === 0 ? "" : `, ${away} not on screen`}`;
    setText(part("selected"), text);
    part("bulk").hidden = host.inLoupe();
  };
  const places = (): number[] =>
    photos.size === 0 ? [] : Array.from({ length: host.size() }, (_, i) => i).filter((i) => photos.has(host.idAt(i)));
  const rows = (): Row[] => places().map(host.rowAt);
  const clear = (): void => {
    if (photos.size === 0) return;
    photos.clear();
    end = undefined;
    changed();
  };

  return {
    get size() {
      return photos.size;
    },
    has: (photo) => photos.has(photo),
    rows,
    clear,
    prune() {
      end = undefined;
      if (photos.size === 0) return;
      const shown = new Set(places().map(host.idAt));
      for (const photo of photos) if (!shown.has(photo)) photos.delete(photo);
      changed();
    },
    tell,
    picked(place, event) {
      const isTick = isOnTick(event);
      if (event.shiftKey) {
        if (photos.size === 0) anchor = host.grid().focus;
        host.goTo(place);
        extend(place);
      } else if (isTick || event.ctrlKey || event.metaKey) {
        host.goTo(place);
        toggle(place);
      } else return false;
      return true;
    },
    commands: {
      "select.toggle": () => host.size() > 0 && toggle(host.grid().focus),
      "select.extend": (event) => {
        const grid = host.grid();
        if (host.size() === 0) return;
        if (photos.size === 0) anchor = grid.focus;
        const place = Math.min(Math.max(grid.focus + placesBy(event, grid), 0), host.size() - 1);
        host.goTo(place);
        extend(place);
      },
      "select.all": () => {
        for (let place = 0; place < host.size(); place += 1) photos.add(host.idAt(place));
        anchor = 0;
        end = undefined;
        changed();
      },
      "select.none": clear,
    },
  };
}

const between = (a: number, b: number): number[] =>
  Array.from({ length: Math.abs(a - b) + 1 }, (_, i) => Math.min(a, b) + i);

function isOnTick(event: MouseEvent): boolean {
  const cell = event.target instanceof Element ? event.target.closest("[data-index]") : null;
  if (cell === null) return false;
  const { left, top } = cell.getBoundingClientRect();
  return event.clientX - left < TICK && event.clientY - top < TICK;
}
