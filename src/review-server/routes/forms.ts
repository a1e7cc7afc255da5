import { randomInt, randomUUID } from "node:crypto";
import { type Context, Hono } from "hono";
import { Fault } from "../../domain/fault.ts";
import { PreferencesSchema } from "../../domain/preferences.ts";
import { isDecision, type Op, type OpResult } from "../../domain/review.ts";
import type { SetId } from "../../domain/words.ts";
import type { Hand } from "../../store/gestures.ts";
import type { Deps } from "../deps.ts";
import type { Bindings } from "../guard.ts";
import { ignoreProblems } from "../problems.ts";
import { rowsOf } from "../rows.ts";
import { opsOf, SETTLE_KINDS, wantedSettling } from "../settling.ts";
import { descriptionFromForm } from "./description.ts";
import { splitWishIn } from "./splitting.ts";

type Env = { Bindings: Bindings };
type Form = Readonly<Record<string, string>>;

/** What a form about a set does. It answers with a page to go to, or none for the page it names itself. */
type Act = (form: Form, set: SetId, hand: Hand) => string | undefined | Promise<string | undefined>;

/** Everything the pages can do without script. A fault is carried back to the page by its code. */
export function forms({ store, actions, live, clock, vocabulary }: Deps): Hono<Env> {
  const routes = new Hono<Env>();

  /** One op of its own gesture, on the photo the form names. */
  const taken = (form: Form, set: SetId, hand: Hand, what: Pick<Op, "field" | "to" | "seen">): string | undefined => {
    const { photo = "", rev = "" } = form;
    const id = randomUUID();
    // Drawn, not counted: two forms may come within a millisecond, and a number that was there is an op that was taken.
    const seq = randomInt(2 ** 47);
    const at = { id, client: plainClient(form), seq, gesture: id, photo: Number(photo), baseRev: Number(rev) };
    const [result] = store.desk.apply(set, [{ ...at, ...what }], hand);
    changed(set);
    return refusedAs(result, form);
  };
  const acts: Readonly<Record<string, Act>> = {
    decide(form, set, hand) {
      const { verdict = "", seen = "" } = form;
      const to = isDecision(verdict) ? verdict : null;
      return taken(form, set, hand, { field: "verdict", to, seen: seen === "" ? null : seen });
    },
    overrule(form, set, hand) {
      const { rule = "", reason = "", photo = "" } = form;
      const before = store.desk.photos(set, new Set([Number(photo)]))[0]?.state.edits.overruled ?? [];
      const overruled = [...before.filter((one) => one.rule !== rule), { rule, reason }];
      return taken(form, set, hand, { field: "overruled", to: overruled });
    },
    settle(form, set, hand) {
      const rows = rowsOf(store, set);
      const kind = SETTLE_KINDS.find((one) => one === form["kind"]);
      const wanted = kind && wantedSettling(rows, kind, form["group"] ?? "");
      if (wanted === undefined || (kind !== "parted" && wanted.hash !== form["plan"]))
        throw new Fault(
          "review.groups-changed",
          `${form["kind"]} ${form["group"] ?? ""} of ${set} is not as it was shown`,
        );
      const ops = opsOf(wanted.changes, rows, plainClient(form));
      const refused = store.desk.apply(set, ops, hand).find(({ ok }) => !ok);
      changed(set);
      return refusedAs(refused, form);
    },
    undo(form, set, hand) {
      store.desk.undo(set, plainClient(form), hand);
      changed(set);
      return undefined;
    },
    async publish(form, set, hand) {
      const released = store.releases.release(set, form["hash"] ?? "", hand);
      actions.released(set, released.release, released.photos);
      return `/s/${set}/publish`;
    },
    retry(_, set) {
      actions.retry(set);
      return undefined;
    },
    async "roll-back"(_, set) {
      await actions.rollBack(set);
      return "/";
    },
    async clear(form, set, { by }) {
      await actions.clear(set, { moveOriginals: form["move-originals"] === "yes", by });
      return "/";
    },
    async reopen(_, set) {
      await actions.reopen(set);
      return `/s/${set}`;
    },
    async describe(form, set, hand) {
      await actions.describe(set, descriptionFromForm(form, vocabulary.kinds), hand);
      live.changed(set);
      return undefined;
    },
    async split({ part = "" }, set, hand) {
      const wish = splitWishIn({ part }, store.subjects.of(set)?.parts ?? [], vocabulary.kinds);
      const made = await actions.split(set, wish, hand);
      live.changed(set);
      return `/s/${made}`;
    },
    "take-back"({ photo = "" }, set) {
      actions.takeBack(set, Number(photo));
      return undefined;
    },
  };
  const inboxActs: Readonly<Record<string, (inbox: string, folder: string) => void>> = {
    look: (inbox) => actions.look(inbox === "" ? undefined : inbox),
    go: (inbox, folder) => actions.go(inbox, folder),
    hold: (inbox, folder) => actions.hold(inbox, folder, true),
    "let-close": (inbox, folder) => actions.hold(inbox, folder, false),
    "let-go": (inbox) => actions.letGo(inbox),
  };
  // A rejected photo may have been the last one the set waited for.
  const changed = (set: SetId): void => {
    live.changed(set);
    actions.wake(set);
  };

  const form = async (c: Context<Env>): Promise<Form | undefined> => {
    const body = Object.entries(await c.req.parseBody());
    const texts = Object.fromEntries(body.flatMap(([key, value]) => (typeof value === "string" ? [[key, value]] : [])));
    const { visitor } = c.env;
    return visitor?.kind === "page" && texts["csrf"] === visitor.session.csrf ? texts : undefined;
  };
  const refused = (c: Context<Env>) =>
    c.text("This form was not ours, or is too old. Go back and reload the page.\n", 403);

  /** @param faultsTo where a fault is shown, if not where the form names it */
  const doing = async (
    c: Context<Env>,
    work: (fields: Form, hand: Hand) => ReturnType<Act>,
    faultsTo?: string,
  ): Promise<Response> => {
    const fields = await form(c);
    if (fields === undefined) return refused(c);
    try {
      const to = await work(fields, { by: "page", at: clock.now() });
      return c.redirect(to ?? backTo(fields), 303);
    } catch (failure) {
      if (!(failure instanceof Fault)) throw failure;
      return c.redirect(withFault(faultsTo ?? backTo(fields), failure.code), 303);
    }
  };

  routes.post("/sets/:set/:act", async (c) => {
    const { set, act } = c.req.param();
    const doIt = Object.hasOwn(acts, act) ? acts[act] : undefined;
    if (doIt === undefined) return c.notFound();
    const work = (fields: Form, hand: Hand): ReturnType<Act> => {
      if (store.sets.get(set) === undefined) throw new Fault("set.unknown", `no set ${set}`);
      return doIt(fields, set, hand);
    };
    return doing(c, work, act === "publish" ? `/s/${set}/publish` : undefined);
  });
  routes.post("/inboxes/:act", async (c) => {
    const { act } = c.req.param();
    const doIt = Object.hasOwn(inboxActs, act) ? inboxActs[act] : undefined;
    if (doIt === undefined) return c.notFound();
    return doing(c, ({ inbox = "", folder = "" }) => {
      doIt(inbox, folder);
      live.changed(null);
      return undefined;
    });
  });
  routes.post("/photos/:photo/redo", (c) =>
    doing(c, (_, hand) => {
      changed(actions.redo(Number(c.req.param("photo")), hand));
      return undefined;
    }),
  );
  routes.post("/problems/ignore", (c) =>
    doing(c, ({ path, inbox = "", code = "" }, { at }) => {
      ignoreProblems(store, path === undefined ? { inbox, code } : { path }, at);
      live.changed(null);
      return undefined;
    }),
  );
  routes.post("/preferences", (c) =>
    doing(c, (fields) => {
      store.preferences.write(PreferencesSchema.parse(fields));
      return undefined;
    }),
  );
  routes.post("/sign-out", async (c) => {
    if ((await form(c)) === undefined) return refused(c);
    store.sessions.dropAll();
    return c.text("Every browser is signed out. Open the page again from the icon, or by `photogate review`.\n");
  });
  routes.post("/start-again", (c) =>
    doing(c, ({ set = "" }) => {
      actions.startAgain(set);
      return undefined;
    }),
  );
  return routes;
}

/** One visitor without script is one client: undo is of what this session did. */
const plainClient = ({ csrf = "" }: Form): string => `plain-${csrf.slice(0, 12)}`;

const refusedAs = (result: OpResult | undefined, form: Form): string | undefined =>
  result === undefined || result.ok ? undefined : withFault(backTo(form), result.code);

/** An address of our own only. */
const backTo = ({ back = "/" }: Form): string => (/^\/(?![/\\])[\w./?=#-]*$/.test(back) ? back : "/");

function withFault(to: string, code: string): string {
  const [path = "/", anchor] = to.split("#");
  return `${path}${path.includes("?") ? "&" : "?"}fault=${encodeURIComponent(code)}${anchor === undefined ? "" : `#${anchor}`}`;
}
