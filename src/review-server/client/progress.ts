import { SECOND } from "../../domain/words.ts";
import type { Card } from "../cards.ts";
import { part, setText } from "./dom.ts";
import { about, STAGE_LABELS } from "./names.ts";
import { get } from "./server.ts";
import type { Table } from "./table.ts";

/** How far the machine is with this set, for as long as it works on it. @returns what to call when the set changed */
export function showProgress(set: string, table: Table): () => Promise<void> {
  const isWorking = (): boolean =>
    Array.from({ length: table.size }, (_, i) => table.row(i)).some((row) => row.culled === null && row.hash === null);
  let wasWorking = true;

  const update = async (): Promise<void> => {
    const now = isWorking();
    if (now || wasWorking) setText(part("progress"), textOf(await get<Card>(`/api/sets/${encodeURIComponent(set)}`)));
    wasWorking = now;
  };
  void update().catch(() => undefined);
  return update;
}

/** The furthest stage anything has come to, or why there is none. */
function textOf({ hold, stages, counts, etaSec }: Card): string {
  if (hold !== null) return `Held at ${STAGE_LABELS[hold.stage]}: ${hold.remedy || hold.why}`;
  if (counts.working === 0) return "";
  const open = stages.filter(({ done, total }) => done < total);
  const stage = open.findLast(({ done }) => done > 0) ?? open[0];
  if (stage === undefined) return "";
  const eta = etaSec === null ? "" : ` · ${about(etaSec * SECOND)} left`;
  return `${STAGE_LABELS[stage.name]} ${stage.done}/${stage.total}${eta}`;
}
