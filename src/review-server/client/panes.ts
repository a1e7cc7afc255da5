/** Up to nine pictures side by side, enlarged and moved together: what is in the middle of one is in the middle of all. */
import { showPicture } from "./cell.ts";
import { el, icon, part, setText } from "./dom.ts";

/** What a pane shows of one photo. */
export interface PaneView {
  readonly photo: number;
  /** the key that makes it the keeper */
  readonly number: number;
  readonly file: string;
  readonly shape: string;
  readonly word: string;
  readonly reason: string;
  readonly lines: readonly (readonly [term: string, value: string])[];
  readonly picture: Picture;
  readonly isKeeper: boolean;
  readonly isActive: boolean;
}

export interface Picture {
  /** undefined where there is none */
  readonly medium: string | undefined;
  readonly large: string | undefined;
  /** pixels of the upright original; zero where nobody has looked */
  readonly width: number;
  readonly height: number;
}

/** A place in a picture, 0-1 from left and top. */
interface Place {
  readonly x: number;
  readonly y: number;
}

export interface Panes {
  readonly isZoomed: boolean;
  show(views: readonly PaneView[]): void;
  /** @returns whether it is enlarged now */
  toggleZoom(): boolean;
  fit(): void;
  /** moves what is seen, in parts of a pane */
  pan(right: number, down: number): void;
  /** shows another picture in place of a photo's own; null ends it */
  flip(photo: number, picture: Picture | null): void;
}

const MOST = 9;
/** longest edge of the largest preview, px */
const PREVIEW = 2000;
const MIDDLE: Place = { x: 0.5, y: 0.5 };

interface Pane {
  readonly node: HTMLElement;
  readonly box: HTMLElement;
  readonly image: HTMLImageElement;
  fill(view: PaneView): void;
}

/** @param activated a pane was pressed */
export function panesWith(activated: (photo: number) => void): Panes {
  const list = part("panes");
  const panes = Array.from({ length: MOST }, (_, i) => makePane(i + 1));
  list.append(...panes.map(({ node }) => node));
  let views: readonly PaneView[] = [];
  let flipped: { readonly photo: number; readonly picture: Picture } | undefined;
  let zoom: Place | undefined;
  let pointed: Place | undefined;

  const pictureOf = (view: PaneView): Picture => (flipped?.photo === view.photo ? flipped.picture : view.picture);
  /** So that copies of one picture lie over one another, all are as large as the largest preview. */
  const edge = (): number =>
    Math.max(...views.map(({ picture: { width, height } }) => Math.min(PREVIEW, Math.max(width, height)))) /
    devicePixelRatio;

  const place = (): void => {
    const most = edge();
    for (const [i, view] of views.entries()) {
      const pane = panes[i];
      if (pane !== undefined) placeIn(pane, pictureOf(view), zoom, most);
    }
  };
  const showPictures = (): void => {
    for (const [i, view] of views.entries()) {
      const { medium, large } = pictureOf(view);
      const image = panes[i]?.image;
      if (image === undefined) continue;
      // Ahead of its time the small one stands in its place.
      const wanted = zoom === undefined || large === undefined ? medium : large;
      if (zoom === undefined || wanted === undefined || image.getAttribute("src") === wanted)
        showPicture(image, wanted);
      else
        void loaded(wanted).then(() => {
          const isStill = zoom !== undefined && views[i]?.photo === view.photo && pictureOf(view).large === large;
          if (isStill) showPicture(image, wanted);
        });
    }
    place();
  };
  const moveTo = (to: Place | undefined): void => {
    zoom = to && { x: within(to.x), y: within(to.y) };
    list.classList.toggle("zoomed", zoom !== undefined);
    showPictures();
  };

  const placeUnder = (event: MouseEvent): Place | undefined => {
    const at = panes.findIndex(({ box }) => event.target instanceof Node && box.contains(event.target));
    const [pane, view] = [panes[at], views[at]];
    return pane === undefined || view === undefined ? undefined : placeAt(pane, view.picture, event);
  };
  let dragged: { readonly x: number; readonly y: number } | undefined;
  list.addEventListener("pointermove", (event) => {
    pointed = placeUnder(event);
    if (dragged === undefined || zoom === undefined) return;
    const [right, down] = [dragged.x - event.clientX, dragged.y - event.clientY];
    dragged = { x: event.clientX, y: event.clientY };
    panBy(right, down);
  });
  list.addEventListener("pointerleave", () => {
    pointed = undefined;
  });
  list.addEventListener("pointerdown", (event) => {
    const at = panes.findIndex(({ node }) => event.target instanceof Node && node.contains(event.target));
    const view = views[at];
    if (view !== undefined) activated(view.photo);
    if (zoom === undefined || event.button !== 0) return;
    dragged = { x: event.clientX, y: event.clientY };
    list.setPointerCapture(event.pointerId);
  });
  for (const end of ["pointerup", "pointercancel"])
    list.addEventListener(end, () => {
      dragged = undefined;
    });
  list.addEventListener("dblclick", (event) => moveTo(zoom === undefined ? (placeUnder(event) ?? MIDDLE) : undefined));
  list.addEventListener(
    "wheel",
    (event) => {
      if (zoom === undefined) return;
      event.preventDefault();
      panBy(event.deltaX, event.deltaY);
    },
    { passive: false },
  );
  new ResizeObserver(place).observe(list);

  /** By pixels of the screen; of pictures of several shapes the one under way says what that is. */
  function panBy(right: number, down: number): void {
    const at = Math.max(
      0,
      views.findIndex(({ isActive }) => isActive),
    );
    const [view, box] = [views[at], panes[at]?.box];
    if (zoom === undefined || view === undefined || box === undefined) return;
    const { width, height } = sizeAt(view.picture, edge());
    moveTo({
      x: inside(zoom.x + right / width, box.clientWidth / width),
      y: inside(zoom.y + down / height, box.clientHeight / height),
    });
  }

  return {
    get isZoomed() {
      return zoom !== undefined;
    },
    show(wanted) {
      views = wanted.slice(0, MOST);
      list.dataset["count"] = String(views.length);
      for (const [i, { node, fill }] of panes.entries()) {
        const view = views[i];
        node.hidden = view === undefined;
        if (view !== undefined) fill(view);
      }
      const active = views.findIndex(({ isActive }) => isActive);
      const now = panes[active]?.node;
      if (now === undefined) list.removeAttribute("aria-activedescendant");
      else list.setAttribute("aria-activedescendant", now.id);
      now?.scrollIntoView({ block: "nearest" });
      showPictures();
    },
    toggleZoom() {
      moveTo(zoom === undefined ? (pointed ?? MIDDLE) : undefined);
      return zoom !== undefined;
    },
    fit: () => moveTo(undefined),
    pan(right, down) {
      const { clientWidth = 0, clientHeight = 0 } = panes[0]?.box ?? {};
      panBy(right * clientWidth, down * clientHeight);
    },
    flip(photo, picture) {
      flipped = picture === null ? undefined : { photo, picture };
      for (const [i, view] of views.entries())
        panes[i]?.node.classList.toggle("flipped", flipped !== undefined && view.photo === photo);
      showPictures();
    },
  };
}

const within = (part: number): number => Math.min(1, Math.max(0, part));

/** The middle of what is seen, kept where the picture fills the pane: a drag beyond its edge has not to be taken back. @param seen part of the picture that is seen */
function inside(middle: number, seen: number): number {
  const least = Math.min(0.5, seen / 2);
  return Math.min(1 - least, Math.max(least, middle));
}

/** In the cache of the browser, so that it takes the place of another without a blank in between. */
async function loaded(src: string): Promise<void> {
  const image = new Image();
  image.src = src;
  await image.decode().catch(() => undefined);
}

function sizeAt({ width, height }: Picture, edge: number): { readonly width: number; readonly height: number } {
  const longest = Math.max(width, height, 1);
  return { width: Math.max(1, (width / longest) * edge), height: Math.max(1, (height / longest) * edge) };
}

/** Where in its picture a pane is pointed at, as a whole picture is shown in it. */
function placeAt({ box }: Pane, { width, height }: Picture, { clientX, clientY }: MouseEvent): Place {
  const seen = box.getBoundingClientRect();
  const scale = Math.min(seen.width / Math.max(width, 1), seen.height / Math.max(height, 1));
  const part = (at: number, from: number, room: number, size: number): number =>
    within((at - from - (room - size * scale) / 2) / Math.max(size * scale, 1));
  return {
    x: part(clientX, seen.left, seen.width, width),
    y: part(clientY, seen.top, seen.height, height),
  };
}

function placeIn({ box, image }: Pane, picture: Picture, zoom: Place | undefined, edge: number): void {
  const { style } = image;
  if (zoom === undefined) {
    for (const name of ["width", "height", "left", "top"]) style.removeProperty(name);
    return;
  }
  const { width, height } = sizeAt(picture, edge);
  style.width = `${width}px`;
  style.height = `${height}px`;
  style.left = `${startOf(zoom.x, width, box.clientWidth)}px`;
  style.top = `${startOf(zoom.y, height, box.clientHeight)}px`;
}

/** No further than its edge; what is smaller than the pane lies in its middle. */
function startOf(part: number, size: number, room: number): number {
  if (size <= room) return (room - size) / 2;
  return Math.round(Math.min(0, Math.max(room - size, room / 2 - part * size)));
}

function makePane(place: number): Pane {
  const image = el("img", { alt: "", decoding: "async", draggable: "false" });
  const box = el("div", { class: "picture" }, image);
  const number = el("kbd", {});
  const file = el("bdi", { class: "file" });
  const shape = icon();
  const word = document.createTextNode("");
  const reason = el("p", { class: "muted reason" });
  const lines = el("p", { class: "differs" });
  const node = el(
    "div",
    { class: "pane", role: "option", id: `pane-${place}`, "aria-selected": "false" },
    box,
    el("p", { class: "top" }, number, file, el("span", { class: "state" }, shape.svg, word)),
    reason,
    lines,
  );
  return {
    node,
    box,
    image,
    fill(view) {
      setText(number, String(view.number));
      setText(file, view.file);
      shape.show(view.shape);
      word.data = view.word;
      setText(reason, view.reason);
      reason.title = view.reason;
      lines.replaceChildren(
        ...view.lines.flatMap(([term, value], i) => [
          ...(i === 0 ? [] : [" · "]),
          el("span", { class: "muted" }, `${term} `),
          value,
        ]),
      );
      node.classList.toggle("keeper", view.isKeeper);
      node.classList.toggle("active", view.isActive);
      node.setAttribute("aria-selected", String(view.isActive));
    },
  };
}
