/** Is the name that is being typed free? Asked of the ledger while it is typed, and answered beside the field. */
import type { Row } from "../rows.ts";
import { must, part, setText } from "./dom.ts";
import type { Panel } from "./panel.ts";
import { Refused, Unreachable } from "./server.ts";
import { isOpen } from "./table.ts";

export interface NameAnswer {
  /** why it cannot be used; null if it is free, or the photo's own */
  readonly flaw: string | null;
  /** one that is free */
  readonly instead: string | null;
}

const REST_MS = 150;

/** @param ask the server, about a photo and a name */
export function fileNameWith(
  panel: Panel,
  ask: (photo: number, name: string) => Promise<NameAnswer>,
): { show(row: Row): void } {
  const area = must("field-name", HTMLTextAreaElement);
  const said = part("name-said");
  const take = part("name-take");
  let row: Row | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let asked = 0;
  let instead = "";

  const tell = (text: string, other: string | null): void => {
    setText(said, text);
    instead = other ?? "";
    take.hidden = other === null;
    setText(take, other === null ? "" : `Take ${other}`);
  };
  const check = async (photo: number, name: string): Promise<void> => {
    asked += 1;
    const mine = asked;
    try {
      const { flaw, instead: other } = await ask(photo, name);
      if (mine === asked) tell(flaw ?? (name === row?.name ? "" : "free"), flaw === null ? null : other);
    } catch (failure) {
      // What cannot be asked now is judged when it is sent.
      if (!(failure instanceof Refused || failure instanceof Unreachable)) throw failure;
    }
  };
  const soon = (): void => {
    clearTimeout(timer);
    if (row === undefined || !isOpen(row)) return;
    const { id } = row;
    timer = setTimeout(() => void check(id, area.value.trim()), REST_MS);
  };
  area.addEventListener("input", soon);
  // The caret stays in the field, or the name that is taken would be sent first.
  take.addEventListener("pointerdown", (event) => event.preventDefault());
  take.addEventListener("click", () => {
    panel.fill("name", instead);
    panel.commit();
    tell("free", null);
    area.focus();
  });
  return {
    show(next) {
      if (row?.id !== next.id) {
        clearTimeout(timer);
        asked += 1;
        tell("", null);
      }
      row = next;
    },
  };
}
