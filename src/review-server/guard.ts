import type { Access, Session } from "./access.ts";

/** What a request may be told apart by, once it has passed. */
export type Visitor = { readonly kind: "cli" } | { readonly kind: "page"; readonly session: Session };

export interface Bindings {
  /** the request as it came in, names and values in turn */
  readonly incoming?: { readonly rawHeaders: readonly string[] };
  readonly visitor?: Visitor;
}

type Fetch = (request: Request, env: Bindings) => Response | Promise<Response>;

// One rule for all answers, errors included. No inline script, no CDN; images are ours.
const HEADERS: Readonly<Record<string, string>> = {
  "content-security-policy":
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; media-src 'self'; connect-src 'self'; " +
    "font-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'",
  "x-content-type-options": "nosniff",
  "cross-origin-resource-policy": "same-origin",
  "cross-origin-opener-policy": "same-origin",
  "referrer-policy": "no-referrer",
};

const OPEN_ROUTES = new Set(["/open", "/healthz"]);
const MAX_BODY = 256 * 1024;
export const CSRF_HEADER = "x-photogate-csrf";

/**
 * The outermost wrapper: it runs before any router, so that no route and no static file can be reached around it, however
 * its path is written.
 *
 * @param port the one we listen on, for the lists of allowed hosts and origins
 */
export function guarded(app: Fetch, access: Access, port: () => number): Fetch {
  return async (request, env) => {
    const refusal = refuse(request, env, access, port());
    const response =
      refusal.visitor === undefined ? refusal.response : await app(request, { ...env, visitor: refusal.visitor });
    return withHeaders(response);
  };
}

type Judged =
  | { readonly visitor: Visitor; readonly response?: never }
  | { readonly visitor?: never; readonly response: Response };

const NOBODY: Visitor = { kind: "page", session: { csrf: "" } };

function refuse(request: Request, env: Bindings, access: Access, port: number): Judged {
  const hosts = hostsOf(request, env);
  const [host = ""] = hosts;
  if (hosts.length !== 1 || !isOurHost(host, port)) return no(421, "wrong host");
  const { pathname } = new URL(request.url);
  if (OPEN_ROUTES.has(pathname)) return request.method === "GET" ? { visitor: NOBODY } : no(405, "GET only");

  const site = request.headers.get("sec-fetch-site");
  if (site !== null && site !== "same-origin" && site !== "none") return no(403, "cross-site request");
  if (access.isCli(request.headers.get("authorization"))) return sized(request, { kind: "cli" });

  const session = access.session(cookieOf(request, access.cookieName));
  if (session === undefined)
    return no(401, "Open this page with `photogate review`, or with the link that start printed.");
  if (request.method === "GET" || request.method === "HEAD") return { visitor: { kind: "page", session } };
  return mayChange(request, session, host) ?? sized(request, { kind: "page", session });
}

function mayChange(request: Request, session: Session, host: string): Judged | undefined {
  if (request.headers.get("origin") !== `http://${host}`) return no(403, "wrong origin");
  const type = request.headers.get("content-type") ?? "";
  // Forms work without script: their token is in the body, and the route checks it.
  if (new URL(request.url).pathname.startsWith("/forms/"))
    return type === "application/x-www-form-urlencoded" ? undefined : no(415, "forms are urlencoded");
  if (type !== "application/json") return no(415, "JSON only");
  return request.headers.get(CSRF_HEADER) === session.csrf ? undefined : no(403, "missing session token");
}

function sized(request: Request, visitor: Visitor): Judged {
  const length = request.headers.get("content-length");
  const isBodyless = request.method === "GET" || request.method === "HEAD";
  if (!isBodyless && length === null && request.body !== null) return no(411, "say how long the body is");
  return Number(length ?? 0) > MAX_BODY ? no(413, `at most ${MAX_BODY} bytes`) : { visitor };
}

/** All Host headers as they were sent: a second one would be read differently by whoever comes after. */
function hostsOf(request: Request, { incoming }: Bindings): string[] {
  if (incoming === undefined) return [request.headers.get("host") ?? ""];
  const { rawHeaders } = incoming;
  return rawHeaders.filter((_, i) => i % 2 === 1 && rawHeaders[i - 1]?.toLowerCase() === "host");
}

const isOurHost = (host: string, port: number): boolean =>
  [`127.0.0.1:${port}`, `localhost:${port}`, `[::1]:${port}`].includes(host.toLowerCase());

function cookieOf(request: Request, name: string): string | undefined {
  const pairs = (request.headers.get("cookie") ?? "").split(";").map((pair) => pair.trim());
  return pairs.find((pair) => pair.startsWith(`${name}=`))?.slice(name.length + 1);
}

const no = (status: number, why: string): Judged => ({
  response: new Response(`${why}\n`, {
    status,
    headers: { "content-type": "text/plain; charset=utf-8", "cache-control": "no-store" },
  }),
});

function withHeaders(response: Response): Response {
  for (const [name, value] of Object.entries(HEADERS)) response.headers.set(name, value);
  if (!response.headers.has("cache-control")) response.headers.set("cache-control", "no-store");
  return response;
}
