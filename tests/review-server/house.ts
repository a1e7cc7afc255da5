import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { FirstSight } from "../../src/first-sight.ts";
import { english } from "../../src/language/english.ts";
import { accessOn } from "../../src/review-server/access.ts";
import { reviewApp } from "../../src/review-server/app.ts";
import type { Actions, Deps, InboxView } from "../../src/review-server/deps.ts";
import { liveOn } from "../../src/review-server/live.ts";
import type { Spelling } from "../../src/spelling.ts";
import { openDatabase } from "../../src/store/database.ts";
import { storeOn } from "../../src/store/store.ts";
import type { Tiles } from "../../src/tiles.ts";

const PORT = 4820;
const CLI = "cli-token";

const FIGURES = { copies: 0, bytes: 0, keptBytes: 0, onlyCopies: 0, published: 0 };

type Headers = Readonly<Record<string, string | null>>;

/** The whole review server on a store in memory, visited without a socket. */
export async function visit(
  overrides: Partial<Actions> = {},
  port: () => number = () => PORT,
  given: {
    readonly archive?: string;
    readonly inboxes?: () => readonly InboxView[];
    readonly firstSight?: FirstSight;
    readonly catalogue?: Deps["catalogue"];
    readonly tile?: Tiles;
    readonly spelling?: Spelling;
    readonly workRoot?: string;
  } = {},
) {
  const clock = { now: () => 1_800_000_000_000, elapsed: () => 1_000 };
  const database = openDatabase(":memory:", { workRoot: given.workRoot ?? "/nowhere", now: clock.now() });
  const plain = storeOn(database, english());
  const store = { ...plain, changes: () => Number(database.prepare("select total_changes()").pluck().get()) };
  const access = accessOn(store.sessions, clock, store.installation.uuid, CLI);
  const errors: unknown[] = [];
  const nothing = (): void => undefined;
  const known = { locations: ["Texel"], categories: ["nature"] };
  const actions: Actions = {
    wake: nothing,
    released: nothing,
    retry: nothing,
    takeBack: nothing,
    stop: nothing,
    rollBack: async () => undefined,
    planClear: async () => FIGURES,
    clear: async () => FIGURES,
    reopen: async () => undefined,
    rewind: async () => undefined,
    describe: async () => undefined,
    split: async (set) => set,
    proposeCorrection: async () => ({ id: "c", photos: [], unchanged: 0, leftOut: [] }),
    takeCorrection: async () => [],
    startAgain: () => 0,
    ingest: async () => "x",
    look: nothing,
    go: nothing,
    hold: nothing,
    letGo: () => 0,
    redo: () => "x",
    ...overrides,
  };
  const app = reviewApp(
    {
      store,
      clock,
      access,
      live: liveOn(clock),
      actions,
      inboxes: given.inboxes ?? (() => []),
      vocabulary: {
        knownTo: () => [known],
        kinds: ["wildlife", "aviation"],
        all: () => ({ ...known, kinds: ["wildlife", "aviation"], subjects: ["Gulls"] }),
      },
      settings: () => ({ file: "/home/photogate.jsonc", settings: [{ name: "review.port", value: "4820" }] }),
      catalogue: given.catalogue ?? (() => []),
      snippets: { k1: "Common kingfisher" },
      spelling: given.spelling ?? (async () => ({})),
      firstSight: given.firstSight ?? (async () => undefined),
      tile: given.tile ?? (async () => undefined),
      stageNames: [],
      archive: given.archive ?? null,
      secondLookPercent: 5,
      countsSittings: true,
      crop: { start: "proposal", panes: 3, refill: "together", leastPixels: 1_080 },
      version: "0",
      assets: assetsFolder(),
    },
    port,
    (error) => errors.push(error),
  );
  const send = (path: string, init: RequestInit, headers: Headers) => {
    const all = Object.entries({ host: `127.0.0.1:${PORT}`, ...headers }).filter(
      (pair): pair is [string, string] => pair[1] !== null,
    );
    return app.fetch(new Request(`http://127.0.0.1:${PORT}${path}`, { ...init, redirect: "manual" }), {
      incoming: { rawHeaders: all.flat() },
    });
  };
  const withHeaders = (headers: Headers): [string, string][] =>
    Object.entries(headers).filter((pair): pair is [string, string] => pair[1] !== null && pair[0] !== "host");
  return {
    app,
    store,
    access,
    errors,
    cli: CLI,
    get: async (path: string, headers: Headers = {}) => send(path, { headers: withHeaders(headers) }, headers),
    post: async (path: string, body: unknown, headers: Headers = {}) => {
      const text = JSON.stringify(body);
      const sent = { "content-type": "application/json", "content-length": String(text.length), ...headers };
      return send(path, { method: "POST", body: text, headers: withHeaders(sent) }, sent);
    },
    form: async (path: string, body: string, headers: Headers = {}) => {
      const sent = {
        "content-type": "application/x-www-form-urlencoded",
        "content-length": String(body.length),
        origin: `http://127.0.0.1:${PORT}`,
        ...headers,
      };
      return send(path, { method: "POST", body, headers: withHeaders(sent) }, sent);
    },
    async signIn() {
      const cookie = access.redeem(access.issueLink()) ?? "";
      return { cookie: `${access.cookieName}=${cookie}`, csrf: access.session(cookie)?.csrf ?? "" };
    },
  };
}

function assetsFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "photogate-assets-"));
  writeFileSync(
    join(folder, "names.json"),
    JSON.stringify({
      "home.js": "home-1.js",
      "review.js": "review-1.js",
      "publish.js": "publish-1.js",
      "style.css": "style-1.css",
    }),
  );
  return folder;
}
