import { el, must } from "./dom.ts";
import { keyOf, SCOPES, shortcutOf, spoken } from "./keys.ts";

const TITLES = {
  global: "Everywhere",
  grid: "Grid",
  loupe: "Loupe",
  text: "In a text field",
  compare: "Photos that are alike",
  crop: "Crop",
} as const;

/** The cheat sheet, made of the same file the router reads. */
export function openSheet(): void {
  const body = must("sheet-body", HTMLElement);
  if (body.childElementCount === 0)
    for (const [scope, bindings] of Object.entries(SCOPES)) {
      const title = Object.entries(TITLES).find(([name]) => name === scope)?.[1] ?? scope;
      const lines = bindings.flatMap(({ keys, does }) => [
        el("dt", {}, ...keys.flatMap((key) => [el("kbd", {}, spoken(key)), " "])),
        el("dd", {}, does),
      ]);
      body.append(el("section", {}, el("h3", {}, title), el("dl", {}, ...lines)));
    }
  must("sheet", HTMLDialogElement).showModal();
}

/** Writes the keys of `keymap.json` on the buttons that do the same. */
export function labelKeys(): void {
  for (const kbd of document.querySelectorAll<HTMLElement>("kbd[data-key]")) {
    const key = keyOf(kbd.dataset["key"] ?? "");
    if (key === undefined) continue;
    kbd.textContent = spoken(key);
    kbd.closest("button, a, input")?.setAttribute("aria-keyshortcuts", shortcutOf(key));
  }
}
