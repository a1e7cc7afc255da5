import { type Context, Hono } from "hono";
import type { Child } from "hono/jsx";
import type { PhotoSet } from "../../domain/photo.ts";
import type { PhotoId, SetId } from "../../domain/words.ts";
import type { Store } from "../../store/store.ts";
import { BULK, groupsIn, standingOf } from "../client/groups.ts";
import type { Bindings } from "../guard.ts";
import { rowsAcross, rowsOf } from "../rows.ts";
import { lookupIn } from "../settling.ts";
import { Compare, Groups } from "../views/groups.tsx";
import type { Frame } from "../views/layout.tsx";

type Env = { Bindings: Bindings };

interface Pages {
  readonly store: Store;
  frame(c: Context<Env>): Frame;
  shown(c: Context<Env>, page: Child): Response | Promise<Response>;
  missing(c: Context<Env>, what: string): Response | Promise<Response>;
}

/** Fewest and most photos that are compared side by side. */
const [FEWEST, MOST] = [2, 9];

/** Photos that are alike, as a list and one group at a time. */
export function groupPages({ store, frame, shown, missing }: Pages): Hono<Env> {
  const routes = new Hono<Env>();

  routes.get("/:set/groups", (c) => {
    const set = store.sets.get(c.req.param("set"));
    if (set === undefined) return missing(c, "set");
    const { photos, photo } = c.req.query();
    if (photos !== undefined) return chosen(c, set, photos);
    const rows = rowsOf(store, set.id);
    const groups = groupsIn(rows);
    if (photo !== undefined) return c.redirect(`/s/${set.id}/groups${placeOf(rows, Number(photo))}`, 303);
    const kin = groups.flatMap(({ elsewhere }) => elsewhere.map((one) => one.photo));
    const kind = BULK.find((tier) => tier === c.req.query("kind"));
    const pageNumber = Math.max(1, Number.parseInt(c.req.query("page") ?? "1", 10) || 1);
    const strangers = rowsAcross(store, kin);
    return shown(c, <Groups frame={frame(c)} {...{ set, rows, strangers, groups, kind, pageNumber }} />);
  });

  routes.get("/:set/groups/:at", (c) => {
    const set = store.sets.get(c.req.param("set"));
    if (set === undefined) return missing(c, "set");
    const at = /^\d{1,6}$/.exec(c.req.param("at"))?.[0];
    if (at === undefined) return missing(c, "group");
    return shown(c, <Compare frame={frame(c)} set={set} at={Number(at)} photos={[]} />);
  });

  const chosen = (c: Context<Env>, set: PhotoSet, asked: string) => {
    const ids = [...new Set(asked.split(","))].map(Number);
    const isOurs = (photo: PhotoId, of: SetId): boolean => store.sets.photo(photo)?.setId === of;
    if (ids.length < FEWEST || ids.length > MOST || !ids.every((photo) => isOurs(photo, set.id)))
      return missing(c, `selection: compare ${FEWEST} to ${MOST} photos of one set`);
    return shown(c, <Compare frame={frame(c)} set={set} at={undefined} photos={ids} />);
  };
  return routes;
}

/** `/3` for the group of a photo that waits for a person, else for any group of it; empty for one that is like no other. */
function placeOf(rows: ReturnType<typeof rowsOf>, photo: PhotoId): string {
  const rowOf = lookupIn(rows);
  const own = groupsIn(rows).map((group, i) => ({ group, place: i + 1 }));
  const with_ = own.filter(({ group }) => group.members.includes(photo));
  const found = with_.find(({ group }) => standingOf(group, rowOf) === "open") ?? with_[0];
  return found === undefined ? "" : `/${found.place}`;
}
