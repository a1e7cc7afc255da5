/** Where each word of a photo came from: in one line, and on hover or focus word by word. */
import type { Piece, WordEvidence } from "../../domain/evidence.ts";
import { el, part, setText } from "./dom.ts";
import { listed } from "./names.ts";
import { PROVED_FIELDS } from "./proof.ts";

type From = NonNullable<Piece["from"]>;

/** As a count speaks of it, and as a word does. */
const ORIGINS: Readonly<Record<From, readonly [count: string, sentence: string]>> = {
  person: ["typed by you", "you typed it"],
  context: ["from what you said", "from what you said about the set"],
  gps: ["by position", "the place nearest to where the photo was taken"],
  exif: ["by date", "from the date of the photo"],
  written: ["already in the file", "somebody wrote it into the file or its sidecar"],
  readable: ["read in the picture", "text that can be read in the picture"],
  allowed: ["allowed", "you allow it in the settings"],
  vocabulary: ["of your vocabulary", "one of your own words; nobody says that it is in this photo"],
  seen: ["seen by the model", "the model says it sees this"],
  nothing: ["from nothing", "nobody said it and the model did not list it as seen"],
};
const ORDER: readonly From[] = [
  "nothing",
  "seen",
  "vocabulary",
  "context",
  "gps",
  "exif",
  "written",
  "readable",
  "allowed",
  "person",
];

/**
 * @param isWorded there are words that came from somewhere
 * @param evidence null while the server has not said it of the words on the screen
 */
export function showSources(isWorded: boolean, evidence: WordEvidence | null): void {
  for (const field of PROVED_FIELDS) {
    const box = part(`sources-${field}`);
    box.hidden = !isWorded;
    draw(box, evidence?.[field] ?? null, field === "keywords");
  }
}

const drawn = new WeakMap<Element, string>();

function draw(box: HTMLElement, pieces: readonly Piece[] | null, isList: boolean): void {
  const now = JSON.stringify(pieces);
  if (drawn.get(box) === now) return;
  drawn.set(box, now);
  const details = box.querySelector("details") ?? made(box);
  setText(details.querySelector("summary") ?? details, pieces === null ? "Words: …" : countsText(pieces));
  const nodes = (pieces ?? []).flatMap((piece, i) => [...(isList && i > 0 ? [", "] : []), nodeOf(piece)]);
  details.querySelector(".pieces")?.replaceChildren(...nodes);
  setText(details.querySelector(".from") ?? details, "");
  const [first] = box.querySelectorAll<HTMLElement>(".piece");
  if (first !== undefined) first.tabIndex = 0;
}

/** `Words: 1 from nothing, 5 seen by the model`. */
function countsText(pieces: readonly Piece[]): string {
  const counts = ORDER.map((origin): readonly [number, string] => [
    pieces.filter(({ from }) => from === origin).length,
    ORIGINS[origin][0],
  ]);
  return `Words: ${listed(counts) || "none"}`;
}

/** One stop for the tabulator; arrows go from word to word. */
function made(box: HTMLElement): HTMLDetailsElement {
  const pieces = el("p", { class: "pieces" });
  const from = el("p", { class: "from", role: "status" });
  const details = el("details", {}, el("summary"), pieces, from);
  const tell = (event: Event): void => {
    const word = event.target instanceof HTMLElement ? event.target.closest<HTMLElement>(".piece") : null;
    if (word !== null) setText(from, `“${word.textContent}”: ${word.title}`);
  };
  pieces.addEventListener("mouseover", tell);
  pieces.addEventListener("focusin", tell);
  pieces.addEventListener("keydown", (event) => {
    const by = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    if (by === 0) return;
    const words = [...pieces.querySelectorAll<HTMLElement>(".piece")];
    const here = words.findIndex((word) => word.matches(":focus"));
    const next = words[here + by];
    // Not the page's arrows, which go to the next photo.
    event.preventDefault();
    if (next === undefined) return;
    for (const word of words) word.tabIndex = word === next ? 0 : -1;
    next.focus();
  });
  box.append(details);
  return details;
}

function nodeOf({ text, from }: Piece): Node | string {
  if (from === null) return text;
  const word = el("button", { type: "button", class: "piece", "data-from": from, title: ORIGINS[from][1] }, text);
  word.tabIndex = -1;
  return word;
}
