import axe from "axe-core";
import type { Window } from "./window.ts";

/**
 * What axe finds wrong with a page as it is drawn, by rule.
 *
 * @param isForced the colours are the system's
 */
export async function violations({ page }: Pick<Window, "page">, isForced = false): Promise<string[]> {
  await page.evaluate(axe.source);
  const found = await page.evaluate(async (isSystems) => {
    const runOnly = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
    // Colours that are the system's are right by definition, and a script is told ours.
    const rules = isSystems ? { "color-contrast": { enabled: false } } : {};
    const result = await Reflect.get(globalThis, "axe").run(document, { runOnly, rules });
    type Violation = { id: string; nodes: { html: string; any: { message: string }[] }[] };
    return result.violations.map(({ id, nodes }: Violation) => [
      id,
      ...nodes.slice(0, 3).map(({ html, any }) => `${html} ${any[0]?.message ?? ""}`),
    ]);
  }, isForced);
  return found.map(String);
}
