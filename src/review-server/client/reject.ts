import { plainText } from "../../domain/words.ts";
import type { Row } from "../rows.ts";
import type { Commands } from "./commands.ts";
import { must, part, setText } from "./dom.ts";
import { isOpen } from "./table.ts";

export interface RejectHost {
  here(): Row | undefined;
  /** @param reason empty for none */
  rejected(row: Row, reason: string): void;
}

/** Asks why a photo is rejected; nobody has to say. */
export function rejectWith(host: RejectHost): Commands {
  const dialog = must("reject", HTMLDialogElement);
  const form = must("reject-form", HTMLFormElement);
  const reason = must("reject-reason", HTMLInputElement);
  let row: Row | undefined;
  form.addEventListener("submit", (event) => {
    const isCancel = event.submitter instanceof HTMLButtonElement && event.submitter.value === "cancel";
    if (!isCancel && row !== undefined) host.rejected(row, plainText(reason.value));
  });
  return {
    "decide.rejectWhy": () => {
      row = host.here();
      if (row === undefined || !isOpen(row)) return;
      setText(part("reject-title"), `Reject ${row.file}`);
      reason.value = row.reason ?? "";
      dialog.showModal();
      reason.select();
    },
  };
}
