import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type Context, Hono } from "hono";
import { html } from "hono/html";
import type { Child } from "hono/jsx";
import type { SetId } from "../../domain/words.ts";
import { type Card, cardsOf } from "../cards.ts";
import type { Deps } from "../deps.ts";
import type { Bindings } from "../guard.ts";
import { countProblems, problemsOf } from "../problems.ts";
import { rowsOf } from "../rows.ts";
import { CropPage } from "../views/crop.tsx";
import { Home } from "../views/home.tsx";
import { type Frame, Notice } from "../views/layout.tsx";
import { Plain } from "../views/plain.tsx";
import { Problems } from "../views/problems.tsx";
import { Publish } from "../views/publish.tsx";
import { Review } from "../views/review.tsx";
import { SettingsPage } from "../views/settings.tsx";
import { buildIn } from "./assets.ts";
import { figures } from "./figures.tsx";
import { forms } from "./forms.ts";
import { groupPages } from "./groups.tsx";

type Env = { Bindings: Bindings };

/** The pages a person sees, and the forms on them. Drawn from the store anew each time: there is no second state. */
export function pages(deps: Deps): Hono<Env> {
  const { store } = deps;
  const routes = new Hono<Env>();
  const asset = assetNames(deps.assets);
  const build = buildIn(deps.assets, deps.version);
  const covers = coversOn(deps);
  const cards = () => cardsOf(store, deps.stageNames, deps.vocabulary, deps.live.pace);

  const frame = (c: Context<Env>): Frame => ({
    csrf: c.env.visitor?.kind === "page" ? c.env.visitor.session.csrf : "",
    uuid: store.installation.uuid,
    version: deps.version,
    build,
    now: deps.clock.now(),
    asset,
    problems: countProblems(store),
    preferences: store.preferences.read(),
    fault: c.req.query("fault"),
  });
  const shown = (c: Context<Env>, page: Child, status: 200 | 404 = 200) => c.html(html`<!doctype html>${page}`, status);
  const cameras = ({ id }: Card) => store.descriptions.cameras(id);
  const missing = (c: Context<Env>, what: string) =>
    shown(c, <Notice frame={frame(c)} title={`There is no such ${what}`} />, 404);
  const setOf = (id: SetId) => {
    const set = store.sets.get(id);
    const card = set && cards().find((one) => one.id === id);
    return set && card && { set, card };
  };

  routes.get("/", (c) =>
    shown(
      c,
      <Home
        frame={frame(c)}
        cards={cards()}
        inboxes={deps.inboxes()}
        covers={covers}
        cameras={cameras}
        known={deps.vocabulary.all()}
        archive={deps.archive}
      />,
    ),
  );
  routes.get("/problems", (c) => shown(c, <Problems frame={frame(c)} problems={problemsOf(store)} />));
  routes.get("/settings", (c) => shown(c, <SettingsPage frame={frame(c)} settings={deps.settings()} />));
  routes.get("/s/:set/publish", (c) => {
    const found = setOf(c.req.param("set"));
    if (found === undefined) return missing(c, "set");
    const plan = store.releases.plan(found.set.id);
    return shown(c, <Publish frame={frame(c)} {...found} plan={plan} rows={rowsOf(store, found.set.id)} />);
  });

  const review = (c: Context<Env>, id: SetId, photo: string | undefined) => {
    const found = setOf(id);
    if (found === undefined) return missing(c, "set");
    const open = photo === undefined ? undefined : store.sets.photo(Number(photo));
    if (photo !== undefined && open?.setId !== id) return missing(c, "photo");
    const about = { cameras: cameras(found.card), known: deps.vocabulary.all() };
    const { secondLookPercent, countsSittings } = deps;
    const looks = { secondLookPercent, countsSittings, snippets: deps.snippets };
    return shown(c, <Review frame={frame(c)} {...found} {...about} {...looks} photo={open?.id} />);
  };
  routes.get("/s/:set", (c) => review(c, c.req.param("set"), undefined));
  routes.get("/s/:set/i/:photo", (c) => review(c, c.req.param("set"), c.req.param("photo")));

  routes.get("/s/:set/crop", (c) => {
    const found = setOf(c.req.param("set"));
    if (found === undefined) return missing(c, "set");
    return shown(c, <CropPage frame={frame(c)} set={found.set} crop={deps.crop} />);
  });

  const plain = (c: Context<Env>, id: SetId, photo: string | undefined) => {
    const found = setOf(id);
    if (found === undefined) return missing(c, "set");
    const rows = rowsOf(store, id);
    const open = rows.find((row) => String(row.id) === photo);
    if (photo !== undefined && open === undefined) return missing(c, "photo");
    const pageNumber = Math.max(1, Number.parseInt(c.req.query("page") ?? "1", 10) || 1);
    const about = { cameras: cameras(found.card), known: deps.vocabulary.all() };
    return shown(c, <Plain frame={frame(c)} {...found} {...about} rows={rows} open={open} pageNumber={pageNumber} />);
  };
  routes.get("/s/:set/plain", (c) => plain(c, c.req.param("set"), undefined));
  routes.get("/s/:set/plain/:photo", (c) => plain(c, c.req.param("set"), c.req.param("photo")));

  routes.route("/", figures(deps, frame));
  routes.route("/s", groupPages({ store, frame, shown, missing }));
  routes.route("/forms", forms(deps));
  return routes;
}

/** Read once: the names carry a hash of what is in them. */
function assetNames(folder: string): (name: string) => string {
  const names: Readonly<Record<string, string>> = JSON.parse(readFileSync(join(folder, "names.json"), "utf8"));
  return (name) => `/assets/${names[name] ?? name}`;
}

const COVERS = 4;
/** Photos among which they are looked for: the first may be left out. */
const LOOKED_THROUGH = 50;

/**
 * The first pictures of a set, ours or for as long as there is none the camera's. They are found once they are ours: loading
 * all photos of all sets for every look at the home page would be dear.
 */
function coversOn({ store }: Pick<Deps, "store">): (card: Card) => readonly string[] {
  const found = new Map<SetId, readonly string[]>();
  return ({ id, state }) => {
    const known = found.get(id);
    if (known !== undefined) return known;
    const isSettled = state !== "queued" && state !== "processing" && state !== "held";
    const rows = rowsOf(store, id, new Set(store.sets.first(id, isSettled ? LOOKED_THROUGH : COVERS)));
    const seen = rows.filter(({ culled, previews }) => previews !== null || (culled === null && !isSettled));
    const urls = seen.flatMap(({ previews, sight }) => (previews ?? sight)?.small ?? []).slice(0, COVERS);
    if (isSettled || seen.every(({ previews }) => previews !== null)) found.set(id, urls);
    return urls;
  };
}
