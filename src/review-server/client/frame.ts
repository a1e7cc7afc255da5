import { el, must, part, setText } from "./dom.ts";
import { keyOf, type Scope, spoken } from "./keys.ts";
import type { Lost } from "./live.ts";
import type { SaveState } from "./outbox.ts";

/** The frame round grid and loupe: what was done last, what is saved, what is said. */
export interface Frame {
  /** a decision or an edit: footer and, merged to one a second, the screen reader */
  did(what: string, of: string): void;
  /** anything else worth a line */
  said(text: string): void;
  saved(state: SaveState): void;
  /** something went wrong and wants to be read */
  alert(text: string, link?: { readonly href: string; readonly text: string }): void;
  /** why something was not done; gone with the next thing that is */
  stopped(text: string): void;
  /** @param lost why nothing is heard any more; undefined where all is well */
  connected(lost?: Lost): void;
  where(place: number, of: number, left: number): void;
  hints(scope: Scope): void;
}

const HINTS = {
  grid: [
    ["decide.approve", "approve"],
    ["decide.reject", "reject"],
    ["decide.hold", "hold"],
    ["decide.clear", "clear"],
    ["attention.next", "next to see"],
    ["help.sheet", "keys"],
  ],
  loupe: [
    ["decide.approve", "approve"],
    ["decide.reject", "reject"],
    ["edit.caption", "caption"],
    ["grid.open", "grid"],
    ["help.sheet", "keys"],
  ],
  crop: [
    ["crop.acceptAll", "accept all"],
    ["crop.ratio", "shape"],
    ["crop.lock", "hold shape"],
    ["crop.size", "smaller"],
    ["crop.copy", "copy to others"],
    ["crop.zoom", "100 %"],
    ["help.sheet", "keys"],
  ],
  text: [
    ["text.next", "next field"],
    ["text.approveNext", "approve, next"],
    ["text.leave", "leave"],
  ],
} as const;

const LOST: Readonly<Record<Lost, string>> = {
  away: "photogate is not answering. What you do is kept here and sent when it is back; start it with `photogate start`.",
  expired:
    "Your visit has ended, because nothing was done here for twelve hours. What you do is kept here; open the page anew with `photogate review` to send it.",
};

export function frameWith(undo: () => void, retry: () => void): Frame {
  const [last, status, chip] = [part("last"), part("status"), part("chip")];
  const undoButton = part("undo");
  undoButton.addEventListener("click", undo);
  chip.addEventListener("click", retry);
  const speak = speaker(status);
  let changes = 0;
  let wasLost: Lost | undefined;
  let isStopped = false;
  const goOn = (): void => {
    if (isStopped) part("alert").hidden = true;
    isStopped = false;
  };

  return {
    did(what, of) {
      goOn();
      setText(last, `${what} ${of}`);
      undoButton.hidden = false;
      speak(what, of);
    },
    said(text) {
      goOn();
      setText(last, text);
      speak(text, "");
    },
    saved(state) {
      if (state.kind !== "saved") changes += 1;
      chip.hidden = changes === 0;
      chip.dataset["state"] = state.kind;
      chip.title = state.kind === "kept" ? state.why : "";
      setText(chip, chipText(state));
    },
    alert(text, link) {
      const alert = part("alert");
      const close = el("button", { type: "button", class: "link" }, "Close");
      close.addEventListener("click", () => {
        alert.hidden = true;
      });
      alert.replaceChildren(
        text,
        " ",
        ...(link === undefined ? [] : [el("a", { href: link.href }, link.text), " "]),
        close,
      );
      alert.hidden = text === "";
      isStopped = false;
    },
    stopped(text) {
      this.alert(text);
      isStopped = true;
    },
    connected(lost) {
      if (lost !== undefined) this.alert(LOST[lost]);
      // Signed in anew, the page has to know its new session.
      else if (wasLost === "expired") this.alert("You are let in again.", { href: "", text: "Reload to go on" });
      else if (wasLost !== undefined) this.alert("");
      wasLost = lost;
    },
    where(place, of, left) {
      setText(part("where"), of === 0 ? "" : `Image ${place}/${of}`);
      setText(part("left"), left === 0 ? "Nothing left to decide" : `${left} left`);
    },
    hints(scope) {
      const hints = scope === "global" || scope === "compare" ? HINTS.grid : HINTS[scope];
      const nodes = hints.flatMap(([command, word]) => {
        const key = keyOf(command);
        return key === undefined ? [] : [el("kbd", {}, spoken(key)), ` ${word}  `];
      });
      must("keys", HTMLElement).replaceChildren(...nodes);
    },
  };
}

function chipText(state: SaveState): string {
  if (state.kind === "saved") return `Saved ${new Date().toLocaleTimeString("en-GB")}`;
  if (state.kind === "saving") return `Saving ${state.count}`;
  return `Not saved: ${state.count} ${state.count === 1 ? "change" : "changes"} kept here. Retry`;
}

const SPEAK_MS = 1_000;

/** At most one sentence a second: `12 approved` rather than twelve names. */
function speaker(status: HTMLElement): (what: string, of: string) => void {
  let heard: { what: string; of: string }[] = [];
  const say = (): void => {
    const counts = new Map<string, number>();
    // A sentence that is of nothing has counted already.
    for (const { what } of heard.filter(({ of }) => of !== "")) counts.set(what, (counts.get(what) ?? 0) + 1);
    const whole = heard.filter(({ of }) => of === "").map(({ what }) => what);
    const [only] = heard;
    const text =
      heard.length === 1 && only !== undefined
        ? `${only.what} ${only.of}`
        : [...[...counts].map(([what, n]) => `${n} ${what.toLowerCase()}`), ...whole].join(", ");
    status.textContent = text.trim();
    heard = [];
  };
  return (what, of) => {
    if (heard.length === 0) setTimeout(say, SPEAK_MS);
    heard.push({ what, of });
  };
}
