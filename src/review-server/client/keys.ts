import keymap from "../keymap.json" with { type: "json" };
import { letterOf } from "./letters.ts";

export type Scope = keyof typeof keymap.scopes;

export interface Binding {
  readonly keys: readonly string[];
  readonly cmd: string;
  readonly does: string;
  readonly inText?: boolean;
  /** `code`: its keys are places on the keyboard, whatever is printed there */
  readonly by?: string;
}

export const SCOPES: Readonly<Record<Scope, readonly Binding[]>> = keymap.scopes;

/** @returns whether the key was used; one that was not is the browser's */
export type Run = (command: string, event: KeyboardEvent) => boolean;

const IS_MAC = /mac|iphone|ipad/i.test(navigator.userAgent);
/** A key that is held down moves; it never decides. */
const MOVES = new Set([
  "grid.move",
  "grid.next",
  "grid.prev",
  "grid.jump",
  "loupe.step",
  "select.extend",
  "cmp.pane",
  "cmp.pan",
  "crop.move",
  "crop.moveBig",
  "crop.size",
]);

/**
 * The one place where keys become commands.
 *
 * @param scopes those that hear now, the nearest first
 */
export function routeKeys(scopes: () => readonly Scope[], run: Run): void {
  document.addEventListener("keydown", (event) => {
    if (isForeign(event)) return;
    const inText = isText(event.target);
    const isPress = event.target instanceof Element && event.target.closest("button, a, summary") !== null;
    if (isPress && (event.key === "Enter" || event.key === " ")) return;
    for (const scope of inText ? (["text", ...scopes()] as const) : scopes())
      for (const binding of SCOPES[scope]) {
        if ((inText && binding.inText !== true) || !binding.keys.some((key) => isPressed(key, event, binding.by)))
          continue;
        if (event.repeat && !MOVES.has(binding.cmd)) return event.preventDefault();
        if (!run(binding.cmd, event)) continue;
        event.preventDefault();
        return;
      }
  });
}

/** Not ours: half a character of an input method, a third-level letter, or a dialog lies over the page. */
const isForeign = (event: KeyboardEvent): boolean =>
  event.defaultPrevented ||
  event.isComposing ||
  (event.altKey && !isLong(event)) ||
  event.getModifierState("AltGraph") ||
  document.querySelector("dialog[open]") !== null;

/** One letter or sign alone: what somebody who dictates, or leans on the keyboard, presses unawares. */
const isSingle = (key: string): boolean => /(^|\+)(.|Key[A-Z])$/.test(key) && !/(mod|ctrl)\+/.test(key);
const singleKeys = (): string | undefined => document.documentElement.dataset["singleKeys"];
/** Where single keys are switched off, Ctrl and Alt with one say the same. */
const isLong = (event: KeyboardEvent): boolean => singleKeys() === "off" && event.ctrlKey && event.altKey;

function isPressed(key: string, event: KeyboardEvent, by: string | undefined): boolean {
  if (!isSingle(key)) return !isLong(event) && isKey(key, event, by);
  if (singleKeys() === "off") return isLong(event) && isKey(`ctrl+${key}`, event, by);
  const isInPlace = event.target instanceof Element && event.target.closest("#grid, #loupe, #compare, #crop") !== null;
  return (singleKeys() !== "focus" || isInPlace) && isKey(key, event, by);
}

const isText = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && (target.matches("input, textarea, select") || target.isContentEditable);

function isKey(wanted: string, event: KeyboardEvent, by: string | undefined): boolean {
  const parts = wanted.split("+");
  // "+" itself is what is left of nothing.
  const key = parts.at(-1) || "+";
  const has = (modifier: string): boolean => parts.slice(0, -1).includes(modifier);
  const wantsControl = has("ctrl") || (has("mod") && !IS_MAC);
  if (event.ctrlKey !== wantsControl || event.metaKey !== (has("mod") && IS_MAC)) return false;
  if (by === "code") return event.shiftKey === has("shift") && event.code === key;
  // With Shift a digit is another sign on each keyboard: what counts is where it lies.
  if (key.startsWith("Digit")) return event.code === key && event.shiftKey === has("shift");
  // "?" and "/" are where a keyboard has them; with letters and named keys, Shift says something.
  const isSign = key.length === 1 && !/[a-z]/.test(key);
  // Compared without case, so that Caps Lock does not turn a into Shift+A.
  return (isSign || event.shiftKey === has("shift")) && event.key.toLowerCase() === key.toLowerCase();
}

const NAMES: Readonly<Record<string, string>> = {
  mod: IS_MAC ? "⌘" : "Ctrl",
  ctrl: "Ctrl",
  shift: "Shift",
  ArrowLeft: "←",
  ArrowRight: "→",
  ArrowUp: "↑",
  ArrowDown: "↓",
  Escape: "Esc",
  Enter: "⏎",
  " ": "Space",
};

/** `mod+shift+z` as a person reads it. */
export const spoken = (key: string): string =>
  key
    .split("+")
    .map((part) => NAMES[part] ?? (part.length === 1 ? part.toUpperCase() : letterOf(part)))
    .join("+");

/** The first key of a command, for buttons and hints. */
export const keyOf = (command: string): string | undefined =>
  Object.values(SCOPES)
    .flat()
    .find(({ cmd }) => cmd === command)?.keys[0];

/** `mod+z` as assistive technology reads it: `Control+Z`. */
export const shortcutOf = (key: string): string =>
  key
    .replace("mod", IS_MAC ? "Meta" : "Control")
    .replace("ctrl", "Control")
    .replace("shift", "Shift")
    .replace("Digit", "")
    .replace(/[a-z]$/, (letter) => (key.length === 1 || key.includes("+") ? letter.toUpperCase() : letter));
