import { type Context, Hono } from "hono";
import { html } from "hono/html";
import type { Child } from "hono/jsx";
import { type AuditLine, auditCsv, auditHead, auditJson, auditLine } from "../../domain/audit.ts";
import { type CatalogueFigures, catalogueFigures } from "../../domain/catalogue-figures.ts";
import { paceOf } from "../../domain/pace.ts";
import type { SetId } from "../../domain/words.ts";
import { cardsOf } from "../cards.ts";
import type { Deps } from "../deps.ts";
import type { Bindings } from "../guard.ts";
import { Catalogue } from "../views/catalogue.tsx";
import { type Frame, Notice } from "../views/layout.tsx";
import { Run, Runs } from "../views/runs.tsx";

type Env = { Bindings: Bindings };

const LINES_A_PAGE = 200;

/** What was done, counted and line by line. Nothing on these pages changes anything. */
export function figures(deps: Deps, frame: (c: Context<Env>) => Frame): Hono<Env> {
  const { store } = deps;
  const routes = new Hono<Env>();
  const shown = (c: Context<Env>, page: Child, status: 200 | 404 = 200) => c.html(html`<!doctype html>${page}`, status);

  routes.get("/catalogue", (c) => {
    const published = store.figures.published();
    const counted: CatalogueFigures = catalogueFigures(deps.catalogue(), (name) => published.has(name));
    return shown(
      c,
      <Catalogue
        frame={frame(c)}
        figures={counted}
        decisions={store.figures.decisions()}
        proved={store.figures.proved()}
        edited={store.figures.edited()}
        troubles={store.figures.troubles()}
        pace={paceOf(store.figures.decided())}
      />,
    );
  });

  routes.get("/runs", (c) => {
    const cards = cardsOf(store, deps.stageNames, deps.vocabulary, deps.live.pace);
    return shown(c, <Runs frame={frame(c)} passages={store.figures.passages()} cards={cards} />);
  });

  const filesOf = (set: SetId) => {
    const files = store.figures.files(set);
    return (photo: number): string | null => files.get(photo) ?? null;
  };
  routes.get("/runs/:set", (c) => {
    const set = store.sets.get(c.req.param("set"));
    if (set === undefined) return shown(c, <Notice frame={frame(c)} title="There is no such run" />, 404);
    const fileOf = filesOf(set.id);
    const photo = wholeNumber(c.req.query("photo"));
    const before = wholeNumber(c.req.query("before"));
    const about = { ...(photo === undefined ? {} : { photo }), ...(before === undefined ? {} : { before }) };
    const lines = store.journal.page(set.id, { ...about, most: LINES_A_PAGE }).map((line) => auditLine(line, fileOf));
    const last = lines.length === LINES_A_PAGE ? lines.at(-1)?.seq : undefined;
    const query = new URLSearchParams(photo === undefined ? {} : { photo: String(photo) });
    if (last !== undefined) query.set("before", String(last));
    return shown(
      c,
      <Run
        frame={frame(c)}
        set={set}
        stages={store.figures.stages(set.id)}
        lines={lines}
        photo={photo === undefined ? undefined : { id: photo, file: fileOf(photo) ?? String(photo) }}
        older={last === undefined ? undefined : `?${query}`}
      />,
    );
  });

  const audit = (set: SetId): AuditLine[] => {
    const fileOf = filesOf(set);
    return store.journal.of(set).map((line) => auditLine(line, fileOf));
  };
  routes.get("/runs/:set/audit.csv", (c) => {
    const set = c.req.param("set");
    if (!store.journal.knows(set)) return c.text("There is no such run.\n", 404);
    c.header("content-type", "text/csv; charset=utf-8");
    c.header("content-disposition", `attachment; filename="audit.csv"`);
    return c.body(auditHead + audit(set).map(auditCsv).join(""));
  });
  routes.get("/runs/:set/audit.jsonl", (c) => {
    const set = c.req.param("set");
    if (!store.journal.knows(set)) return c.text("There is no such run.\n", 404);
    c.header("content-type", "application/x-ndjson; charset=utf-8");
    c.header("content-disposition", `attachment; filename="audit.jsonl"`);
    return c.body(audit(set).map(auditJson).join(""));
  });
  return routes;
}

const wholeNumber = (text: string | undefined): number | undefined =>
  text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : undefined;
