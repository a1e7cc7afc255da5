import { el, meta } from "./dom.ts";

/** Words that were typed and not kept: what a crash of the browser would take, and what is given back after it. */
interface HalfTyped {
  readonly text: string;
  /** what stood in the field when the typing began */
  readonly base: string;
  /** milliseconds since the epoch */
  readonly at: number;
}

const keyOf = (photo: number, field: string): string => `photogate-draft:${meta("installation")}:${photo}:${field}`;

/** A browser that keeps nothing still sends what is finished. */
function keepDraft(photo: number, field: string, draft: HalfTyped | undefined): void {
  try {
    if (draft === undefined) localStorage.removeItem(keyOf(photo, field));
    else localStorage.setItem(keyOf(photo, field), JSON.stringify(draft));
  } catch {}
}

function draftOf(photo: number, field: string): HalfTyped | undefined {
  try {
    const kept = localStorage.getItem(keyOf(photo, field));
    return kept === null ? undefined : JSON.parse(kept);
  } catch {
    return undefined;
  }
}

/** A field as the panel has it: what stands in it, and what was put there without being typed. */
interface Field {
  readonly area: HTMLTextAreaElement | HTMLInputElement;
  readonly why: HTMLElement;
  shown: string;
}

export interface HalfTypedWords {
  /** A letter more: at most a second of typing is lost. */
  typed(photo: number, name: string, field: Field): void;
  /** They are kept, or given up. */
  done(photo: number, name: string): void;
  /** Does what stands in a field come from a draft that nobody has kept or dropped yet? */
  holds(name: string): boolean;
  /** Gives back what was left half typed, and says from when; nothing of it is an edit before the person says so. */
  restore(photo: number, name: string, field: Field): void;
}

const EVERY_MS = 1_000;

/** @param keep makes an edit of what stands in a field */
export function halfTypedWith(keep: (name: string) => void): HalfTypedWords {
  const timers = new Map<string, ReturnType<typeof setTimeout>>();
  /** what stood in a field into which a draft was put, by field; with the note that says so */
  const restored = new Map<string, { readonly base: string; readonly note: HTMLElement }>();
  const latest = new Map<string, HalfTyped>();

  /** From now on it is the person's typing like any other. */
  const takeOver = (name: string, field: Field): void => {
    const was = restored.get(name);
    if (was === undefined) return;
    field.shown = was.base;
    was.note.remove();
    restored.delete(name);
  };
  const done = (photo: number, name: string): void => {
    clearTimeout(timers.get(name));
    timers.delete(name);
    latest.delete(name);
    keepDraft(photo, name, undefined);
  };
  const noteOf = (photo: number, name: string, field: Field, at: number): HTMLElement => {
    const time = new Date(at).toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
    const take = el("button", { type: "button", class: "link" }, "Keep it");
    const drop = el("button", { type: "button", class: "link" }, "Drop it");
    take.addEventListener("click", () => {
      takeOver(name, field);
      keep(name);
    });
    drop.addEventListener("click", () => {
      takeOver(name, field);
      field.area.value = field.shown;
      done(photo, name);
    });
    return el("p", { class: "draft", role: "status" }, `draft from ${time} `, take, drop);
  };

  return {
    typed(photo, name, field) {
      takeOver(name, field);
      latest.set(name, { text: field.area.value, base: field.shown, at: Date.now() });
      if (timers.has(name)) return;
      const write = (): void => {
        timers.delete(name);
        keepDraft(photo, name, latest.get(name));
      };
      timers.set(name, setTimeout(write, EVERY_MS));
    },
    done,
    holds: (name) => restored.has(name),
    restore(photo, name, field) {
      restored.get(name)?.note.remove();
      restored.delete(name);
      const draft = draftOf(photo, name);
      // Over words that have changed since, an old draft is not laid.
      if (draft === undefined || draft.base !== field.shown || draft.text === draft.base) return;
      const note = noteOf(photo, name, field, draft.at);
      restored.set(name, { base: draft.base, note });
      field.area.value = draft.text;
      field.shown = draft.text;
      field.why.after(note);
    },
  };
}
