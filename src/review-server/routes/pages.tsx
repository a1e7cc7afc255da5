import { Hono } from "hono";
import type { Deps } from "../deps.ts";
import type { Bindings } from "../guard.ts";

/** The pages a person sees. */
export function pages(_deps: Deps): Hono<{ Bindings: Bindings }> {
  const routes = new Hono<{ Bindings: Bindings }>();
  routes.get("/", (c) => c.html(<h1>Photogate</h1>));
  return routes;
}
