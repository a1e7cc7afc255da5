/** When everything is decided, a few of the photos that were approved by whole screens come back once, to be looked at alone. */

import type { Verdict } from "../../domain/review.ts";
import { missRate, sampleOf } from "../../domain/screenful.ts";
import type { Row } from "../rows.ts";
import type { Commands } from "./commands.ts";
import type { Desk } from "./desk.ts";
import { part, setText } from "./dom.ts";
import { count, VERDICT_LABELS } from "./names.ts";
import { get } from "./server.ts";
import type { Table } from "./table.ts";

export interface SecondLook {
  /** Offers it where nothing is left to decide. */
  offer(left: number): void;
  /** A verdict of a photo that is looked at a second time. @returns whether it was one */
  judge(row: Row, verdict: Verdict | null): boolean;
  readonly commands: Commands;
}

export interface SecondLookHost {
  readonly desk: Desk;
  readonly percent: number;
  /** only these, large, one after the other */
  show(photos: readonly number[]): void;
  /** back to what was there before */
  leave(): void;
  did(what: string, of: string): void;
  said(text: string): void;
}

/** Latest second looks that the miss rate is of; and the bound below which passed photos may be skimmed. */
const SKIM_BELOW = 0.02;

export function secondLookWith(host: SecondLookHost): SecondLook {
  const { desk } = host;
  const going = new Set<number>();

  const asked = (): number[] => {
    const { table } = desk;
    const screened = Array.from({ length: table.size }, (_, i) => table.standing(i)).filter(
      (row) => row.screened !== null,
    );
    const again = new Set(screened.filter((row) => row.screened === "again").map(({ id }) => id));
    return sampleOf(
      screened.map(({ id }) => id),
      host.percent,
    ).filter((id) => !again.has(id));
  };
  const isKept = (row: Row, verdict: Verdict): boolean =>
    verdict === "approved" && row.verdict === "approved" && row.screened === "once";

  /** Once the server has the last of them. */
  const finish = async (): Promise<void> => {
    if (!(await desk.flush())) return;
    const found = await get<{ looked: number; misses: number }>("/api/second-looks");
    host.leave();
    host.said(foundText(found.misses, found.looked));
  };

  return {
    offer(left) {
      const button = part("second-look");
      const photos = left === 0 && going.size === 0 ? asked() : [];
      button.hidden = photos.length === 0;
      setText(button, `Second look at ${photos.length} …`);
    },
    judge(row, verdict) {
      if (verdict === null || !going.delete(row.id)) return false;
      const kept = isKept(row, verdict);
      desk.gesture(() => {
        desk.put(row, "recheck", kept ? "kept" : "missed");
        if (row.verdict !== verdict) desk.put(row, "verdict", verdict);
      });
      host.did(kept ? "Still approved:" : `${VERDICT_LABELS[verdict]} at the second look:`, row.file);
      if (going.size === 0) void finish().catch(() => undefined);
      return true;
    },
    commands: {
      "second.look": () => {
        const photos = asked();
        for (const photo of photos) going.add(photo);
        host.show(inOrder(desk.table, photos));
        host.said(`${count(photos.length, "photo")} of those you approved by screen: A if it stays, X if not`);
      },
    },
  };
}

const inOrder = (table: Table, photos: readonly number[]): number[] =>
  photos.toSorted((a, b) => (table.indexOf(a) ?? 0) - (table.indexOf(b) ?? 0));

/** `Second looks: 1 of the latest 60 was a miss (1.7 %); of all, fewer than 7.7 %, with a certainty of 95 %.` */
export function foundText(misses: number, looked: number): string {
  const found = missRate(misses, looked);
  if (found === null) return "";
  const percent = (part: number): string => `${(100 * part).toFixed(1)} %`;
  const skim = found.bound < SKIM_BELOW ? " What has passed may be skimmed." : "";
  return `Second looks: ${misses} of the latest ${looked} missed (${percent(found.rate)}); of all, fewer than ${percent(found.bound)} with a certainty of 95 %.${skim}`;
}
