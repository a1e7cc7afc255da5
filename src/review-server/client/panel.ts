import { plainText } from "../../domain/words.ts";
import type { Row } from "../rows.ts";
import { type AlikeHost, showAlike } from "./alike.ts";
import { qualityOf, standingOf, whyLeftOut } from "./cell.ts";
import { el, icon, part, setText } from "./dom.ts";
import { type FactLine, foundText, pictureLine, showWritten, takenLine } from "./evidence.ts";
import { halfTypedWith } from "./half-typed.ts";
import { croppedText } from "./names.ts";
import { changeNodes, type ProofHost, showFlaws, showProof } from "./proof.ts";
import { hintsOf, metricLines, scoreLines, technicalText } from "./quality.ts";
import { showSources } from "./sources.ts";
import { spellingIn } from "./spelling.ts";
import { BAND_POINTS, isOpen } from "./table.ts";
import { type Checked, checkingWith, type Typed } from "./typed.ts";

/** Fields of text in the order in which Enter goes through them. */
export const TEXT_FIELDS = ["caption", "altText", "keywords", "name", "subject", "location"] as const;
export type TextField = (typeof TEXT_FIELDS)[number];
export const isTextField = (name: string | undefined): name is TextField => TEXT_FIELDS.some((field) => field === name);

export interface PanelHost extends AlikeHost, ProofHost {
  /** the person wrote something else; `null` gives the machine's own back */
  edited(row: Row, field: TextField | "qr", to: unknown): void;
  takeBack(row: Row): void;
  /** the machine's words and the person's, beside each other */
  compare(): void;
  /** what the rules say of words that are being typed; nothing of it is stored */
  check(photo: number, typed: Typed): Promise<Checked>;
}

export interface Panel {
  show(row: Row): void;
  focus(field: TextField): void;
  /** Hands over what stands in the field the caret is in. */
  commit(): void;
  /** the field the caret is in */
  active(): TextField | undefined;
  /** what stands in a field, kept or not */
  typed(field: TextField): string;
  /** Puts words into a field, as if they were typed. */
  fill(field: TextField, text: string): void;
  /** Says beside the field why it was not taken; what was typed stays. @returns false for what has no field of text */
  /** @param isOther somebody wrote something else there meanwhile: the person chooses */
  refuse(photo: number, field: string, why: string, to: unknown, isOther: boolean): boolean;
}

const MACHINE_FIELDS = ["caption", "altText", "keywords"] as const;
const isMachineField = (name: string): name is (typeof MACHINE_FIELDS)[number] =>
  MACHINE_FIELDS.some((field) => field === name);

/** What the rules look at. */
const JUDGED_FIELDS = [...MACHINE_FIELDS, "subject", "location"] as const;
const isJudged = (name: string): boolean => JUDGED_FIELDS.some((field) => field === name);

export function panelWith(host: PanelHost): Panel {
  const fields = new Map(TEXT_FIELDS.map((name) => [name, fieldOf(name)]));
  const drafts = new Map<string, { readonly text: string; readonly why: string; readonly isOther: boolean }>();
  const spelling = spellingIn(
    new Map([...fields].filter(([name]) => isJudged(name)).map(([name, { box }]) => [name, box])),
    (name, word, by) => {
      const field = isTextField(name) ? fields.get(name) : undefined;
      if (field === undefined || !isTextField(name)) return;
      const wanted = new RegExp(`(?<!\\p{L})${word.replaceAll("'", "['’]")}(?!\\p{L})`, "gu");
      fill(name, field.area.value.replaceAll(wanted, by));
      keep(name);
    },
  );
  const fill = (name: TextField, text: string): void => {
    const area = fields.get(name)?.area;
    if (area === undefined || area.readOnly) return;
    area.value = text;
    area.dispatchEvent(new Event("input", { bubbles: true }));
  };
  const bands = bandButtons((points) => current !== undefined && host.edited(current, "qr", points));
  const state = icon();
  part("panel-state").append(state.svg, new Text());
  let current: Row | undefined;
  /** the photo that got other words from the machine while it is on the screen */
  let news: number | undefined;
  let proposed: Row["proposed"] = null;
  /** Over what a person has written nothing is laid; it is said. */
  const notice = (row: Row, isOther: boolean): void => {
    if (isOther) news = undefined;
    else if (proposed !== null && row.proposed !== null && !isSame(proposed, row.proposed)) news = row.id;
    // While words are made anew there are none.
    if (isOther || row.proposed !== null) proposed = row.proposed;
  };
  let judged: { readonly words: string; readonly answer: Checked } | undefined;

  /** The words on the screen, whoever has them already. */
  const onScreen = (row: Row): string =>
    JSON.stringify([row.id, ...JUDGED_FIELDS.map((name) => fields.get(name)?.area.value)]);
  const typedIn = (row: Row): Typed =>
    Object.fromEntries(
      JUDGED_FIELDS.map((name) => [name, valueIn(name, fields.get(name)?.area.value ?? "")] as const).filter(
        ([name, value]) => !isSame(value, valueIn(name, textOf(row, name))),
      ),
    );
  const checking = checkingWith(host.check, (photo, answer) => {
    if (current?.id !== photo) return;
    judged = { words: onScreen(current), answer };
    showJudged(current);
  });
  const showJudged = (row: Row): void => {
    const answer = judged?.words === onScreen(row) ? judged.answer : undefined;
    const flaws = answer?.flaws ?? row.flaws;
    spelling.show(answer?.spelling ?? null);
    showSources(row.authors !== null && row.hash !== null, answer?.evidence ?? null);
    showProof(row, flaws);
    showFlaws(row, flaws, host);
  };

  const halfTyped = halfTypedWith((name) => isTextField(name) && keep(name));
  const keep = (name: TextField): void => {
    const field = fields.get(name);
    if (field === undefined || current === undefined || field.area.readOnly) return;
    const { value } = field.area;
    if (value === field.shown) return;
    halfTyped.done(current.id, name);
    drafts.delete(`${current.id} ${name}`);
    field.shown = value;
    if (isSame(valueIn(name, value), valueIn(name, textOf(current, name)))) showField(name, current, true);
    else host.edited({ ...current, rev: field.from?.rev ?? current.rev }, name, valueIn(name, value));
    field.from = undefined;
  };
  /** Somebody else has written something else: nothing is lost, and the person chooses. */
  const choose: Chooser = {
    mine(name, row, mine) {
      drafts.delete(`${row.id} ${name}`);
      host.edited(row, name, valueIn(name, mine));
    },
    theirs(name, row) {
      drafts.delete(`${row.id} ${name}`);
      showField(name, row, true);
    },
    both(name, row, mine) {
      drafts.delete(`${row.id} ${name}`);
      showField(name, row, true);
      const area = fields.get(name)?.area;
      if (area === undefined) return;
      area.value = [area.value, mine].filter((text) => text !== "").join(name === "keywords" ? ", " : " ");
      area.focus();
    },
  };
  for (const [name, field] of fields) {
    field.area.addEventListener("blur", () => keep(name));
    field.area.addEventListener("input", () => {
      room(field);
      if (current !== undefined) {
        halfTyped.typed(current.id, name, field);
        field.from ??= { text: field.shown, rev: current.rev };
      }
      if (isJudged(name) && current !== undefined) checking.soon(current.id, typedIn(current));
    });
    field.revert.addEventListener("click", () => {
      if (current !== undefined) host.edited(current, name, null);
    });
    field.news.addEventListener("click", () => {
      news = undefined;
      if (current !== undefined) showField(name, current, false);
      host.compare();
    });
  }

  const showField = (name: TextField, row: Row, isOther: boolean): void => {
    const field = fields.get(name);
    if (field === undefined) return;
    const text = textOf(row, name);
    if (isOther) field.from = undefined;
    // What the typing began from still stands: whatever else has changed about the photo, this field has not.
    if (field.from?.text === text) field.from = { text, rev: row.rev };
    const draft = drafts.get(`${row.id} ${name}`);
    // What is being typed is never overwritten by what comes in.
    if (isOther || (field.area.value === field.shown && !halfTyped.holds(name))) {
      field.area.value = draft?.text ?? text;
      field.shown = field.area.value;
    }
    field.area.readOnly = !isOpen(row) || (row.hash === null && !isTyping(field));
    const isEdited = row.edited.includes(name);
    const source = sourceOf(row, name, isEdited);
    field.box.dataset["source"] = source.kind;
    setText(field.mark, source.text);
    field.revert.hidden = !isEdited || !isOpen(row);
    setText(field.revert, backText(row, name));
    field.news.hidden = news !== row.id || !isMachineField(name) || !(isEdited || field.area.value !== text);
    if (isOther && !field.area.readOnly && draft === undefined) halfTyped.restore(row.id, name, field);
    field.why.hidden = draft === undefined;
    if (draft?.isOther === true) showChoice(field.why, name, row, draft.text, choose);
    else {
      choiceShown.delete(field.why);
      setText(field.why, draft?.why ?? "");
    }
    room(field);
  };

  return {
    show(row) {
      const isOther = current?.id !== row.id;
      const isNew = isOther || current?.rev !== row.rev;
      if (isOther) for (const name of TEXT_FIELDS) keep(name);
      current = row;
      notice(row, isOther);
      for (const name of TEXT_FIELDS) showField(name, row, isOther);
      setText(part("panel-file"), row.file);
      const standing = standingOf(row);
      state.show(standing.shape);
      const word = part("panel-state").lastChild;
      if (word !== null) word.textContent = ` ${standing.word}`;
      // A field that is hidden under the hand loses the caret, and the next letters would decide.
      const isBare = row.hash === null && !row.released && ![...fields.values()].some(isTyping);
      part("panel").classList.toggle("bare", isBare);
      showNote(row, host);
      showJudged(row);
      // Who vouches for each word is too much for every row, and asked for one photo at a time.
      if (isNew && row.hash !== null) checking.soon(row.id, typedIn(row));
      showQuality(row, bands);
      showTechnical(row);
      showFacts(row);
      showWritten(row);
      showAlike(row, host);
    },
    focus(name) {
      const area = fields.get(name)?.area;
      area?.focus();
      area?.setSelectionRange(area.value.length, area.value.length);
      area?.closest(".field")?.scrollIntoView({ block: "nearest" });
    },
    commit: () => TEXT_FIELDS.forEach(keep),
    active() {
      const name = document.activeElement instanceof HTMLElement ? document.activeElement.dataset["text"] : undefined;
      return isTextField(name) ? name : undefined;
    },
    typed: (name) => fields.get(name)?.area.value ?? "",
    fill,
    refuse(photo, field, why, to, isOther) {
      if (!isTextField(field)) return false;
      drafts.set(`${photo} ${field}`, { text: Array.isArray(to) ? to.join(", ") : String(to ?? ""), why, isOther });
      return true;
    },
  };
}

interface Field {
  readonly box: HTMLElement;
  readonly area: HTMLTextAreaElement | HTMLInputElement;
  readonly mark: HTMLElement;
  readonly revert: HTMLButtonElement;
  readonly news: HTMLButtonElement;
  readonly why: HTMLElement;
  readonly used: HTMLElement;
  /** what we put there; anything else was typed */
  shown: string;
  /** what stood there, and in which revision, when it began to be typed in */
  from: { readonly text: string; readonly rev: number } | undefined;
}

interface Chooser {
  mine(name: TextField, row: Row, mine: string): void;
  theirs(name: TextField, row: Row): void;
  both(name: TextField, row: Row, mine: string): void;
}

/** Drawn anew only where it says something else: a button that is pressed must not be taken away under the hand. */
const choiceShown = new WeakMap<Element, string>();

/** What another window wrote, and what was typed here, with what can be done about it. */
function showChoice(where: HTMLElement, name: TextField, row: Row, mine: string, choose: Chooser): void {
  const theirs = textOf(row, name);
  const key = JSON.stringify([row.id, name, row.rev, theirs, mine]);
  if (choiceShown.get(where) === key) return;
  choiceShown.set(where, key);
  const button = (label: string, act: () => void): HTMLButtonElement => {
    const made = el("button", { type: "button" }, label);
    made.addEventListener("click", act);
    return made;
  };
  where.replaceChildren(
    "It was changed in another window meanwhile. Theirs → yours: ",
    el("span", { class: "change" }, ...changeNodes(theirs, mine)),
    " ",
    button("Keep mine", () => choose.mine(name, row, mine)),
    " ",
    button("Take theirs", () => choose.theirs(name, row)),
    " ",
    button("Edit both", () => choose.both(name, row, mine)),
  );
}

function fieldOf(name: TextField): Field {
  const box = document.querySelector<HTMLElement>(`[data-field="${name}"]`);
  const find = (selector: string): HTMLElement => box?.querySelector<HTMLElement>(selector) ?? el("span");
  const area = box?.querySelector<Field["area"]>("textarea, input") ?? el("textarea");
  const revert = el("button", { type: "button", class: "link" });
  const news = el("button", { type: "button", class: "link news" }, "New AI text. See");
  revert.hidden = true;
  news.hidden = true;
  find(".mark").after(revert, news);
  return {
    box: box ?? el("div"),
    area,
    mark: find(".mark"),
    revert,
    news,
    why: find(".why"),
    used: find(".used"),
    shown: "",
    from: undefined,
  };
}

/** The caret is in it, or what stands in it was not kept yet. */
const isTyping = ({ area, shown }: Field): boolean => document.activeElement === area || area.value !== shown;

export const textOf = (row: Row, name: TextField): string =>
  name === "keywords" ? row.keywords.join(", ") : (row[name] ?? "");

export const valueIn = (name: TextField, text: string): unknown =>
  name === "keywords"
    ? [...new Set(text.split(",").map(plainText))].filter((word) => word !== "")
    : name === "name"
      ? text.trim()
      : plainText(text);

const isSame = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

/** Where a field goes that a person gives up. */
function backText(row: Row, name: TextField): string {
  if (!isMachineField(name)) return "Undo edits";
  const from = row.wordsFrom?.[name];
  if (from === "file" || from === "sidecar") return "Back to the file's";
  return from === "template" || row.captioner === "template" ? "Back to the template" : "Back to AI";
}

function sourceOf(row: Row, name: TextField, isEdited: boolean): { readonly kind: string; readonly text: string } {
  if (isEdited) return { kind: "person", text: textOf(row, name) === "" ? "cleared by you" : "edited" };
  if (!isMachineField(name) || row.captioner === null) return { kind: "set", text: "" };
  const from = row.wordsFrom?.[name];
  if (from === "file" || from === "sidecar") return { kind: "set", text: foundText(from) };
  if (row.authors?.[name] === "template") return { kind: "template", text: "not described yet: template words" };
  return {
    kind: "machine",
    text: row.derivedFrom === null ? `by ${row.captioner}` : `by ${row.captioner}: words of ${row.derivedFrom}`,
  };
}

function room({ area, used }: Field): void {
  const most = Number(used.dataset["most"]);
  const isList = area.dataset["text"] === "keywords";
  const size = isList ? area.value.split(",").filter((word) => word.trim() !== "").length : area.value.length;
  setText(used, `${size}/${most}`);
  used.classList.toggle("over", size > most);
}

function showNote(row: Row, host: PanelHost): void {
  const note = part("panel-note");
  const lines: (Node | string)[] = [];
  if (row.culled !== null) {
    const again = el("button", { type: "button" }, "Try again");
    again.addEventListener("click", () => host.takeBack(row));
    lines.push(
      el("p", {}, `Left out: ${whyLeftOut(row)} `, el("code", {}, row.culled.code)),
      el("p", {}, row.culled.remedy),
      again,
    );
  } else if (row.published !== null) {
    lines.push(el("p", {}, "Published as ", el("span", { class: "path" }, row.published.url)));
  } else if (row.released) lines.push(el("p", {}, "Released: it is being published and cannot be changed any more."));
  else if (row.hash === null) lines.push(el("p", {}, earlyText(row)));
  else if (row.wished)
    lines.push(el("p", {}, "You wished to approve it before its words were there. Read them, then approve."));
  note.hidden = lines.length === 0;
  note.replaceChildren(...lines);
}

const earlyText = (row: Row): string =>
  row.wished
    ? "You wished to approve it. It is approved once its words are there and you have confirmed them."
    : "Its stages are not done yet; fields come with them. It can be decided about already.";

function bandButtons(choose: (points: number | null) => void): readonly HTMLButtonElement[] {
  const buttons = BAND_POINTS.map(([band, points], i) => {
    const button = el("button", { type: "button", "aria-pressed": "false", title: `${i + 1}` }, band);
    button.addEventListener("click", () => choose(points));
    return button;
  });
  const measured = el("button", { type: "button", title: "0" }, "Measured");
  measured.addEventListener("click", () => choose(null));
  part("bands").append(...buttons, measured);
  return buttons;
}

function showQuality(row: Row, bands: readonly HTMLButtonElement[]): void {
  const isEdited = row.edited.includes("qr");
  const missing = row.missingMetrics.length === 0 || isEdited ? "" : `; without ${row.missingMetrics.join(", ")}`;
  setText(
    part("quality"),
    row.band === null ? "Not measured yet" : `${qualityOf(row)}${isEdited ? ", your choice" : missing}`,
  );
  bands.forEach((button, i) => {
    button.setAttribute("aria-pressed", String(row.band === BAND_POINTS[i]?.[0]));
    button.disabled = !isOpen(row) || row.hash === null;
  });
}

/** What the machine found stays on show, whatever figure a person gave. */
function showTechnical(row: Row): void {
  part("technical").hidden = row.technical === null && row.metrics === null;
  setText(part("technical-text"), [technicalText(row), ...hintsOf(row)].join("; "));
  showLines("scores", scoreLines(row));
  showLines("metrics", metricLines(row));
}

function showFacts(row: Row): void {
  const lines: readonly FactLine[] = [
    takenLine(row),
    ["Camera", row.missing.includes("camera") ? "no camera in the file" : row.camera, row.missing.includes("camera")],
    ["Lens", row.lens],
    [
      "Exposure",
      [row.exposure, row.aperture, row.iso && `ISO ${row.iso}`, row.focalLength && `${row.focalLength} mm`]
        .filter(Boolean)
        .join(" · "),
    ],
    ["Size", row.width === null ? null : `${row.width} × ${row.height}`],
    pictureLine(row),
    ["Cropped to", croppedText(row)],
    ["Crops", row.crops],
    ["Goes to", row.year === null ? row.folder : `${row.year}/${row.folder}`],
    ["Original", row.source],
  ];
  showLines("facts", lines);
}

function showLines(list: string, lines: readonly FactLine[]): void {
  const nodes = lines.flatMap(([term, value, wants]) =>
    value === null || value === ""
      ? []
      : [el("dt", {}, term), el("dd", { class: wants === true ? "warn" : "path" }, value)],
  );
  part(list).replaceChildren(...nodes);
}
