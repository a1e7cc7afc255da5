import { sweepOf } from "../../domain/screenful.ts";
import type { Row } from "../rows.ts";
import type { Command, Commands, Stage } from "./commands.ts";
import { isOpen } from "./table.ts";

export interface ScreenfulHost extends Pick<Stage, "desk" | "grid" | "frame" | "rowAt" | "goTo" | "size" | "inLoupe"> {
  isSeen(row: Row): boolean;
}

/** What stays behind, in the order in which it is said. */
const LEFT = {
  repaired: "repaired",
  blocked: "blocked",
  template: "with template words",
  unproved: "not proved",
  early: "without words yet",
} as const;

/** Approves what is on the screen, was seen and has passed the proof; nothing else goes along. */
export function screenfulOn(host: ScreenfulHost): Commands {
  const { desk, grid, frame } = host;
  const sortOf = (row: Row): keyof typeof LEFT | "passed" => {
    if (row.hash === null) return "early";
    // What is on its way to the server is not judged yet.
    const sweep = sweepOf(row);
    return sweep === "passed" && !desk.isJudged(row.id) ? "unproved" : sweep;
  };

  const approveScreen: Command = () => {
    if (host.inLoupe()) return frame.said("In the grid this approves the screen; here, press A");
    if (grid.look.words !== "full") return frame.said("Show the captions first (I): they are approved with the photos");
    const places = grid.visible();
    const rows = places.map(host.rowAt).filter((row) => isOpen(row) && row.verdict === null);
    const sorts = Map.groupBy(rows, sortOf);
    const passed = sorts.get("passed") ?? [];
    const ready = passed.filter(host.isSeen);
    const unseen = passed.length - ready.length;
    const left = Object.entries(LEFT).flatMap(([sort, word]) => {
      const n = sorts.get(sort as keyof typeof LEFT)?.length ?? 0;
      return n === 0 ? [] : [`${n} ${word}`];
    });
    const text = `${ready.length} approved${left.length === 0 ? "" : `, ${joined(left)} left`}, ${unseen} not seen yet`;
    if (ready.length === 0) frame.said(text);
    else {
      desk.approveScreen(ready);
      frame.did(text, "");
    }
    const next = (places.at(-1) ?? -1) + 1;
    // Whoever has not seen them all stays.
    if (unseen > 0 || next >= host.size()) return;
    grid.toTop(next);
    host.goTo(next);
  };
  return { "decide.approveScreen": approveScreen };
}

const joined = (parts: readonly string[]): string =>
  parts.length < 2 ? parts.join("") : `${parts.slice(0, -1).join(", ")} and ${parts.at(-1)}`;
