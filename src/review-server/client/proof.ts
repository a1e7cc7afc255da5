/** What the rules say of a photo's words: in the head of the panel, beside each field, and in a few words on the grid. */
import { attentionWord } from "../../domain/attention.ts";
import type { Attempt, FoundFlaw, Outcome, Overruled } from "../../domain/proof.ts";
import { blockersIn, isOverruled } from "../../domain/standing-proof.ts";
import type { Severity, WordField } from "../../domain/wording-rule.ts";
import type { Row } from "../rows.ts";
import { el, icon, part, setText } from "./dom.ts";
import { count, listed, WORD_FIELDS } from "./names.ts";
import { isOpen } from "./table.ts";

export interface ProofHost {
  /** the person wants to set a rule aside for this photo */
  overrule(row: Row, rule: string): void;
  /** the rule counts again */
  restore(row: Row, rule: string): void;
}

export const PROVED_FIELDS = ["caption", "altText", "keywords"] as const satisfies readonly WordField[];

/** Each severity has a shape and a word, so that none is told by colour alone. */
const SEVERITIES: Readonly<Record<Severity, { readonly shape: string; readonly word: string }>> = {
  error: { shape: "blocked", word: "Error" },
  warning: { shape: "problem", word: "Warning" },
  info: { shape: "told", word: "Note" },
};

/** `GEO-CAPTION in the caption: “Amsterdam”`: what stands between a photo and its approval. */
export const blockersText = ({ flaws, overruled }: Pick<Row, "flaws" | "overruled">): string =>
  blockersIn(flaws, overruled)
    .map(({ rule, field, why }) => `${rule} in the ${WORD_FIELDS[field]}: ${why}`)
    .join("; ");

/** What stands for the proof of a photo's words everywhere; undefined where nothing was proved and nothing is wrong. */
export function proofOf(row: Row): { readonly shape: string; readonly word: string } | undefined {
  if (row.blocked) return { shape: "blocked", word: "Blocked" };
  if (row.outcome === null) return isTemplate(row) ? { shape: "problem", word: "Template words" } : undefined;
  return OUTCOMES[row.outcome];
}

const OUTCOMES: Readonly<Record<Outcome, { readonly shape: string; readonly word: string }>> = {
  passed: { shape: "passed", word: "Passed" },
  repaired: { shape: "repaired", word: "Repaired" },
  "partially-repaired": { shape: "repaired", word: "Repaired in part" },
  // Where it does not block any more, a person has changed that.
  blocked: { shape: "passed", word: "Put right by you" },
};

export const isRepaired = ({ blocked, outcome }: Pick<Row, "blocked" | "outcome">): boolean =>
  !blocked && (outcome === "repaired" || outcome === "partially-repaired");

/** Nobody has described it yet: a field holds words made of what is known without looking. */
export const isTemplate = ({ authors }: Pick<Row, "authors">): boolean =>
  authors !== null && Object.values(authors).includes("template");

/** `2 warnings`, less what was overruled. */
export const warningsText = ({ flaws, overruled }: Pick<Row, "flaws" | "overruled">): string => {
  const n = flaws.filter(({ severity, rule }) => severity === "warning" && !isOverruled(rule, overruled)).length;
  return n === 0 ? "" : count(n, "warning");
};

/** The head of the panel: what became of the words, where to look, and what was tried. */
export function showProof(row: Row, flaws: readonly FoundFlaw[]): void {
  const now = { ...row, flaws, blocked: blockersIn(flaws, row.overruled).length > 0 };
  const proof = proofOf(now);
  part("proof").hidden = proof === undefined;
  if (proof === undefined) return;
  const shape = icon();
  shape.show(proof.shape);
  part("proof-said").replaceChildren(shape.svg, ` ${saidOf(now, proof.word)}`);
  const word = now.blocked ? null : attentionWord(row.attention);
  part("proof-look").hidden = word === null;
  setText(part("proof-look"), word === null ? "" : `${capitalised(word)}: ${(row.attention?.why ?? []).join("; ")}.`);
  showAttempts(row.attempts);
}

function saidOf(row: Row, word: string): string {
  const counts = (["error", "warning", "info"] as const).map((severity): readonly [number, string] => {
    const those = row.flaws.filter((flaw) => flaw.severity === severity && !isOverruled(flaw.rule, row.overruled));
    const name = SEVERITIES[severity].word.toLowerCase();
    return [those.length, those.length === 1 ? name : `${name}s`];
  });
  const left = listed(counts);
  const help = row.blocked ? ". Change the words, or overrule the rule." : "";
  return `${word}${left === "" ? "" : `: ${left}`}${help}`;
}

const capitalised = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

const BY: Readonly<Record<Attempt["by"], string>> = {
  rule: "by rule",
  model: "by the model",
  template: "by the template",
};

/** What was tried, each as “was → is”; stays open or shut from photo to photo. */
function showAttempts(attempts: readonly Attempt[]): void {
  const details = part("attempts");
  details.hidden = attempts.length === 0;
  const taken = attempts.filter(({ accepted }) => accepted).length;
  setText(part("attempts-head"), `Mending was tried ${timesText(attempts.length)}, ${taken} taken`);
  ifOther(details, attempts, () => part("attempts-list").replaceChildren(...attempts.map(attemptItem)));
}

const attemptItem = ({ by, field, rules, before, after, accepted }: Attempt): HTMLLIElement =>
  el(
    "li",
    {},
    el(
      "p",
      {},
      `${capitalised(WORD_FIELDS[field])}, ${BY[by]}, ${accepted ? "taken" : "not taken"}: `,
      el("code", {}, rules.join(", ")),
    ),
    el("p", { class: "change" }, ...changeNodes(before, after)),
  );

const timesText = (n: number): string => (n === 1 ? "once" : `${n} times`);

/** Was → is, with what differs struck and underlined; what both begin and end with stands once. */
export function changeNodes(before: string, after: string): (Node | string)[] {
  const [was, is] = [before.split(/(?<=\s)/), after.split(/(?<=\s)/)];
  const shared = Math.min(was.length, is.length);
  let head = 0;
  while (head < shared && was[head] === is[head]) head += 1;
  let tail = 0;
  while (tail < shared - head && was.at(-1 - tail) === is.at(-1 - tail)) tail += 1;
  const middle = (words: readonly string[]): string => words.slice(head, words.length - tail).join("");
  const [gone, come] = [middle(was), middle(is)];
  return [
    is.slice(0, head).join(""),
    ...(gone === "" ? [] : [el("del", {}, gone)]),
    ...(gone === "" || come === "" ? [] : [" → "]),
    ...(come === "" ? [] : [el("ins", {}, come)]),
    is.slice(is.length - tail).join(""),
  ];
}

/** Beside each field what is wrong with it, errors first; what was overruled stays, with its reason. */
export function showFlaws(row: Row, flaws: readonly FoundFlaw[], host: ProofHost): void {
  for (const field of PROVED_FIELDS) {
    const list = part(`flaws-${field}`);
    const those = flaws.filter((flaw) => flaw.field === field);
    list.hidden = those.length === 0;
    ifOther(list, [row.id, row.rev, isOpen(row), those], () =>
      list.replaceChildren(...those.map((flaw) => flawItem(row, flaw, host))),
    );
  }
}

const drawn = new WeakMap<Element, string>();

/** What is drawn anew loses the focus, and the answer to a check mostly says what was known. */
function ifOther(node: Element, shown: unknown, draw: () => void): void {
  const now = JSON.stringify(shown);
  if (drawn.get(node) === now) return;
  drawn.set(node, now);
  draw();
}

function flawItem(row: Row, { rule, severity, why }: FoundFlaw, host: ProofHost): HTMLLIElement {
  const reason = reasonOf(rule, row.overruled);
  const { shape, word } = reason === undefined ? SEVERITIES[severity] : { shape: "told", word: "Overruled" };
  const sign = icon();
  sign.show(shape);
  const item = el("li", { class: `flaw ${reason === undefined ? severity : "overruled"}`, "data-rule": rule });
  item.tabIndex = -1;
  item.append(sign.svg, el("b", {}, word), " ", el("code", {}, rule), ` ${why}`);
  if (reason !== undefined) item.append(el("span", { class: "reason" }, ` Overruled: ${reason}`));
  if (!isOpen(row) || (reason === undefined && severity !== "error")) return item;
  const button = el("button", { type: "button", class: "link" }, reason === undefined ? "Overrule …" : "Let it count");
  button.append(el("span", { class: "hidden" }, ` ${rule}`));
  button.addEventListener("click", () => (reason === undefined ? host.overrule(row, rule) : host.restore(row, rule)));
  item.append(" ", button);
  return item;
}

const reasonOf = (wanted: string, overruled: readonly Overruled[]): string | undefined =>
  overruled.find(({ rule }) => rule === wanted)?.reason;

/** The first thing that blocks, where the eye and the screen reader are to be; not the field, or the next key would be typed. */
export function focusBlocker(): void {
  const first = document.querySelector<HTMLElement>(".panel .flaw.error");
  first?.focus();
  first?.scrollIntoView({ block: "nearest" });
}
