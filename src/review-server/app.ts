import { Hono } from "hono";
import { FAULTS, Fault, messageOf } from "../domain/fault.ts";
import type { Deps } from "./deps.ts";
import { type Bindings, guarded } from "./guard.ts";
import { api } from "./routes/api.ts";
import { assets, BUILD_HEADER, buildIn } from "./routes/assets.ts";
import { media } from "./routes/media.ts";
import { pages } from "./routes/pages.tsx";

export interface App {
  fetch(request: Request, env?: Bindings): Response | Promise<Response>;
}

/**
 * The review page behind its guard.
 *
 * @param port the one we listen on
 * @param failed hears of errors nobody foresaw; the page gets a sentence without a stack
 */
export function reviewApp(deps: Deps, port: () => number, failed: (error: unknown) => void): App {
  const app = new Hono<{ Bindings: Bindings }>();
  const build = buildIn(deps.assets, deps.version);
  app.use(async (c, next) => {
    await next();
    c.header(BUILD_HEADER, build);
  });
  app.get("/healthz", (c) => c.text("ok\n"));
  app.get("/open", (c) => {
    const cookie = deps.access.redeem(c.req.query("t") ?? "");
    if (cookie === undefined)
      return c.text("This link was used already, or is too old. Run `photogate review` for a new one.\n", 403);
    const to = c.req.query("to") ?? "/";
    c.header("set-cookie", `${deps.access.cookieName}=${cookie}; HttpOnly; SameSite=Strict; Path=/; Max-Age=43200`);
    // An address of our own only: a link must not lead away from the page it opens.
    return c.redirect(/^\/(?![/\\])[\w./-]*$/.test(to) ? to : "/", 303);
  });
  app.get("/api/build", (c) => c.json({ build }));
  app.route("/api", api(deps));
  app.route("/media", media(deps));
  app.route("/assets", assets(deps));
  app.route("/", pages(deps));
  app.notFound((c) => c.text("There is nothing here.\n", 404));
  app.onError((error, c) => {
    if (error instanceof Fault)
      return c.json({ code: error.code, message: error.message, remedy: error.remedy }, statusOf(error));
    if (error instanceof SyntaxError)
      return c.json({ code: "review.invalid-value", message: messageOf(error), remedy: "Send JSON." }, 400);
    failed(error);
    return c.json(
      {
        code: "server.failed",
        message: "Something went wrong here; the log says what.",
        remedy: "Run `photogate logs --crash`.",
      },
      500,
    );
  });
  const fetch = guarded((request, env) => app.fetch(request, env), deps.access, port);
  return { fetch: (request, env = {}) => fetch(request, env) };
}

function statusOf(fault: Fault): 400 | 404 | 409 {
  if (fault.code === "set.unknown" || fault.code === "review.unknown-photo" || fault.code === "problem.unknown")
    return 404;
  if (fault.code === "set.description-invalid") return 400;
  return fault.code === "review.invalid-value" || FAULTS[fault.code].blame === "tool" ? 400 : 409;
}
