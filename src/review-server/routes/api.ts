import { Hono } from "hono";
import { streamSSE } from "hono/streaming";
import { type Final, isStageName } from "../../domain/facts.ts";
import { Fault } from "../../domain/fault.ts";
import { mendedName, nameFlaw } from "../../domain/naming.ts";
import type { LoadedPhoto } from "../../domain/photo.ts";
import { shownOf } from "../../domain/remains.ts";
import { LookSchema, type Op, OpSchema } from "../../domain/review.ts";
import { SittingSchema } from "../../domain/sitting.ts";
import { versionsOf } from "../../domain/versions.ts";
import { type PhotoId, SECOND, type SetId } from "../../domain/words.ts";
import type { Hand } from "../../store/gestures.ts";
import type { Names } from "../../store/names.ts";
import { cardsOf } from "../cards.ts";
import type { NameAnswer } from "../client/file-name.ts";
import { columnsOf, columnsText, rowsAtOnce } from "../columns.ts";
import type { Deps } from "../deps.ts";
import type { Bindings } from "../guard.ts";
import { ignoreProblems, problemsOf } from "../problems.ts";
import { rowsAcross } from "../rows.ts";
import { editsIn, isRecord, issuesText, numberIn, textIn } from "./body.ts";
import { correctionIn, descriptionIn } from "./description.ts";
import { inboxRoutes } from "./inboxes.ts";
import { splitWishIn } from "./splitting.ts";

/** What is looked up in a dictionary. */
const spelledIn = ({ caption, altText, keywords, subject, location }: Final): Readonly<Record<string, string>> => ({
  caption,
  altText,
  keywords: keywords.join(", "),
  subject,
  location,
});

/** Names that are right beside this photo: what was said of its set, where it was taken, who is written into it. */
function knownBeside({ context, facts: { exif, iptc, subject } }: LoadedPhoto): string[] {
  const said = [context.subject, context.location, context.event, exif?.place?.city, exif?.place?.country];
  const written = [iptc?.sublocation, iptc?.city, iptc?.state, iptc?.country].map((one) => one?.value);
  const names = [
    ...(iptc?.persons?.value ?? []),
    ...(subject?.kind?.aliases ?? []),
    ...(subject?.kind?.vocabulary ?? []),
  ];
  return [...said, ...written, ...names].filter((name) => name != null);
}

/** Can a photo have a name, and which could it have if not? */
function nameAnswer({ isTaken, freeBeside }: Names, photo: PhotoId, name: string): NameAnswer {
  const flaw = nameFlaw(name);
  const usable = flaw === undefined ? name : mendedName(name);
  const taken = isTaken(photo, usable);
  const instead = taken ? freeBeside(usable) : usable;
  if (flaw !== undefined) return { flaw, instead };
  return taken ? { flaw: `taken, next free is ${instead}`, instead } : { flaw: null, instead: null };
}

type Env = { Bindings: Bindings };

const MAX_OPS = 1_000;
const MAX_ACROSS = 500;
/** Second looks that the miss rate is of. */
const LATEST_LOOKS = 300;
/** photos whose proposals are asked for at once */
const MAX_CROPS = 200;
const HEARTBEAT_MS = 15 * SECOND;
/** A rejected photo may have been the last one its set waited for. Nothing else that is decided sets a set going. */
const isRejection = ({ field, to }: Op): boolean => field === "verdict" && to === "rejected";

const etagOf = (set: SetId, rev: number): string => `"${set}-${rev}"`;

/** The JSON side of the page, and the CLI's. Reads have no side effects; writes answer after the commit. */
export function api(deps: Deps): Hono<Env> {
  const { store, actions, live } = deps;
  const routes = new Hono<Env>();
  const hand = (env: Bindings): Hand => ({ by: env.visitor?.kind === "cli" ? "cli" : "page", at: deps.clock.now() });
  const known = (set: SetId): SetId => {
    if (store.sets.get(set) === undefined) throw new Fault("set.unknown", `no set ${set}`);
    return set;
  };
  const cards = () => cardsOf(store, deps.stageNames, deps.vocabulary, live.pace);

  routes.get("/sets", (c) => c.json({ sets: cards(), inboxes: deps.inboxes(), version: deps.version }));
  routes.get("/sets/:set", (c) => {
    const set = known(c.req.param("set"));
    return c.json(cards().find(({ id }) => id === set) ?? null);
  });
  routes.get("/problems", (c) => c.json({ problems: problemsOf(store) }));

  routes.get("/sets/:set/rows", async (c) => {
    const set = known(c.req.param("set"));
    if (c.req.header("if-none-match") === etagOf(set, store.desk.revision(set))) return c.body(null, 304);
    const since = Number(c.req.query("since") ?? 0);
    if (since > 0 && store.splits.hasSplitSince(set, since))
      throw new Fault("set.split", `photos of ${set} are one of their own since revision ${since}`);
    const touched = since > 0 ? store.desk.touchedSince(set, since) : undefined;
    const { rev, rows } = await rowsAtOnce(store, set, touched);
    c.header("etag", etagOf(set, rev));
    c.header("content-type", "application/json");
    const about = JSON.stringify({ rev, partial: touched !== undefined, count: rows.length });
    return c.body(`${about.slice(0, -1)},"columns":${await columnsText(rows)}}`);
  });

  // Photos of other sets, shown beside those they are like.
  routes.get("/rows", (c) => {
    const photos = (c.req.query("photos") ?? "").split(",").filter((photo) => /^\d{1,15}$/.test(photo));
    if (photos.length > MAX_ACROSS) throw new Fault("review.invalid-value", `at most ${MAX_ACROSS} photos at once`);
    const rows = rowsAcross(store, photos.map(Number));
    return c.json({ rev: 0, partial: true, count: rows.length, columns: columnsOf(rows) });
  });

  routes.post("/sets/:set/ops", async (c) => {
    const set = known(c.req.param("set"));
    const body: unknown = await c.req.json();
    const read = OpSchema.array()
      .max(MAX_OPS)
      .safeParse(isRecord(body) ? body["ops"] : undefined);
    if (!read.success) throw new Fault("review.invalid-value", issuesText("ops", read.error));
    const results = store.desk.apply(set, read.data, hand(c.env));
    live.changed(set);
    if (read.data.some(isRejection)) actions.wake(set);
    return c.json({ results, rev: store.desk.revision(set) });
  });
  routes.post("/sets/:set/seen", async (c) => {
    const set = known(c.req.param("set"));
    const body: unknown = await c.req.json();
    const read = LookSchema.array()
      .max(MAX_OPS)
      .safeParse(isRecord(body) ? body["looks"] : undefined);
    if (!read.success) throw new Fault("review.invalid-value", issuesText("looks", read.error));
    store.looks.note(set, read.data, deps.clock.now());
    return c.json({ ok: true });
  });
  routes.post("/sets/:set/sitting", async (c) => {
    const set = known(c.req.param("set"));
    const read = SittingSchema.safeParse(await c.req.json());
    if (!read.success) throw new Fault("review.invalid-value", issuesText("sitting", read.error));
    if (deps.countsSittings) store.sittings.note(set, read.data, deps.clock.now());
    return c.json({ ok: true });
  });
  routes.get("/second-looks", (c) => c.json(store.looks.found(LATEST_LOOKS)));
  /** What is taken back or done again may be a rejection. */
  const afterDecision = (set: SetId): void => {
    live.changed(set);
    actions.wake(set);
  };

  // It changes nothing, but what is typed is sent: asked for like a change, so that no other page can have it judged.
  routes.post("/sets/:set/photos/:photo/check", async (c) => {
    const set = known(c.req.param("set"));
    const found = store.desk.wouldBe(set, Number(c.req.param("photo")), editsIn(await c.req.json()));
    const { flaws, evidence, final, photo } = found;
    const spelling = final === undefined ? {} : await deps.spelling(spelledIn(final), knownBeside(photo));
    return c.json({ flaws, evidence, spelling });
  });

  // For those on the screen and the next ones: the boxes of a whole set would be megabytes.
  routes.get("/sets/:set/crops", (c) => {
    const set = known(c.req.param("set"));
    const wanted = (c.req.query("photos") ?? "").split(",").slice(0, MAX_CROPS).map(Number);
    const photos = wanted.flatMap((photo) => store.sets.photo(photo) ?? []).filter(({ setId }) => setId === set);
    return c.json({ crops: Object.fromEntries(photos.map((one) => [one.id, shownOf(one).look?.crops ?? []])) });
  });

  // For one photo: of a whole set it would be too much for what is looked at now and then.
  routes.get("/sets/:set/photos/:photo/evidence", (c) => {
    const set = known(c.req.param("set"));
    return c.json({ evidence: store.desk.evidence(set, Number(c.req.param("photo"))) });
  });

  // What the machine said first and what mending made of it: for one photo, as above. Null before there are words.
  routes.get("/sets/:set/photos/:photo/words", (c) => {
    const set = known(c.req.param("set"));
    const photo = store.sets.photo(Number(c.req.param("photo")));
    if (photo?.setId !== set) throw new Fault("review.unknown-photo", `no photo ${c.req.param("photo")} in set ${set}`);
    const { words } = photo.facts;
    return c.json({ words: words === undefined ? null : versionsOf(words, store.generations.of(photo.id)) });
  });

  routes.get("/sets/:set/photos/:photo/name", (c) => {
    const set = known(c.req.param("set"));
    const photo = Number(c.req.param("photo"));
    if (store.sets.photo(photo)?.setId !== set)
      throw new Fault("review.unknown-photo", `no photo ${c.req.param("photo")} in set ${set}`);
    return c.json(nameAnswer(store.names, photo, c.req.query("is") ?? ""));
  });

  for (const way of ["undo", "redo"] as const)
    routes.post(`/sets/:set/${way}`, async (c) => {
      const set = known(c.req.param("set"));
      const photos = store.desk[way](set, textIn(await c.req.json(), "client"), hand(c.env));
      afterDecision(set);
      return c.json({ photos, rev: store.desk.revision(set) });
    });
  routes.get("/sets/:set/history", (c) => c.json({ gestures: store.desk.history(known(c.req.param("set")), 500) }));

  routes.post("/sets/:set/plan", (c) =>
    c.json({ id: known(c.req.param("set")), ...store.releases.plan(c.req.param("set")) }),
  );
  routes.post("/plans/:set/run", async (c) => {
    const set = known(c.req.param("set"));
    const released = store.releases.release(set, textIn(await c.req.json(), "hash"), hand(c.env));
    actions.released(set, released.release, released.photos);
    return c.json(released);
  });
  routes.get("/sets/:set/releases", (c) => c.json({ releases: store.releases.of(known(c.req.param("set"))) }));

  routes.post("/sets/:set/retry", (c) => {
    actions.retry(known(c.req.param("set")));
    return c.json({ ok: true });
  });
  routes.post("/sets/:set/roll-back", async (c) => {
    await actions.rollBack(known(c.req.param("set")));
    return c.json({ ok: true });
  });
  routes.get("/sets/:set/clear", async (c) =>
    c.json({ ...(await actions.planClear(known(c.req.param("set")))), archive: deps.archive }),
  );
  routes.post("/sets/:set/clear", async (c) => {
    const set = known(c.req.param("set"));
    const body: unknown = await c.req.json();
    const moveOriginals = isRecord(body) && body["moveOriginals"] === true;
    return c.json(await actions.clear(set, { moveOriginals, by: hand(c.env).by }));
  });
  routes.post("/sets/:set/reopen", async (c) => {
    await actions.reopen(known(c.req.param("set")));
    return c.json({ ok: true });
  });
  routes.post("/sets/:set/rewind", async (c) => {
    const set = known(c.req.param("set"));
    const to = textIn(await c.req.json(), "to");
    if (!isStageName(to)) throw new Fault("review.invalid-value", `there is no stage ${to}`);
    await actions.rewind(set, to, undefined);
    return c.json({ ok: true });
  });
  routes.post("/sets/:set/describe", async (c) => {
    const set = known(c.req.param("set"));
    await actions.describe(set, descriptionIn(await c.req.json(), deps.vocabulary.kinds), hand(c.env));
    live.changed(set);
    return c.json({ context: store.sets.get(set)?.context });
  });
  routes.post("/sets/:set/split", async (c) => {
    const set = known(c.req.param("set"));
    const wish = splitWishIn(await c.req.json(), store.subjects.of(set)?.parts ?? [], deps.vocabulary.kinds);
    const made = await actions.split(set, wish, hand(c.env));
    live.changed(set);
    return c.json({ set: made, photos: store.sets.counts(made).photos });
  });
  // Shown first, and taken by its id: what is taken is what was shown.
  routes.post("/sets/:set/corrections", async (c) => {
    const set = known(c.req.param("set"));
    return c.json(
      await actions.proposeCorrection(set, correctionIn(await c.req.json(), deps.vocabulary.kinds), c.req.raw.signal),
    );
  });
  routes.post("/sets/:set/corrections/:id/take", async (c) => {
    const { set, id } = c.req.param();
    const body: unknown = await c.req.json();
    const by = { client: textIn(body, "client"), seq: numberIn(body, "seq") };
    const photos = await actions.takeCorrection(known(set), id, by, hand(c.env));
    afterDecision(set);
    return c.json({ photos, rev: store.desk.revision(set) });
  });
  routes.post("/sets/:set/photos/:photo/take-back", (c) => {
    actions.takeBack(known(c.req.param("set")), Number(c.req.param("photo")));
    return c.json({ ok: true });
  });
  routes.route("/inboxes", inboxRoutes(deps));
  routes.post("/photos/:photo/redo", (c) => {
    const set = actions.redo(Number(c.req.param("photo")), hand(c.env));
    afterDecision(set);
    return c.json({ set });
  });
  routes.post("/problems/ignore", async (c) => {
    const body: unknown = await c.req.json();
    const about =
      isRecord(body) && "code" in body
        ? { inbox: textIn(body, "inbox"), code: textIn(body, "code") }
        : { path: textIn(body, "path") };
    const files = ignoreProblems(store, about, deps.clock.now());
    live.changed(null);
    return c.json({ files });
  });
  routes.post("/start-again", async (c) => c.json({ files: actions.startAgain(textIn(await c.req.json(), "set")) }));

  routes.get("/events", (c) =>
    streamSSE(c, async (stream) => {
      const unsubscribe = live.subscribe((notice) => {
        void stream.writeSSE({ id: String(notice.id), event: notice.type, data: JSON.stringify({ set: notice.set }) });
      });
      // A timer that is cleared, not a sleep: it would keep a stopped daemon alive until it was over.
      const beat = (): void => void stream.write(": still here\n\n");
      const heart = setInterval(beat, HEARTBEAT_MS);
      beat();
      await new Promise<void>((resolve) => stream.onAbort(resolve));
      clearInterval(heart);
      unsubscribe();
    }),
  );

  // For the CLI alone: a page that was opened once must not be able to open others or end the daemon.
  routes.use("/cli/*", async (c, next) => (c.env.visitor?.kind === "cli" ? next() : c.text("for the CLI only\n", 403)));
  routes.post("/cli/link", (c) => c.json({ token: deps.access.issueLink() }));
  routes.post("/cli/ingest", async (c) => c.json({ set: await actions.ingest(textIn(await c.req.json(), "folder")) }));
  routes.post("/cli/stop", (c) => {
    actions.stop();
    return c.json({ ok: true });
  });
  return routes;
}
