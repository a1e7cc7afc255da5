/** Words no dictionary has, beside the field they stand in. They stop nothing; one press puts the right one there. */
import type { SpellingMarks } from "../../domain/spelling-marks.ts";
import { el } from "./dom.ts";

export interface SpellingView {
  /** @param marks null while nobody has looked the words on the screen up */
  show(marks: SpellingMarks | null): void;
}

/** @param replace puts a word of a field in the place of another */
export function spellingIn(
  boxes: ReadonlyMap<string, HTMLElement>,
  replace: (field: string, word: string, by: string) => void,
): SpellingView {
  const drawn = new Map<string, string>();
  const lists = new Map(
    [...boxes].map(([field, box]) => {
      const list = el("p", { class: "spelling", role: "status" });
      // The caret stays in the field: an edit in between would move the button away from under the pointer.
      list.addEventListener("mousedown", (event) => event.preventDefault());
      box.append(list);
      return [field, list] as const;
    }),
  );
  return {
    show(marks) {
      for (const [field, list] of lists) {
        const misspelt = marks?.[field] ?? [];
        const now = JSON.stringify(misspelt);
        // Said once, and not with every letter.
        if ((drawn.get(field) ?? "[]") === now) continue;
        drawn.set(field, now);
        const nodes = misspelt.flatMap(({ word, suggestions }, i) => [
          i === 0 ? "Not in the dictionary: " : ", ",
          el("b", {}, word),
          ...suggestions.flatMap((by) => [" ", buttonFor(field, word, by)]),
        ]);
        list.replaceChildren(...nodes);
      }
    },
  };

  function buttonFor(field: string, word: string, by: string): HTMLButtonElement {
    const button = el("button", { type: "button", class: "link" }, by);
    button.append(el("span", { class: "hidden" }, ` in place of ${word}`));
    button.addEventListener("click", () => replace(field, word, by));
    return button;
  }
}
