import { blockersIn } from "../../domain/standing-proof.ts";
import { plainText } from "../../domain/words.ts";
import type { Row } from "../rows.ts";
import { el, must, part, setText } from "./dom.ts";
import { WORD_FIELDS } from "./names.ts";

/** A reason has at least so many letters; the store asks the same. */
const LEAST = 3;

/** Asks which rule does not count for a photo, and why. */
export interface OverruleDialog {
  /** @param rule the one the person has pressed at; the first that blocks, if nothing is said */
  open(row: Row, rule?: string): void;
}

export function overruleWith(decided: (row: Row, rule: string, reason: string) => void): OverruleDialog {
  const dialog = must("overrule", HTMLDialogElement);
  const form = must("overrule-form", HTMLFormElement);
  const reason = must("overrule-reason", HTMLInputElement);
  let current: Row | undefined;

  const validate = (): void => {
    const isReason = plainText(reason.value).length >= LEAST;
    reason.setCustomValidity(isReason ? "" : `Say why, in ${LEAST} letters at least.`);
  };
  reason.addEventListener("input", validate);
  form.addEventListener("submit", (event) => {
    const isCancel = event.submitter instanceof HTMLButtonElement && event.submitter.value === "cancel";
    const rule = new FormData(form).get("rule");
    if (!isCancel && current !== undefined && typeof rule === "string") decided(current, rule, plainText(reason.value));
  });

  return {
    open(row, rule) {
      const blockers = blockersIn(row.flaws, row.overruled);
      const chosen = rule ?? blockers[0]?.rule;
      current = row;
      setText(part("overrule-title"), `Overrule a rule for ${row.file}`);
      const rules = Map.groupBy(blockers, (flaw) => flaw.rule);
      part("overrule-rules").replaceChildren(
        ...[...rules].map(([name, flaws]) => {
          const radio = el("input", { type: "radio", name: "rule", value: name, required: "" });
          radio.checked = name === chosen;
          const what = flaws.map(({ field, why }) => `${WORD_FIELDS[field]}: ${why}`).join("; ");
          return el("label", {}, radio, " ", el("code", {}, name), ` ${what}`);
        }),
      );
      reason.value = "";
      validate();
      dialog.showModal();
      reason.focus();
    },
  };
}
