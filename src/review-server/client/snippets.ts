/** Short for long: `\k1\` typed in a field becomes what the settings say it stands for. */
import { part } from "./dom.ts";

const SHORT = /\\([\w-]{1,20})\\$/;

/** Watches the fields of the panel; what it puts there is typed like anything else. */
export function expandSnippets(): void {
  const long = new Map(
    [...part("snippets").querySelectorAll("li")].map((item) => [item.dataset["short"], item.textContent] as const),
  );
  part("panel").addEventListener("input", ({ target }) => {
    if (!(target instanceof HTMLTextAreaElement || target instanceof HTMLInputElement)) return;
    const at = target.selectionEnd ?? 0;
    const found = SHORT.exec(target.value.slice(0, at));
    const text = long.get(found?.[1] ?? "");
    if (found === null || text === undefined) return;
    target.setRangeText(text, at - found[0].length, at, "end");
    // Whoever keeps an eye on the field has seen the short form a moment ago.
    target.dispatchEvent(new Event("input", { bubbles: true }));
  });
}
