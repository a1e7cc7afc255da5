/** Fields that one photo lends to others: copied here, pasted there, in this window and after a reload. */
import type { Row } from "../rows.ts";
import { part } from "./dom.ts";
import { type TextField, textOf, valueIn } from "./panel.ts";
import { isOpen } from "./table.ts";

/** A file name is one photo's alone. */
const CARRIED = ["caption", "altText", "keywords", "subject", "location"] as const satisfies readonly TextField[];

const KEPT = "photogate:copied";

interface CarryHost {
  here(): Row | undefined;
  /** as one gesture */
  paste(row: Row, fields: readonly (readonly [TextField, unknown])[]): void;
  said(text: string): void;
}

export function carryFields(host: CarryHost): void {
  part("copy-fields").addEventListener("click", () => {
    const row = host.here();
    if (row === undefined) return;
    const fields = CARRIED.map((field) => [field, textOf(row, field)]);
    sessionStorage.setItem(KEPT, JSON.stringify(Object.fromEntries(fields)));
    host.said(`Copied the words of ${row.file}`);
  });
  part("paste-fields").addEventListener("click", () => {
    const row = host.here();
    const kept = sessionStorage.getItem(KEPT);
    if (row === undefined) return;
    if (kept === null) return host.said("Nothing was copied yet");
    if (!isOpen(row) || row.hash === null) return host.said(`${row.file} cannot be changed now`);
    const copied: Partial<Record<TextField, string>> = JSON.parse(kept);
    const other = CARRIED.filter((field) => copied[field] !== undefined && copied[field] !== textOf(row, field));
    if (other.length === 0) return host.said(`${row.file} has these words already`);
    host.paste(
      row,
      other.map((field) => [field, valueIn(field, copied[field] ?? "")] as const),
    );
  });
}
