import { describe, expect, test } from "vitest";
import { visit } from "./house.ts";

const HOST = "127.0.0.1:4820";
const ORIGIN = `http://${HOST}`;

describe("only our own host names are answered", () => {
  test.each([HOST, "localhost:4820", "[::1]:4820", "LOCALHOST:4820"])("%s is one of them", async (host) => {
    const { get } = await visit();
    expect((await get("/healthz", { host })).status).toBe(200);
  });

  test.each([
    "evil.com",
    "evil.com:4820",
    "127.0.0.1.evil.com:4820",
    "localhost.evil.com:4820",
    "127.0.0.1",
    "127.0.0.1:4821",
    "localhost.:4820",
    "0.0.0.0:4820",
    "127.1:4820",
    "2130706433:4820",
    "[::ffff:127.0.0.1]:4820",
    "[::]:4820",
    "",
    " ",
    "127.0.0.1:4820,evil.com",
    "user@127.0.0.1:4820",
    "127.0.0.1:04820",
    "x".repeat(8_000),
  ])("%s is not", async (host) => {
    const { get } = await visit();
    for (const path of ["/", "/healthz", "/open?t=x", "/api/sets", "/media/1/small/x.jpg"])
      expect((await get(path, { host })).status).toBe(421);
  });

  test("a second Host header is refused", async () => {
    const { app } = await visit();
    const request = new Request(`${ORIGIN}/healthz`, { headers: { host: HOST } });
    const response = await app.fetch(request, { incoming: { rawHeaders: ["Host", HOST, "host", "evil.com"] } });
    expect(response.status).toBe(421);
  });
});

describe("nobody gets in without a session", () => {
  test.each([
    "/",
    "/api/sets",
    "//api/sets",
    "/api%2Fsets",
    "/API/sets",
    "/api/sets/",
    "/./api/sets",
    "/media/1/small/a.jpg",
    "/assets/x.js",
    "/nowhere",
    "/api/events",
  ])("%s", async (path) => {
    const { get } = await visit();
    expect((await get(path)).status).toBe(401);
  });

  test("a one-time link works once", async () => {
    const { get, access } = await visit();
    const token = access.issueLink();
    const first = await get(`/open?t=${token}`);
    expect(first.status).toBe(303);
    expect(first.headers.get("set-cookie")).toMatch(/^pg_[0-9a-f]{8}=[\w-]{43}; HttpOnly; SameSite=Strict; Path=\//);
    expect((await get(`/open?t=${token}`)).status).toBe(403);
  });

  test("a link that was never issued does not work, and guesses are limited", async () => {
    const { get, access } = await visit();
    for (let i = 0; i < 10; i += 1) expect((await get(`/open?t=guess${i}`)).status).toBe(403);
    expect((await get(`/open?t=${access.issueLink()}`)).status).toBe(403);
  });

  test.each(["https://evil.com/", "//evil.com/", "/\\evil.com", "javascript:alert(1)"])(
    "a link leads to no other place: %s",
    async (to) => {
      const { get, access } = await visit();
      const response = await get(`/open?t=${access.issueLink()}&to=${encodeURIComponent(to)}`);
      expect(response.headers.get("location")).toBe("/");
    },
  );

  test("after all sessions are dropped the old cookie opens nothing", async () => {
    const { get, signIn, store } = await visit();
    const { cookie } = await signIn();
    expect((await get("/api/sets", { cookie })).status).toBe(200);
    store.sessions.dropAll();
    expect((await get("/api/sets", { cookie })).status).toBe(401);
  });
});

describe("a request from another site changes nothing", () => {
  const good = { origin: ORIGIN, "content-type": "application/json", "sec-fetch-site": "same-origin" };
  test.each([
    ["another origin", { origin: "http://evil.com" }, 403],
    ["another port of this machine", { origin: "http://127.0.0.1:3000" }, 403],
    ["no origin", { origin: null }, 403],
    ["a null origin", { origin: "null" }, 403],
    ["a cross-site fetch", { "sec-fetch-site": "cross-site" }, 403],
    ["a same-site fetch", { "sec-fetch-site": "same-site" }, 403],
    ["a form", { "content-type": "application/x-www-form-urlencoded" }, 415],
    ["plain text", { "content-type": "text/plain" }, 415],
    ["JSON with a charset", { "content-type": "application/json; charset=utf-8" }, 415],
    ["no token", { "x-photogate-csrf": null }, 403],
    ["a wrong token", { "x-photogate-csrf": "guess" }, 403],
  ])("%s", async (_, wrong, status) => {
    const { post, signIn, store } = await visit();
    const session = await signIn();
    const before = store.changes();
    const headers = { cookie: session.cookie, "x-photogate-csrf": session.csrf, ...good, ...wrong };
    for (const path of [
      "/api/sets/x/ops",
      "/api/sets/x/undo",
      "/api/sets/x/roll-back",
      "/api/plans/x/run",
      "/api/start-again",
    ])
      expect((await post(path, {}, headers)).status, path).toBe(status);
    expect(store.changes()).toBe(before);
  });

  test("reads from another site are refused too", async () => {
    const { get, signIn } = await visit();
    const { cookie } = await signIn();
    expect((await get("/api/sets", { cookie, "sec-fetch-site": "cross-site" })).status).toBe(403);
  });

  test("ours goes through", async () => {
    const { post, signIn } = await visit();
    const session = await signIn();
    const headers = { cookie: session.cookie, "x-photogate-csrf": session.csrf, ...good };
    expect((await post("/api/sets/nowhere/ops", { ops: [] }, headers)).status).toBe(404);
  });
});

test("a body over the limit is refused before it is read", async () => {
  const { post, signIn } = await visit();
  const session = await signIn();
  const headers = {
    cookie: session.cookie,
    "x-photogate-csrf": session.csrf,
    origin: ORIGIN,
    "content-type": "application/json",
  };
  expect((await post("/api/sets/x/ops", { ops: "x".repeat(300_000) }, headers)).status).toBe(413);
});

test("the CLI's routes are not for the page", async () => {
  const { post, signIn, cli } = await visit();
  const session = await signIn();
  const headers = {
    cookie: session.cookie,
    "x-photogate-csrf": session.csrf,
    origin: ORIGIN,
    "content-type": "application/json",
  };
  expect((await post("/api/cli/link", {}, headers)).status).toBe(403);
  expect((await post("/api/cli/link", {}, { authorization: `Bearer ${cli}` })).status).toBe(200);
  expect((await post("/api/cli/link", {}, { authorization: "Bearer guess" })).status).toBe(401);
});

test("every answer carries the same headers, errors included", async () => {
  const { get } = await visit();
  for (const [path, headers] of [
    ["/healthz", {}],
    ["/", {}],
    ["/healthz", { host: "evil.com" }],
    ["/nowhere", {}],
  ] as const) {
    const response = await get(path, headers);
    expect(response.headers.get("content-security-policy")).toContain("default-src 'none'");
    expect(response.headers.get("content-security-policy")).not.toContain("unsafe");
    expect(response.headers.get("x-content-type-options")).toBe("nosniff");
    expect(response.headers.get("cross-origin-resource-policy")).toBe("same-origin");
    expect(response.headers.get("referrer-policy")).toBe("no-referrer");
    expect(response.headers.get("access-control-allow-origin")).toBeNull();
  }
});

describe("an image address leads to our previews and nowhere else", () => {
  test.each([
    "/media/..%2f..%2fetc%2fpasswd/small/x.jpg",
    "/media/1/..%2f/x.jpg",
    "/media/1/small/..%2f..%2fpasswd",
    "/media/1e3/small/x.jpg",
    "/media/-1/small/x.jpg",
    "/media/1/original/x.jpg",
    "/media/%00/small/x.jpg",
    "/media/1/small/%2e%2e%5cx",
    "/media/99999999999999999999/small/x.jpg",
    "/assets/..%2f..%2fpackage.json",
    "/assets/names.json%00.js",
    "/assets/%2e%2e%2fcli.js",
  ])("%s", async (path) => {
    const { get, signIn } = await visit();
    const { cookie } = await signIn();
    const response = await get(path, { cookie });
    expect(response.status).toBe(404);
    expect(await response.text()).toBe("There is nothing here.\n");
  });
});

test("an approval that does not say what was seen is refused", async () => {
  const { post, cli, store } = await visit();
  store.sets.open(
    {
      inbox: "/in",
      folder: "/in/gulls",
      name: "gulls",
      context: { folder: "nature" },
      shots: [{ main: { path: "/in/gulls/1.jpg", bytes: 1, mtimeMs: 1, nameIsText: true }, companions: [] }],
    },
    1,
  );
  const op = { id: "1", client: "c", seq: 0, gesture: "g", photo: 1, field: "verdict", to: "approved", baseRev: 0 };
  const response = await post("/api/sets/gulls/ops", { ops: [op] }, { authorization: `Bearer ${cli}` });
  expect(response.status).toBe(400);
  expect(await response.text()).toContain("an approval says what was seen");
});
