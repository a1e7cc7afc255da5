/** What the photo itself says, read-only: when it was taken, and what somebody wrote into it before us. */
import type { Origin } from "../../domain/facts.ts";
import type { Row } from "../rows.ts";
import { el, part } from "./dom.ts";

/** A line of facts: term, value, and whether it wants attention. */
export type FactLine = readonly [term: string, value: string | null, wants?: boolean];

/** The camera's time with its source where that is not simply its clock; where there is none the file's, called what it is. */
export function takenLine(row: Row): FactLine {
  if (row.takenAt !== null) return ["Taken", `${row.takenAt}${row.takenFrom === null ? "" : ` (${row.takenFrom})`}`];
  if (!row.missing.includes("date")) return ["Taken", null];
  const fallback = row.fileTime === null ? "" : `; ${spokenTime(row.fileTime)} is the file's time, not the camera's`;
  return ["Taken", `no date in the file${fallback}`, true];
}

const spokenTime = (iso: string): string => `${iso.slice(0, 16).replace("T", " ")} UTC`;

/** The picture that is shown where it is not the file itself. */
export const pictureLine = ({ embedded }: Row): FactLine =>
  embedded === null
    ? ["Shown", null]
    : [
        "Shown",
        `the JPEG in the RAW, ${embedded.width} × ${embedded.height}${embedded.isSmall ? ": too small to judge or to publish large" : ""}`,
        embedded.isSmall,
      ];

const PLACES: Readonly<Record<Origin, string>> = { file: "in the file", sidecar: "in its sidecar" };

/** Hidden where nobody wrote anything. */
export function showWritten({ written }: Row): void {
  part("written").hidden = written.length === 0;
  const nodes = written.flatMap(({ what, value, from }) => [
    el("dt", {}, what),
    el("dd", { title: PLACES[from] }, from === "sidecar" ? `${value} (sidecar)` : value),
  ]);
  part("written-facts").replaceChildren(...nodes);
}

/** Whose words stand in a field that a person has not changed. */
export const foundText = (from: Origin): string => `already ${PLACES[from]}`;
