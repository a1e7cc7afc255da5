/** Does the alt text go with the caption? It does until a person gives it words of its own. */
import { followingAlt } from "../../domain/following.ts";
import type { Row } from "../rows.ts";
import { el, setText } from "./dom.ts";

export interface Following {
  show(row: Row): void;
  /** what a caption makes of the alt text, `null` for the machine's own; undefined where it stays as it is */
  after(row: Row, caption: unknown): string | null | undefined;
}

export function followingWith(): Following {
  const box = document.querySelector('[data-field="altText"] .label');
  const most = Number(box?.querySelector<HTMLElement>(".used")?.dataset["most"]);
  const button = el("button", { type: "button", class: "link", id: "follow" });
  box?.querySelector(".mark")?.after(button);
  /** photos whose alt text is to stay as it is */
  const alone = new Set<number>();
  let current: Row | undefined;

  const follows = (row: Row): boolean => !alone.has(row.id) && couldFollow(row, most);
  const show = (row: Row): void => {
    current = row;
    button.hidden = !couldFollow(row, most) || row.released || row.hash === null;
    button.setAttribute("aria-pressed", String(follows(row)));
    setText(button, follows(row) ? "follows caption" : "stays as it is");
  };
  button.addEventListener("click", () => {
    if (current === undefined) return;
    if (!alone.delete(current.id)) alone.add(current.id);
    show(current);
  });
  return {
    show,
    after(row, caption) {
      if (!follows(row) || row.proposed === null) return undefined;
      const wanted = altOf(row.proposed, typeof caption === "string" ? caption : row.proposed.caption, most);
      if (wanted === row.altText) return undefined;
      return wanted === row.proposed.altText ? null : wanted;
    },
  };
}

/** What somebody wrote into the file is words of its own, too. */
function couldFollow(row: Row, most: number): boolean {
  const from = row.wordsFrom?.altText;
  if (row.proposed === null || from === "file" || from === "sidecar") return false;
  return !row.edited.includes("altText") || row.altText === altOf(row.proposed, row.caption ?? "", most);
}

function altOf(proposed: NonNullable<Row["proposed"]>, caption: string, most: number): string {
  const alt = followingAlt(proposed, caption);
  return alt.length <= most ? alt : alt.slice(0, most).replace(/\s+\S*$/, "");
}
