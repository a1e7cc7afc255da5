/** From the grid and the loupe to the comparing page. */
import type { Row } from "../rows.ts";
import type { Commands } from "./commands.ts";

export interface ComparingHost {
  /** the photo in focus; undefined where none is shown */
  here(): Row | undefined;
  selected(): readonly Row[];
  said(text: string): void;
  /** sends what is on its way, then goes to a page of this set: what is compared must be what was decided */
  goTo(path: string): void;
}

/** Photos that are compared side by side. */
const [FEWEST, MOST] = [2, 9];

export const comparingWith = (host: ComparingHost): Commands => ({
  "compare.burst"() {
    const row = host.here();
    if (row === undefined) return;
    const { groups, elsewhere } = row.alike;
    if (groups.length + elsewhere.length === 0) host.said("No other photo is like it");
    else host.goTo(`groups?photo=${row.id}`);
  },
  "compare.selection"() {
    const rows = host.selected();
    if (rows.length >= FEWEST && rows.length <= MOST) host.goTo(`groups?photos=${rows.map(({ id }) => id).join(",")}`);
    else host.said(`Select ${FEWEST} to ${MOST} photos to compare them; ${rows.length} selected`);
  },
});
