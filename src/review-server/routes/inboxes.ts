import { Hono } from "hono";
import { Fault } from "../../domain/fault.ts";
import type { Deps } from "../deps.ts";
import type { Bindings } from "../guard.ts";
import { isRecord, placeIn, textIn } from "./body.ts";

/** What a person may ask of an inbox. Answers say what was asked; what comes of it is in the inboxes of `/api/sets`. */
export function inboxRoutes({ actions, live }: Pick<Deps, "actions" | "live">): Hono<{ Bindings: Bindings }> {
  const routes = new Hono<{ Bindings: Bindings }>();
  routes.post("/look", async (c) => {
    const body: unknown = await c.req.json();
    actions.look(isRecord(body) && "inbox" in body ? textIn(body, "inbox") : undefined);
    return c.json({ ok: true });
  });
  routes.post("/go", async (c) => {
    const body: unknown = await c.req.json();
    actions.go(textIn(body, "inbox"), placeIn(body, "folder"));
    return c.json({ ok: true });
  });
  routes.post("/hold", async (c) => {
    const body: unknown = await c.req.json();
    if (!isRecord(body) || typeof body["held"] !== "boolean")
      throw new Fault("review.invalid-value", 'the body lacks "held", true or false');
    actions.hold(textIn(body, "inbox"), placeIn(body, "folder"), body["held"]);
    return c.json({ ok: true });
  });
  routes.post("/let-go", async (c) => {
    const files = actions.letGo(textIn(await c.req.json(), "inbox"));
    live.changed(null);
    return c.json({ files });
  });
  return routes;
}
