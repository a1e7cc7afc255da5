/** What can be done to a whole selection at once, beside deciding: quality, and words with a look at each change first. */
import type { Row } from "../rows.ts";
import { type BulkPlan, type Change, isBulkKind, planBulk } from "./bulk-change.ts";
import { type Commands, skippedText } from "./commands.ts";
import type { Desk } from "./desk.ts";
import { el, must, part, setText } from "./dom.ts";
import type { Frame } from "./frame.ts";
import { count } from "./names.ts";
import { changeNodes } from "./proof.ts";
import { BAND_POINTS, isOpen } from "./table.ts";

const LABELS = {
  "add-keyword": "Keyword",
  "remove-keyword": "Keyword",
  "replace-caption": "Find, letter by letter",
  subject: "Subject",
  location: "Location",
} as const;
/** More than that nobody reads before pressing the button; the sum stands above. */
const MOST_SHOWN = 100;

export function bulkWith(desk: Desk, frame: Frame, rows: () => readonly Row[], done: () => void): Commands {
  const dialog = must("bulk-dialog", HTMLDialogElement);
  const kind = must("bulk-kind", HTMLSelectElement);
  const what = must("bulk-what", HTMLInputElement);
  const by = must("bulk-by", HTMLInputElement);
  const apply = must("bulk-apply", HTMLButtonElement);
  const quality = must("bulk-quality", HTMLSelectElement);

  const planNow = (): BulkPlan =>
    planBulk(isBulkKind(kind.value) ? kind.value : "add-keyword", what.value, by.value, rows());
  const preview = (): void => {
    const { changes, skipped } = planNow();
    setText(part("bulk-what-label"), LABELS[isBulkKind(kind.value) ? kind.value : "add-keyword"]);
    part("bulk-by-field").hidden = kind.value !== "replace-caption";
    setText(
      part("bulk-sum"),
      what.value === "" ? "" : `${count(changes.length, "photo")} will change${skippedText(skipped)}.`,
    );
    part("bulk-preview").replaceChildren(...changes.slice(0, MOST_SHOWN).map(changeItem));
    setText(part("bulk-more"), changes.length > MOST_SHOWN ? `and ${changes.length - MOST_SHOWN} more` : "");
    apply.disabled = changes.length === 0;
    setText(apply, changes.length === 0 ? "Change" : `Change ${count(changes.length, "photo")}`);
  };
  for (const field of [kind, what, by]) field.addEventListener("input", preview);

  must("bulk-form", HTMLFormElement).addEventListener("submit", (event) => {
    if (event.submitter instanceof HTMLButtonElement && event.submitter.value === "cancel") return;
    const { changes, skipped } = planNow();
    const [first] = changes;
    if (first === undefined) return event.preventDefault();
    desk.putEach(
      changes.map(({ row, to }) => [row, to]),
      first.field,
    );
    frame.did(`${first.field} of ${count(changes.length, "photo")} changed${skippedText(skipped)}`, "");
  });
  dialog.addEventListener("close", done);

  const setQuality = (points: number | null): void => {
    const sorts = Map.groupBy(rows(), (row) =>
      !isOpen(row)
        ? "released or left out"
        : row.hash === null
          ? "without words yet"
          : row.qr === points
            ? "so already"
            : "",
    );
    const going = sorts.get("") ?? [];
    desk.putAll(going, "qr", points);
    const text = `Quality of ${count(going.length, "photo")} ${points === null ? "as measured" : "changed"}${skippedText(sorts)}`;
    if (going.length > 0) frame.did(text, "");
    else frame.said(text);
  };
  quality.addEventListener("change", () => {
    const band = BAND_POINTS.find(([name]) => name === quality.value);
    setQuality(band?.[1] ?? null);
    quality.value = "";
    done();
  });

  return {
    "bulk.words": () => {
      what.value = "";
      by.value = "";
      setText(part("bulk-title"), `Change the words of ${count(rows().length, "photo")}`);
      preview();
      dialog.showModal();
      what.focus();
    },
    "bulk.quality": (event) => setQuality(BAND_POINTS[Number(event?.key) - 1]?.[1] ?? null),
  };
}

const changeItem = ({ row, before, after }: Change): HTMLLIElement =>
  el(
    "li",
    {},
    el("b", { class: "path" }, row.file),
    " ",
    el("span", { class: "change" }, ...changeNodes(before, after)),
  );
