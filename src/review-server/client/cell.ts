import type { Row } from "../rows.ts";
import { badgesOf } from "./alike.ts";
import { el, icon, setText } from "./dom.ts";
import type { Cell } from "./grid.ts";
import { marksText } from "./names.ts";
import { warningsText } from "./proof.ts";
import { attentionOf, ONE_OF_SEVERAL } from "./table.ts";

/** What stands for a photo's standing everywhere: a shape and a word. */
export function standingOf(row: Row): { readonly shape: string; readonly word: string } {
  if (row.culled !== null) return { shape: "culled", word: "Left out" };
  if (row.published !== null) return { shape: "published", word: "Published" };
  if (row.released) return { shape: "published", word: "Released" };
  if (row.verdict === "approved") return { shape: "approved", word: "Approved" };
  if (row.verdict === "rejected") return { shape: "rejected", word: "Rejected" };
  if (row.verdict === "held") return { shape: "held", word: "Held" };
  if (row.wished) return { shape: "wished", word: row.hash === null ? "Wished" : "Wished: to confirm" };
  return row.hash === null ? { shape: "working", word: "Working" } : { shape: "undecided", word: "Undecided" };
}

/** `Good 6.82`, and whether the figure is whole. */
export const qualityOf = (row: Row): string =>
  row.band === null || row.qr === null ? "" : `${row.band} ${row.qr.toFixed(1)}${row.partial ? " partial" : ""}`;

/**
 * @param rowAt the photo of a place on the grid
 * @param isAway it was decided, and does not pass the filter any more
 */
export function makeCell(rowAt: (index: number) => Row, isAway: (row: Row) => boolean, total: () => number): Cell {
  const picture = el("img", { alt: "", decoding: "async", draggable: "false" });
  const file = el("bdi", { class: "file" });
  const shape = icon();
  const word = document.createTextNode("");
  const mark = el("span", { class: "state" }, shape.svg, word);
  const quality = el("span", { class: "muted" });
  const proof = icon();
  const proofWord = document.createTextNode("");
  const badge = el("span", { class: "badge" }, proof.svg, proofWord);
  const look = el("span", { class: "look" });
  const words = el("p", { class: "words" });
  const tail = el("span", { class: "hidden" });
  const node = el(
    "div",
    { class: "cell" },
    picture,
    el("p", { class: "top" }, file, mark),
    el("p", { class: "top" }, quality, look, badge),
    words,
    tail,
  );

  const fill = (index: number): void => {
    const row = rowAt(index);
    const standing = standingOf(row);
    showPicture(picture, row.previews?.small ?? row.sight?.small);
    shape.show(standing.shape);
    word.data = standing.word;
    setText(file, row.file);
    setText(quality, [qualityOf(row), marksText(row)].filter((said) => said !== "").join(" "));
    const badgeText = badgeOf(row);
    badge.hidden = badgeText === undefined;
    proof.show(badgeText?.shape ?? "");
    proofWord.data = badgeText?.word ?? "";
    setText(look, [...(row.reason === null ? [] : [row.reason]), ...looksOf(row)].join(", "));
    look.title = look.textContent;
    setText(
      words,
      row.culled === null
        ? (row.caption ?? (row.previews === null ? "Preview in line" : "Words in line"))
        : `${whyLeftOut(row)} (${row.culled.code}). ${row.culled.remedy}`,
    );
    setText(tail, `, image ${index + 1} of ${total()}`);
    node.dataset["standing"] = standing.shape;
    node.classList.toggle("away", isAway(row));
  };
  return { node, fill };
}

/** What a cell has to say beside its quality; badges name the group of which it would only be called one of several. */
export function looksOf(row: Row): string[] {
  const reasons = attentionOf(row);
  const place = reasons.indexOf(ONE_OF_SEVERAL);
  return place < 0 ? [...reasons, ...badgesOf(row)] : reasons.toSpliced(place, 1, ...badgesOf(row));
}

/** What of the proof is worth a sign on the grid: that a photo cannot be approved, and that something is to be read. */
function badgeOf(row: Row): { readonly shape: string; readonly word: string } | undefined {
  if (row.culled !== null || row.released) return undefined;
  if (row.blocked) return { shape: "blocked", word: "Blocked" };
  const warnings = warningsText(row);
  return warnings === "" ? undefined : { shape: "problem", word: warnings };
}

/** The path is known here; the file name is enough. */
export const whyLeftOut = (row: Row): string => (row.culled?.why ?? "").replaceAll(row.source, row.file);

/** Of files without a picture in them; asked for once. */
const blind = new Set<string>();

/**
 * Leaves the picture of another photo no moment on the screen.
 *
 * @param without what to do where there turns out to be no such picture
 */
export function showPicture(picture: HTMLImageElement, src: string | undefined, without = (): void => {}): void {
  if (src === undefined || blind.has(src)) {
    picture.removeAttribute("src");
    without();
    return;
  }
  if (picture.getAttribute("src") === src) return;
  picture.onload = () => {
    // The word of the picture before this one may come late.
    if (!picture.currentSrc.endsWith(src) || picture.naturalWidth > 1) return;
    blind.add(src);
    picture.removeAttribute("src");
    without();
  };
  picture.src = src;
}
