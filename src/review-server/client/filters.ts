import { must, part, setText } from "./dom.ts";
import { isShow, type Show } from "./view.ts";

export interface FilterBar {
  readonly show: Show;
  readonly text: string;
  /** for the address */
  query(): string;
  counts(counts: Readonly<Record<Show, number>>, shown: number): void;
  clear(): void;
  choose(show: Show): void;
  focus(): void;
}

/** Chips and words; both stand in the address, so that a reload keeps them. */
/** @param chosen the hand is done with the chips; the keys are the grid's again */
export function filterBar(changed: () => void, chosen: () => void): FilterBar {
  const input = must("filter", HTMLInputElement);
  const chips = [...part("shows").querySelectorAll<HTMLButtonElement>("button")];
  const query = new URLSearchParams(location.search);
  const wanted = query.get("show") ?? undefined;
  let show: Show = isShow(wanted) ? wanted : "all";
  input.value = query.get("q") ?? "";

  const press = (): void => {
    for (const chip of chips) chip.setAttribute("aria-pressed", String(chip.dataset["show"] === show));
  };
  const choose = (next: Show): void => {
    show = next;
    press();
    changed();
  };
  for (const chip of chips)
    chip.addEventListener("click", () => {
      const next = chip.dataset["show"];
      choose(isShow(next) ? next : "all");
      chosen();
    });
  input.addEventListener("input", changed);
  press();

  return {
    get show() {
      return show;
    },
    get text() {
      return input.value;
    },
    query() {
      const parts = new URLSearchParams();
      if (show !== "all") parts.set("show", show);
      if (input.value.trim() !== "") parts.set("q", input.value);
      return parts.size === 0 ? "" : `?${parts}`;
    },
    counts(counts, shown) {
      for (const chip of chips) {
        const name = chip.dataset["show"];
        const number = chip.querySelector("b");
        if (number !== null && isShow(name)) setText(number, String(counts[name]));
        chip.hidden = (name === "culled" || name === "wished") && counts[name] === 0 && name !== show;
      }
      const hidden = counts.all - shown;
      setText(part("hides"), hidden > 0 ? `Filter hides ${hidden} of ${counts.all}` : "");
    },
    clear() {
      input.value = "";
      choose("all");
    },
    choose,
    focus: () => input.select(),
  };
}
