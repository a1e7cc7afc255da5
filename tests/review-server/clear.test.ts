import { expect, test } from "vitest";
import { Fault } from "../../src/domain/fault.ts";
import { archiveFacts, commit, publishFacts, reviewFacts, setAtGate } from "../store/home.ts";
import { visit } from "./house.ts";

const WISH = { moveOriginals: false, by: "page", bytes: 3_000 };

async function finished(overrides: Parameters<typeof visit>[0] = {}, given: Parameters<typeof visit>[2] = {}) {
  const visited = await visit(overrides, undefined, given);
  const { set, photos } = setAtGate(visited.store);
  const review = reviewFacts("r1");
  commit(visited.store, set, "review", photos, () => review);
  commit(visited.store, set, "publish", photos, () => publishFacts("Gulls_001.JPG"));
  commit(visited.store, set, "archive", photos, archiveFacts);
  const { cookie, csrf } = await visited.signIn();
  const home = async (): Promise<string> => (await visited.get("/", { cookie })).text();
  const send = async (act: string, fields: Record<string, string>) => {
    const body = new URLSearchParams({ csrf, ...fields }).toString();
    return visited.form(`/forms/sets/${set}/${act}`, body, { cookie });
  };
  return { ...visited, set, home, send };
}

test("the card of a finished set asks before it clears, and says what that frees", async () => {
  const { home } = await finished();
  const page = await home();
  expect(page).toContain("Frees 3 kB: 2 working copies. Small previews are kept (1 kB)");
  expect(page).not.toContain("move-originals");
});

test("the card offers to move the originals only where there is an archive", async () => {
  const { home } = await finished({}, { archive: "/kept <here>" });
  expect(await home()).toMatch(/name="move-originals"[\s\S]*2 published photos[\s\S]*\/kept &lt;here&gt;/);
});

test("the dialog's button hands the wish over", async () => {
  const wishes: unknown[] = [];
  const clear = async (set: string, wish: unknown) => {
    wishes.push([set, wish]);
    return { copies: 0, bytes: 0, keptBytes: 0, onlyCopies: 0, published: 0 };
  };
  const { send, set } = await finished({ clear });
  expect((await send("clear", {})).status).toBe(303);
  await send("clear", { "move-originals": "yes" });
  expect(wishes).toEqual([
    [set, { moveOriginals: false, by: "page" }],
    [set, { moveOriginals: true, by: "page" }],
  ]);
});

test("a wish that cannot be granted comes back as a sentence", async () => {
  const clear = async (): Promise<never> => {
    throw new Fault("set.unfinished", "2 photos wait");
  };
  const { send } = await finished({ clear });
  expect((await send("clear", {})).headers.get("location")).toBe("/?fault=set.unfinished");
});

test("a cleared set says so, shows small previews in place of the others, and offers no clearing", async () => {
  const { store, set, home, get, cli } = await finished();
  const auth = { authorization: `Bearer ${cli}` };
  store.clearings.ask(set, WISH, 1);
  expect(await home()).toContain("Its working copies are being cleared.");
  store.clearings.finish(set, 1_000, 86_400_000);
  const page = await home();
  expect(page).toContain("Cleared on 1970-01-02: 2 kB freed.");
  expect(page).not.toContain("Clear …");
  const card = await (await get(`/api/sets/${set}`, auth)).json();
  expect(card).toMatchObject({ clearable: null, clearing: false, clearedBytes: 2_000, clearedAt: 86_400_000 });
  const { columns } = await (await get(`/api/sets/${set}/rows`, auth)).json();
  for (const { small, medium, large } of columns.previews) expect([medium, large]).toEqual([small, small]);
});

test("what did not go its way around a photo is listed: a companion without a copy needs somebody, an original that stays does not", async () => {
  const { store, set, get, cli } = await finished();
  const [photo = 0] = store.sets.photos(set).map(({ id }) => id);
  const ingest = store.sets.photo(photo)?.facts.ingest ?? expect.unreachable();
  const uncopied = [{ path: "/in/1.wav", code: "photo.gone", why: "/in/1.wav is not there any more" }];
  commit(store, set, "ingest", [photo], () => ({ ...ingest, uncopied }));
  const kept = [{ path: "/in/1.JPG", why: "/in/1.JPG: the disk is read-only" }];
  commit(store, set, "archive", [photo], () => ({ ...archiveFacts(), kept }));
  const { problems } = await (await get("/api/problems", { authorization: `Bearer ${cli}` })).json();
  expect(problems).toMatchObject([
    { path: "/in/1.wav", code: "companion.uncopied", severity: "problem", why: expect.stringContaining("photo.gone") },
    { path: "/in/1.JPG", code: "original.kept", severity: "note" },
  ]);
});
