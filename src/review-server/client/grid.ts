import { part } from "./dom.ts";

/** One place on the grid; made once, filled again and again. */
export interface Cell {
  readonly node: HTMLElement;
  fill(index: number): void;
}

export interface GridHost {
  makeCell(): Cell;
  /** the person moved; the place that has the focus now */
  focused(index: number): void;
  opened(index: number): void;
  isSelected(index: number): boolean;
  /** @returns whether the click was meant for the selection, and is done with */
  picked(index: number, event: MouseEvent): boolean;
  /** other photos are on the screen, or other things about them */
  drawn(): void;
}

/** How large the pictures are, and how much stands below each. */
export interface GridLook {
  readonly size: "S" | "M" | "L";
  readonly words: "full" | "name" | "none";
}

export interface Grid {
  readonly focus: number;
  readonly columns: number;
  /** rows that fit the screen */
  readonly page: number;
  resize(count: number): void;
  moveTo(index: number): void;
  /** draws one place anew, if it is on the screen */
  refresh(index: number): void;
  /** draws everything on the screen anew */
  refreshAll(): void;
  /** places of which at least half is on the screen, two lines of words included; none while the grid is hidden */
  visible(): number[];
  /** what is drawn for a place; undefined if it is far from the screen */
  nodeOf(index: number): HTMLElement | undefined;
  /** scrolls so that a place is in the topmost line */
  toTop(index: number): void;
  readonly look: GridLook;
  setLook(look: GridLook): void;
  take(): void;
}

const MOVES: Readonly<Record<string, (columns: number) => number>> = {
  ArrowLeft: () => -1,
  ArrowRight: () => 1,
  ArrowUp: (columns) => -columns,
  ArrowDown: (columns) => columns,
};

/** How many places an arrow key goes. */
export const placesBy = (event: KeyboardEvent | undefined, { columns }: Pick<Grid, "columns">): number =>
  MOVES[event?.key ?? ""]?.(columns) ?? 0;

interface Line {
  readonly node: HTMLElement;
  readonly cells: Cell[];
}

const GAP = 8;
const OVERSCAN = 1;
/** Pixels of a cell below its last line. */
const BELOW_WORDS = 6;
/** Pixels below the picture. Narrow cells break a caption into twice as many lines, and it must be there to be read. */
const textHeight = ({ size, words }: GridLook): number =>
  words === "none" ? 12 : words === "name" ? 64 : size === "S" ? 140 : 104;

/** As many columns as leave a picture large enough to judge. */
const columnsIn = (width: number, { size }: GridLook): number => {
  const middle = width >= 1900 ? 6 : width >= 1200 ? 5 : width >= 900 ? 4 : width >= 600 ? 3 : width >= 300 ? 2 : 1;
  return Math.max(1, Math.round(size === "S" ? middle * 1.6 : size === "L" ? middle * 0.6 : middle));
};

/**
 * A grid of any number of photos with the nodes of a few screens: lines are taken from where they went out of sight and
 * filled again. The line of the focused place is never taken, however far one scrolls, or the keyboard would lose its place.
 */
export function gridOn(host: GridHost): Grid {
  const [scroller, body] = [part("grid"), part("rows")];
  const lines = new Map<number, Line>();
  const spare: Line[] = [];
  let count = 0;
  let focus = 0;
  let columns = 1;
  let height = 0;
  let lineHeight = 1;
  let look: GridLook = { size: "M", words: "full" };

  const measure = (): void => {
    const width = scroller.clientWidth;
    if (width === 0) return;
    height = scroller.clientHeight;
    columns = columnsIn(width, look);
    const cell = (width - GAP * (columns + 1)) / columns;
    lineHeight = Math.round((cell * 2) / 3) + textHeight(look) + GAP;
    body.style.setProperty("--columns", String(columns));
    body.style.setProperty("--line", `${lineHeight - GAP}px`);
    for (const line of lines.values()) line.node.remove();
    lines.clear();
    spare.length = 0;
    lay();
    show(focus);
  };

  const lay = (): void => {
    const total = Math.ceil(count / columns);
    body.style.height = `${total * lineHeight + GAP}px`;
    scroller.setAttribute("aria-rowcount", String(total));
    scroller.setAttribute("aria-colcount", String(columns));
    draw();
  };

  const draw = (): void => {
    const total = Math.ceil(count / columns);
    const first = Math.max(0, Math.floor(scroller.scrollTop / lineHeight) - OVERSCAN);
    const last = Math.min(total - 1, Math.floor((scroller.scrollTop + height) / lineHeight) + OVERSCAN);
    const kept = Math.floor(focus / columns);
    for (const [number, line] of lines)
      if ((number < first || number > last) && (number !== kept || number >= total)) {
        lines.delete(number);
        spare.push(line);
      }
    const wanted = Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => first + i);
    if (kept < total) wanted.push(kept);
    for (const number of wanted) if (!lines.has(number)) place(number);
    for (const line of spare.splice(0)) line.node.remove();
    host.drawn();
  };

  const place = (number: number): void => {
    const line = spare.pop() ?? makeLine();
    lines.set(number, line);
    line.node.style.transform = `translateY(${number * lineHeight + GAP}px)`;
    line.node.setAttribute("aria-rowindex", String(number + 1));
    fillLine(line, number);
    // In the order of the lines, so that a screen reader reads them so.
    const after = [...lines.keys()].filter((other) => other > number).sort((a, b) => a - b)[0];
    body.insertBefore(line.node, after === undefined ? null : (lines.get(after)?.node ?? null));
  };

  const makeLine = (): Line => {
    const node = document.createElement("div");
    node.setAttribute("role", "row");
    node.className = "line";
    const cells = Array.from({ length: columns }, (_, column) => {
      const cell = host.makeCell();
      cell.node.setAttribute("role", "gridcell");
      cell.node.setAttribute("aria-colindex", String(column + 1));
      node.append(cell.node);
      return cell;
    });
    return { node, cells };
  };

  const fill = (line: Line, number: number, column: number): void => {
    const cell = line.cells[column];
    const index = number * columns + column;
    if (cell === undefined) return;
    cell.node.hidden = index >= count;
    if (index >= count) return;
    cell.node.id = `cell-${index}`;
    cell.node.dataset["index"] = String(index);
    cell.node.classList.toggle("focus", index === focus);
    cell.node.setAttribute("aria-selected", String(host.isSelected(index)));
    cell.fill(index);
  };
  const fillLine = (line: Line, number: number): void => {
    for (const column of line.cells.keys()) fill(line, number, column);
  };
  const refresh = (index: number): void => {
    const number = Math.floor(index / columns);
    const line = lines.get(number);
    if (line !== undefined) fill(line, number, index % columns);
  };
  const refreshAll = (): void => {
    for (const [number, line] of lines) fillLine(line, number);
    host.drawn();
  };
  const visible = (): number[] => {
    if (scroller.clientWidth === 0) return [];
    const [top, bottom] = [scroller.scrollTop, scroller.scrollTop + height];
    const shown = [...lines.keys()].filter((number) => {
      const [from, to] = [number * lineHeight + GAP, (number + 1) * lineHeight];
      // Two lines of the words are below the picture, and may not be below the edge.
      const spare = BELOW_WORDS + Math.max(0, textHeight(look) - textHeight({ size: "M", words: "full" }));
      const isReadable = bottom >= to - spare;
      return isReadable && Math.min(to, bottom) - Math.max(from, top) >= (to - from) / 2;
    });
    return shown
      .toSorted((a, b) => a - b)
      .flatMap((number) => Array.from({ length: columns }, (_, column) => number * columns + column))
      .filter((index) => index < count);
  };

  const show = (index: number): void => {
    const top = Math.floor(index / columns) * lineHeight;
    if (top < scroller.scrollTop) scroller.scrollTop = top;
    else if (top + lineHeight + GAP > scroller.scrollTop + height) scroller.scrollTop = top + lineHeight + GAP - height;
    draw();
  };

  const moveTo = (index: number): void => {
    if (count === 0) return;
    const before = focus;
    focus = Math.min(Math.max(index, 0), count - 1);
    show(focus);
    refresh(before);
    refresh(focus);
    scroller.setAttribute("aria-activedescendant", `cell-${focus}`);
  };

  const indexAt = (event: Event): number | undefined => {
    const cell = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-index]") : null;
    return cell === null ? undefined : Number(cell.dataset["index"]);
  };
  scroller.addEventListener("click", (event) => {
    const index = indexAt(event);
    if (index === undefined || host.picked(index, event)) return;
    // A second touch of the same photo opens it, so that a finger needs no keys.
    if (index === focus && scroller.dataset["touched"] === String(index)) return host.opened(index);
    scroller.dataset["touched"] = String(index);
    moveTo(index);
    host.focused(index);
  });
  let asked = false;
  scroller.addEventListener(
    "scroll",
    () => {
      if (asked) return;
      asked = true;
      requestAnimationFrame(() => {
        asked = false;
        draw();
      });
    },
    { passive: true },
  );
  new ResizeObserver(measure).observe(scroller);

  return {
    get focus() {
      return focus;
    },
    get columns() {
      return columns;
    },
    get page() {
      return Math.max(1, Math.floor(height / lineHeight));
    },
    resize(newCount) {
      count = newCount;
      focus = Math.min(focus, Math.max(0, count - 1));
      lay();
      refreshAll();
    },
    moveTo,
    refresh,
    refreshAll,
    visible,
    nodeOf: (index) => lines.get(Math.floor(index / columns))?.cells[index % columns]?.node,
    toTop(index) {
      scroller.scrollTop = Math.floor(index / columns) * lineHeight;
      draw();
    },
    get look() {
      return look;
    },
    setLook(next) {
      look = next;
      scroller.dataset["size"] = look.size;
      scroller.dataset["words"] = look.words;
      measure();
    },
    take: () => scroller.focus({ preventScroll: true }),
  };
}
