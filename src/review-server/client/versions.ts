/** What the machine said beside what stands: three columns to look at, and one key to take another version. */
import type { FieldVersions, Offer, WordVersions } from "../../domain/versions.ts";
import type { Row } from "../rows.ts";
import type { Command, Commands } from "./commands.ts";
import { diffNodes } from "./diff.ts";
import { el, part, setText } from "./dom.ts";
import { WORD_FIELDS } from "./names.ts";
import { isTextField, type Panel, type TextField, textOf, valueIn } from "./panel.ts";
import { PROVED_FIELDS } from "./proof.ts";
import { Refused, Unreachable } from "./server.ts";
import { isOpen } from "./table.ts";

export interface VersionsHost {
  here(): Row | undefined;
  ask(photo: number): Promise<{ readonly words: WordVersions | null }>;
  openLoupe(): void;
  /** a person takes these words; `null` gives the machine's own back */
  take(row: Row, field: TextField, to: unknown): void;
  said(text: string): void;
}

export interface Versions {
  readonly commands: Commands;
  show(row: Row): void;
  hide(): void;
}

type Proved = (typeof PROVED_FIELDS)[number];
const isProved = (field: TextField): field is Proved => PROVED_FIELDS.some((one) => one === field);

const FROM: Readonly<Record<Offer["from"], string>> = {
  now: "AI",
  first: "AI, before mending",
  try: "AI, not taken",
  earlier: "earlier words",
};

export function versionsWith(panel: Panel, host: VersionsHost): Versions {
  const view = part("versions");
  /** what a person wrote, over which other words were laid */
  const own = new Map<string, string>();
  let known: { readonly key: string; readonly words: Promise<WordVersions | null> } | undefined;
  let last: TextField = "caption";
  let shown: number | undefined;
  let drawn = "";
  let asked = 0;
  let turn: Promise<void> = Promise.resolve();

  // Another proposal of the machine is other words; an edit is not.
  const versionsOf = (row: Row): Promise<WordVersions | null> => {
    const key = JSON.stringify([row.id, row.proposed]);
    if (known?.key !== key) known = { key, words: host.ask(row.id).then(({ words }) => words, unasked) };
    return known.words;
  };
  const unasked = (failure: unknown): null => {
    known = undefined;
    if (!(failure instanceof Refused || failure instanceof Unreachable)) throw failure;
    return null;
  };

  const draw = async (row: Row): Promise<void> => {
    const now = JSON.stringify([row.id, row.proposed, row.caption, row.altText, row.keywords]);
    if (now === drawn) return;
    drawn = now;
    asked += 1;
    const mine = asked;
    const words = await versionsOf(row);
    if (mine !== asked) return;
    part("versions-body").replaceChildren(
      ...(words === null
        ? []
        : PROVED_FIELDS.map((field) => lineOf(WORD_FIELDS[field], words[field], textOf(row, field)))),
    );
    part("versions-none").hidden = words !== null;
  };
  const close = (): void => {
    view.hidden = true;
    drawn = "";
  };
  const turnView = (): void => {
    const row = host.here();
    if (row === undefined) return;
    if (!view.hidden) {
      close();
      return;
    }
    host.openLoupe();
    view.hidden = false;
    void draw(row);
  };
  part("versions-close").addEventListener("click", close);
  document.addEventListener("focusin", ({ target }) => {
    const field = target instanceof HTMLElement ? target.dataset["text"] : undefined;
    if (isTextField(field)) last = field;
  });

  const step = async (by: 1 | -1): Promise<void> => {
    const row = host.here();
    const field = panel.active() ?? last;
    if (row === undefined) return;
    if (!isProved(field)) return host.said("There are no alternatives for this field");
    if (!isOpen(row) || row.hash === null) return host.said(`${row.file} cannot be changed now`);
    const offers = (await versionsOf(row))?.[field].offers ?? [];
    if (host.here()?.id !== row.id) return;
    const isTyping = panel.active() === field;
    const current = panel.typed(field);
    const key = `${row.id} ${field}`;
    if (current !== "" && !offers.some(({ text }) => text === current)) own.set(key, current);
    const mine = own.get(key);
    const texts = [...offers.map(({ text }) => text), ...(mine === undefined ? [] : [mine])];
    const at = texts.indexOf(current);
    const next = (at < 0 && by < 0 ? texts.length : at) + by;
    const place = (next + texts.length) % texts.length;
    const text = texts[place];
    if (text === undefined || text === current) return host.said(`No alternatives for the ${WORD_FIELDS[field]}`);
    const offer = offers[place];
    if (isTyping) panel.fill(field, text);
    else host.take(row, field, offer?.from === "now" ? null : valueIn(field, text));
    const name = offer === undefined ? "yours" : nameOf(offer);
    setText(part(`offer-${field}`), `${name} ${place + 1}/${texts.length}`);
    host.said(`${WORD_FIELDS[field]}: ${name}, ${place + 1} of ${texts.length}`);
  };
  // Pressed twice before the first answer: the second goes on from the first.
  const stepping =
    (by: 1 | -1): Command =>
    (event) => {
      // In a field that is none of ours, the key is the browser's.
      if (event?.key.startsWith("Page") === true && panel.active() === undefined) return false;
      turn = turn.then(() => step(by));
      return true;
    };

  return {
    commands: {
      "ai.alternative": stepping(1),
      "ai.previous": stepping(-1),
      "view.diff": turnView,
    },
    show(row) {
      if (shown !== row.id) {
        shown = row.id;
        for (const field of PROVED_FIELDS) setText(part(`offer-${field}`), "");
      }
      if (!view.hidden) void draw(row);
    },
    hide: close,
  };
}

const nameOf = ({ from, at }: Offer): string =>
  at === null ? FROM[from] : `${FROM[from]} of ${new Date(at).toISOString().slice(0, 16).replace("T", " ")} UTC`;

const lineOf = (name: string, { first, mended, author }: FieldVersions, now: string): HTMLTableRowElement =>
  el(
    "tr",
    {},
    el("th", { scope: "row" }, name, author === "template" ? " (template)" : ""),
    el("td", {}, first || "nothing"),
    el("td", {}, ...(mended === first ? ["the same"] : diffNodes(first, mended))),
    el("td", {}, ...(now === mended ? ["the same"] : diffNodes(mended, now))),
  );
