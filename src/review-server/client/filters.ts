import { must, part, setText } from "./dom.ts";
import { isOrder, isShow, type Order, type Show } from "./view.ts";

export interface FilterBar {
  readonly show: Show;
  readonly text: string;
  readonly order: Order;
  /** for the address */
  query(): string;
  counts(counts: Readonly<Record<Show, number>>, shown: number): void;
  clear(): void;
  choose(show: Show): void;
  /** the other order. @returns the one that holds now */
  turnOrder(): Order;
  focus(): void;
}

/** Kinds of which there are mostly none; their chips are shown where there are some. */
const RARE: ReadonlySet<Show> = new Set(["culled", "wished", "blocked", "repaired", "template"]);

/** Chips and words; both stand in the address, so that a reload keeps them. */
/** @param chosen the hand is done with the chips; the keys are the grid's again */
export function filterBar(changed: () => void, chosen: () => void): FilterBar {
  const input = must("filter", HTMLInputElement);
  const chips = [...part("shows").querySelectorAll<HTMLButtonElement>("button")];
  const query = new URLSearchParams(location.search);
  const wanted = query.get("show") ?? undefined;
  let show: Show = isShow(wanted) ? wanted : "all";
  const order = must("order", HTMLSelectElement);
  const orderNow = (): Order => (isOrder(order.value) ? order.value : "taken");
  order.value = query.get("order") === "attention" ? "attention" : "taken";
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
  order.addEventListener("change", () => {
    changed();
    chosen();
  });
  press();

  return {
    get show() {
      return show;
    },
    get text() {
      return input.value;
    },
    get order() {
      return orderNow();
    },
    query() {
      const parts = new URLSearchParams();
      if (show !== "all") parts.set("show", show);
      if (orderNow() !== "taken") parts.set("order", orderNow());
      if (input.value.trim() !== "") parts.set("q", input.value);
      return parts.size === 0 ? "" : `?${parts}`;
    },
    counts(counts, shown) {
      for (const chip of chips) {
        const name = chip.dataset["show"];
        const number = chip.querySelector("b");
        if (number !== null && isShow(name)) setText(number, String(counts[name]));
        chip.hidden = isShow(name) && RARE.has(name) && counts[name] === 0 && name !== show;
      }
      const hidden = counts.all - shown;
      setText(part("hides"), hidden > 0 ? `Filter hides ${hidden} of ${counts.all}.` : "");
      part("unhide").hidden = hidden === 0;
    },
    clear() {
      input.value = "";
      choose("all");
    },
    choose,
    turnOrder() {
      order.value = orderNow() === "taken" ? "attention" : "taken";
      changed();
      return orderNow();
    },
    focus: () => input.select(),
  };
}
