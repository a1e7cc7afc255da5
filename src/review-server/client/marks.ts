import { LABELS, type Label } from "../../domain/marks.ts";
import type { Row } from "../rows.ts";
import type { Commands } from "./commands.ts";
import { el, part } from "./dom.ts";
import { isOpen } from "./table.ts";

export interface MarksHost {
  here(): Row | undefined;
  marked(row: Row, field: "stars" | "label", to: number | Label | ""): void;
}

const STARS = [0, 1, 2, 3, 4, 5] as const;

/** Buttons for stars and colours in the panel, and the keys that do the same. */
export function marksWith(host: MarksHost): { readonly commands: Commands; show(row: Row): void } {
  const set = (field: "stars" | "label", to: number | Label | ""): void => {
    const row = host.here();
    if (row === undefined || !isOpen(row) || row.hash === null || row[field] === to) return;
    host.marked(row, field, to);
  };
  const turn = (label: Label): void => set("label", host.here()?.label === label ? "" : label);
  const stars = STARS.map((n) => {
    const button = el("button", { type: "button", "aria-label": n === 0 ? "No stars" : `${n} stars` }, `${n} ★`);
    button.addEventListener("click", () => set("stars", n));
    return button;
  });
  const labels = LABELS.map((label) => {
    const button = el("button", { type: "button", class: `label-${label}` }, label);
    button.addEventListener("click", () => turn(label));
    return button;
  });
  part("marks").append(...stars, ...labels);

  const digit = (event: KeyboardEvent | undefined): number => Number(event?.code.replace("Digit", ""));
  return {
    commands: {
      "marks.stars": (event) => set("stars", digit(event)),
      "marks.label": (event) => {
        const label = LABELS[digit(event) - 6];
        if (label !== undefined) turn(label);
      },
    },
    show(row) {
      stars.forEach((button, n) => {
        button.setAttribute("aria-pressed", String(row.stars === n));
      });
      labels.forEach((button, i) => {
        button.setAttribute("aria-pressed", String(row.label === LABELS[i]));
      });
      for (const button of [...stars, ...labels]) button.disabled = !isOpen(row) || row.hash === null;
    },
  };
}
