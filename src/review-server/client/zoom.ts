/** The picture of the loupe, as large as the eye wants it: fitted, or pixel by pixel about a point that stays where it is. */
import type { Size } from "../../domain/crops.ts";
import {
  about,
  fitted,
  middleOf,
  type Part,
  type Point,
  partShown,
  placed,
  scaledAbout,
  type View,
} from "../../domain/zoom.ts";
import type { Row } from "../rows.ts";
import type { Commands } from "./commands.ts";
import { el, must, part, setText } from "./dom.ts";

export interface Zoom {
  readonly commands: Commands;
  show(row: Row): void;
  close(): void;
}

/** No pixel is shown larger than eight of the screen. */
const MOST = 8;
/** Not closer to a whole picture than this: the wheel ends where it fits. */
const SNAP = 1.02;
const WHEEL = 1.0015;
/** A hand that pans is not asked for pixels it passes by. */
const REST_MS = 120;
const RIM = 12;
const KEPT_INFO = "photogate:numbers";

export function zoomWith(said: (text: string) => void): Zoom {
  const stage = part("stage");
  const photo = must("photo", HTMLImageElement);
  const level = part("zoom-level");
  const tile = el("img", { id: "tile", alt: "", draggable: "false" });
  tile.hidden = true;
  photo.after(tile);
  photo.draggable = false;
  let row: Row | undefined;
  /** undefined while the whole picture is shown */
  let view: View | undefined;
  let pointer: Point | undefined;
  let drag: { readonly from: Point; readonly view: View } | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let shownPart: { readonly src: string; readonly part: Part } | undefined;

  const room = (): Size => ({ width: stage.clientWidth - 2 * RIM, height: stage.clientHeight - 2 * RIM });
  const size = (): Size | undefined =>
    row === undefined || row.width === null || row.height === null
      ? undefined
      : { width: row.width, height: row.height };
  /** one pixel of the picture is one of the screen */
  const whole = (): number => 1 / window.devicePixelRatio;

  const lay = (image: HTMLElement, { x, y, scale }: View, at: Part): void => {
    image.style.left = `${RIM + x + at.x * scale}px`;
    image.style.top = `${RIM + y + at.y * scale}px`;
    image.style.width = `${at.width * scale}px`;
    image.style.height = `${at.height * scale}px`;
  };
  const draw = (): void => {
    const picture = size();
    stage.classList.toggle("zoomed", view !== undefined);
    photo.classList.toggle("laid", picture !== undefined);
    if (picture === undefined) {
      photo.removeAttribute("style");
      level.hidden = true;
      tile.hidden = true;
      return;
    }
    const now = view ?? fitted(room(), picture);
    lay(photo, now, { x: 0, y: 0, ...picture });
    if (shownPart !== undefined) lay(tile, now, shownPart.part);
    level.hidden = view === undefined;
    setText(level, `${Math.round((now.scale / whole()) * 100)} %`);
    clearTimeout(timer);
    if (view === undefined) tile.hidden = true;
    else timer = setTimeout(sharpen, REST_MS);
  };
  /** Where the preview has not enough pixels, those of the photo are asked for: of what is on the screen, and no more. */
  const sharpen = (): void => {
    const picture = size();
    if (row?.previews == null || picture === undefined || view === undefined) return;
    const { large, small } = row.previews;
    const isEnough = view.scale * window.devicePixelRatio <= (photo.naturalWidth / picture.width) * SNAP;
    const wanted = partShown(view, room(), picture);
    // Of a set that was cleared only the small preview is left.
    if (isEnough || wanted === undefined || large === small) return;
    const src = `${large.replace("/large/", "/tile/")}?part=${[wanted.x, wanted.y, wanted.width, wanted.height].join()}`;
    if (src === shownPart?.src) {
      tile.hidden = false;
      return;
    }
    void fetchTile(src, wanted, row.id);
  };
  const fetchTile = async (src: string, wanted: Part, photoId: number): Promise<void> => {
    const ahead = new Image();
    ahead.src = src;
    try {
      await ahead.decode();
    } catch {
      // Without it there is the preview, and it can be told by its softness.
      return;
    }
    if (row?.id !== photoId || view === undefined) return;
    tile.src = src;
    shownPart = { src, part: wanted };
    tile.hidden = false;
    draw();
  };

  const zoomTo = (scale: number, at: Point): void => {
    const picture = size();
    if (picture === undefined) return;
    const fit = fitted(room(), picture);
    const to = Math.min(Math.max(scale, fit.scale), Math.max(MOST * whole(), fit.scale));
    view = to <= fit.scale * SNAP ? undefined : placed(scaledAbout(view ?? fit, at, to), room(), picture);
    draw();
  };
  const toggle = (): void => {
    const picture = size();
    if (picture === undefined) said("Its size is not known yet");
    else if (view !== undefined) unzoom();
    else if (fitted(room(), picture).scale >= whole()) said("All its pixels are on the screen already");
    else if (pointer !== undefined) zoomTo(whole(), pointer);
    else {
      view = about(row?.subjectAt ?? { x: 0.5, y: 0.5 }, whole(), room(), picture);
      draw();
    }
  };
  const unzoom = (): void => {
    view = undefined;
    draw();
  };

  const pointOf = ({ clientX, clientY }: MouseEvent): Point => {
    const box = stage.getBoundingClientRect();
    return { x: clientX - box.left - RIM, y: clientY - box.top - RIM };
  };
  stage.addEventListener(
    "wheel",
    (event) => {
      const picture = size();
      if (picture === undefined) return;
      event.preventDefault();
      const now = view ?? fitted(room(), picture);
      zoomTo(now.scale * WHEEL ** -event.deltaY, pointOf(event));
    },
    { passive: false },
  );
  stage.addEventListener("pointermove", (event) => {
    pointer = pointOf(event);
    const picture = size();
    if (drag === undefined || picture === undefined) return;
    const moved = { x: drag.view.x + pointer.x - drag.from.x, y: drag.view.y + pointer.y - drag.from.y };
    view = placed({ scale: drag.view.scale, ...moved }, room(), picture);
    draw();
  });
  stage.addEventListener("pointerleave", () => {
    pointer = undefined;
  });
  stage.addEventListener("pointerdown", (event) => {
    if (event.button !== 0 || view === undefined) return;
    drag = { from: pointOf(event), view };
    stage.setPointerCapture(event.pointerId);
    stage.classList.add("dragged");
  });
  const drop = (): void => {
    drag = undefined;
    stage.classList.remove("dragged");
  };
  stage.addEventListener("pointerup", drop);
  stage.addEventListener("pointercancel", drop);
  new ResizeObserver(() => {
    const picture = size();
    if (view !== undefined && picture !== undefined) view = placed(view, room(), picture);
    draw();
  }).observe(stage);

  const turnClass = (name: string): boolean => document.body.classList.toggle(name);
  document.body.classList.toggle("no-numbers", localStorage.getItem(KEPT_INFO) === "hidden");

  return {
    commands: {
      "zoom.toggle": toggle,
      "view.fullscreen": () => void turnFullScreen(said),
      "view.assess": () => {
        said(turnClass("assess") ? "Mid grey surround; V brings the panel back" : "The usual surround");
        draw();
      },
      "view.info": () => {
        const isHidden = turnClass("no-numbers");
        localStorage.setItem(KEPT_INFO, isHidden ? "hidden" : "shown");
        said(isHidden ? "EXIF and quality numbers are hidden" : "EXIF and quality numbers are shown");
      },
    },
    show(next) {
      const before = row;
      const was = view === undefined ? undefined : size();
      row = next;
      const picture = size();
      if (before?.id !== next.id) {
        shownPart = undefined;
        tile.hidden = true;
        drag = undefined;
        // Frames of a burst are compared at the same place; another picture is looked at whole first.
        const isBeside = next.alike.groups.some(({ members }) => before !== undefined && members.includes(before.id));
        view =
          isBeside && view !== undefined && was !== undefined && picture !== undefined
            ? about(middleOf(view, room(), was), view.scale, room(), picture)
            : undefined;
      }
      draw();
    },
    close() {
      view = undefined;
      document.body.classList.remove("assess");
    },
  };
}

async function turnFullScreen(said: (text: string) => void): Promise<void> {
  try {
    if (document.fullscreenElement === null) await document.documentElement.requestFullscreen();
    else await document.exitFullscreen();
  } catch {
    said("The browser does not allow full screen here");
  }
}
