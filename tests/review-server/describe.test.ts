import { describe, expect, test } from "vitest";
import type { Description } from "../../src/domain/context.ts";
import type { Facts } from "../../src/domain/facts.ts";
import { Fault } from "../../src/domain/fault.ts";
import { commit, factsAtGate, hand, op, reviewFacts, setAtGate } from "../store/home.ts";
import { visit } from "./house.ts";

const HOST = "127.0.0.1:4820";

/** Where a set is shown. */
const pages = (set: string): string[] => ["/", `/s/${set}`, `/s/${set}/plain`];

/** A set at the gate, and what was asked to be said about it. */
async function withSet(fails?: Fault) {
  const asked: (readonly [string, Description, string])[] = [];
  const house = await visit({
    describe: async (set, said, by) => {
      if (fails !== undefined) throw fails;
      asked.push([set, said, by.by]);
    },
  });
  const { set, photos } = setAtGate(house.store);
  const { cookie, csrf } = await house.signIn();
  return {
    ...house,
    set,
    photos,
    asked,
    tell: async (body: unknown) =>
      house.post(`/api/sets/${set}/describe`, body, { authorization: `Bearer ${house.cli}` }),
    send: async (fields: Readonly<Record<string, string>>) => {
      const body = new URLSearchParams({ csrf, ...fields }).toString();
      const headers = {
        host: HOST,
        cookie,
        origin: `http://${HOST}`,
        "content-type": "application/x-www-form-urlencoded",
        "content-length": String(body.length),
      };
      return house.app.fetch(
        new Request(`http://${HOST}/forms/sets/${set}/describe`, { method: "POST", body, headers, redirect: "manual" }),
        { incoming: { rawHeaders: Object.entries(headers).flat() } },
      );
    },
    see: async (path: string) => (await house.get(path, { cookie })).text(),
  };
}

const form = {
  subject: "Terns",
  location: "",
  category: "birds",
  date: "2026-10",
  copyright: "(c) A",
  "camera-0": "Canon EOS R5",
  "off-0": "1 h 2 min",
  "way-0": "ahead",
  "camera-1": "NIKON Z 8",
  "off-1": " 45 s",
  "way-1": "behind",
  "camera-2": "*",
  "off-2": "",
  "way-2": "ahead",
};

describe("the form about a set", () => {
  test("says all fields and a line for each camera, and leads back to where it was", async () => {
    const { asked, set, send } = await withSet();
    const answer = await send({ ...form, back: `/s/${set}` });
    expect([answer.status, answer.headers.get("location")]).toEqual([303, `/s/${set}`]);
    expect(asked).toEqual([
      [
        set,
        {
          subject: "Terns",
          location: undefined,
          category: "birds",
          date: "2026-10",
          copyright: "(c) A",
          clock: [
            { camera: "Canon EOS R5", aheadSeconds: 3_720 },
            { camera: "NIKON Z 8", aheadSeconds: -45 },
          ],
        },
        "page",
      ],
    ]);
  });

  test("of one word alone leaves the others as they are", async () => {
    const { asked, send } = await withSet();
    await send({ location: "Texel", back: "/" });
    expect(asked.map(([, said]) => said)).toEqual([{ location: "Texel" }]);
  });

  test("with no difference for any camera takes all corrections back", async () => {
    const { asked, send } = await withSet();
    await send({ "camera-0": "Canon EOS R5", "off-0": "", "way-0": "behind" });
    expect(asked.map(([, said]) => said)).toEqual([{ clock: [] }]);
  });

  test.each([{ "off-0": "soon" }, { "off-0": "-1 h" }, { date: "14.10.2026" }, { category: "" }])(
    "with %j is refused, and says so on the page it came from",
    async (flaw) => {
      const { asked, send } = await withSet();
      const answer = await send({ ...form, ...flaw, back: "/" });
      expect(answer.headers.get("location")).toBe("/?fault=set.description-invalid");
      expect(asked).toEqual([]);
    },
  );

  test("of a set with released photos leads back with the reason", async () => {
    const { see, send } = await withSet(new Fault("set.released", "1 photo is released"));
    const to = (await send(form)).headers.get("location") ?? "";
    expect(to).toBe("/?fault=set.released");
    expect(await see(to)).toContain("what holds for the whole set cannot be changed any more");
  });
});

const MIXED = [
  { subject: "Heron", photos: [1] },
  { subject: "Boat", photos: [2] },
];

describe("what a model saw in a set", () => {
  const sees = async (over: Partial<Facts["subject"]>) => {
    const house = await withSet();
    const suggestion = {
      generic: "Heron",
      specific: "Grey heron",
      share: 0.75,
      category: "bird" as const,
      people: "0" as const,
      visibleText: [],
      setting: "water",
      frames: [1, 2, 3, 4],
      model: "qwen3.5:4b",
    };
    const facts = { ...factsAtGate("x").subject, suggestion, conflict: true, ...over };
    commit(house.store, house.set, "subject", house.photos, () => facts);
    return house;
  };

  test("is shown beside what was said, at the set and in its dialog, with one press to take it", async () => {
    const { see, send, asked, set } = await sees({});
    for (const path of [`/s/${set}`, `/s/${set}/plain`]) {
      const page = await see(path);
      expect(page).toContain("SUBJ-CONFLICT");
      expect(page).toMatch(/Seen in 3 of 4 photos, by qwen3\.5:4b: “<bdi>Grey heron<\/bdi>”/);
      expect(page).toMatch(/name="subject" value="Grey heron"/);
      // Enter presses the first button of a form: it must save what the photographer typed.
      const dialog = page.slice(page.indexOf('<dialog id="about-'));
      const [first, second] = dialog.match(/<button type="submit"[^>]*>/g) ?? [];
      expect(first).not.toContain("suggested");
      expect(second).toContain('name="suggested" value="Grey heron"');
    }
    await send({ ...form, suggested: "Grey heron" });
    expect(asked[0]?.[1]).toMatchObject({ subject: "Grey heron", category: "birds" });
  });

  test("is offered in the dialog alone where nothing speaks against what was said", async () => {
    const { see, set } = await sees({ conflict: false });
    const page = await see(`/s/${set}`);
    expect(page).not.toContain("SUBJ-");
    expect(page).not.toContain("Seen in");
    expect(page).toContain('name="suggested"');
  });

  test("is told with the photos of each thing where it saw two", async () => {
    const { see, set, store, photos } = await sees({
      suggestion: null,
      conflict: false,
      mixed: MIXED,
    });
    for (const [photo, part] of [
      [photos[0] ?? 0, "Heron"],
      [photos[1] ?? 0, "Boat"],
    ] as const)
      commit(store, set, "subject", [photo], () => ({ ...factsAtGate("x").subject, mixed: MIXED, part }));
    for (const path of [`/s/${set}`, `/s/${set}/plain`])
      expect(await see(path)).toContain("It seems to show different things: Heron (1 photo), Boat (1 photo)");
  });
});

describe("the JSON about a set", () => {
  test("knows the kinds there are, and refuses another with all of them", async () => {
    const { asked, tell } = await withSet();
    await tell({ kind: "Wildlife", event: "Bird Week" });
    expect(asked[0]?.[1]).toEqual({ kind: "wildlife", event: "Bird Week" });
    const refused = JSON.parse(await (await tell({ kind: "wildlive" })).text());
    expect(refused.message).toBe('kind: there is no "wildlive"; there are: wildlife, aviation');
    await tell({ kind: "" });
    expect(asked).toHaveLength(2);
  });

  test("is the same, and answers with what is said now", async () => {
    const { asked, set, store, tell } = await withSet();
    const answer = await tell({ subject: "Terns", clock: { "*": "+1 h" } });
    expect(await answer.json()).toEqual({ context: store.sets.get(set)?.context });
    expect(asked).toEqual([[set, { subject: "Terns", clock: [{ camera: null, aheadSeconds: 3_600 }] }, "cli"]]);
  });

  test("with mistakes is refused with all of them", async () => {
    const { asked, tell } = await withSet();
    const answer = await tell({ date: "soon", clock: { Canon: "1 h" }, folder: "x" });
    expect(answer.status).toBe(400);
    const { code, message } = JSON.parse(await answer.text());
    expect(code).toBe("set.description-invalid");
    expect(message).toMatch(/date: must be 2026.*clock\.Canon: "1 h" must be like.*"folder"/);
    expect(asked).toEqual([]);
  });

  test("of a set nobody knows is 404", async () => {
    const { post, cli } = await visit();
    const answer = await post("/api/sets/nobody/describe", {}, { authorization: `Bearer ${cli}` });
    expect(answer.status).toBe(404);
  });
});

describe("the pages of a set", () => {
  test("have the dialog with what is said, known words to choose from, and a line for each camera", async () => {
    const { see, set, store, photos } = await withSet();
    commit(store, set, "exif", photos.slice(0, 1), () => ({ ...factsAtGate("x").exif, camera: null }));
    for (const page of pages(set).map(see)) {
      const shown = await page;
      expect(shown).toContain(`action="/forms/sets/${set}/describe"`);
      expect(shown).toMatch(/name="subject" value="Gulls"/);
      expect(shown).toMatch(/name="location" value="Texel"[^>]*list="known-locations"/);
      expect(shown).toContain('<datalist id="known-locations"><option value="Texel"></option></datalist>');
      expect(shown).toContain('name="camera-0" value="Canon EOS R5"');
      expect(shown).toContain("Every other camera");
    }
  });

  test("show a correction of a clock as it was said", async () => {
    const { see, set, store } = await withSet();
    const clock = [{ camera: "Canon EOS R5", aheadSeconds: -3_720 }];
    store.descriptions.describe(set, { folder: "nature", clock }, [], hand);
    const shown = await see(`/s/${set}`);
    expect(shown).toMatch(/name="off-0" value="1 h 2 min"/);
    expect(shown).toMatch(/<option value="behind" selected="">/);
  });

  test("say how many approvals it takes back", async () => {
    const { see, set, store, photos } = await withSet();
    const seen = store.desk.photos(set)[0]?.hash ?? null;
    store.desk.apply(set, [op(photos[0] ?? 0, "verdict", "approved", { seen })], hand);
    for (const page of pages(set)) expect(await see(page)).toContain("It takes back 1 approval.");
  });

  test("ask about a new word, with one button for each spelling near it", async () => {
    const { see, set, store } = await withSet();
    store.descriptions.describe(set, { location: "Texell", folder: "b<i>rds" }, [], hand);
    for (const page of pages(set)) {
      const shown = await see(page);
      expect(shown).toContain("New location “<bdi>Texell</bdi>”: did you mean");
      expect(shown).toMatch(/name="location" value="Texel"\/><input type="hidden" name="back"/);
      expect(shown).toContain("New category “<bdi>b&lt;i&gt;rds</bdi>”</span></li>");
    }
  });

  test("have neither once photos are released", async () => {
    const { see, set, store, photos } = await withSet();
    store.descriptions.describe(set, { location: "Texell", folder: "nature" }, [], hand);
    commit(store, set, "review", photos.slice(0, 1), () => reviewFacts("r1"));
    for (const page of pages(set)) expect(await see(page)).not.toMatch(/\/describe|did you mean/);
  });
});

describe("photos that know where they were taken", () => {
  const withPlaces = async () => {
    const house = await withSet();
    const { store, set, photos } = house;
    const exif = factsAtGate("x").exif;
    const place = { city: "Den <Burg>", country: "Netherlands", km: 3 };
    commit(store, set, "exif", photos.slice(0, 1), () => ({ ...exif, place }));
    store.descriptions.describe(set, { folder: "nature" }, [], hand);
    return house;
  };

  test("offer the town as the set's location while nobody has said it", async () => {
    const { see, set, store } = await withPlaces();
    for (const page of pages(set)) {
      const shown = await see(page);
      expect(shown).toContain("1 photo was taken near");
      expect(shown).toContain("<bdi>Den &lt;Burg&gt;, Netherlands</bdi>");
      expect(shown).toMatch(/name="location" value="Den &lt;Burg&gt;, Netherlands"/);
    }
    store.descriptions.describe(set, { location: "Texel", folder: "nature" }, [], hand);
    for (const page of pages(set)) expect(await see(page)).not.toContain("taken near");
  });

  test("offer none that is far away, and the country only where it is sure", async () => {
    const { store, set, photos, get, cli } = await withPlaces();
    const exif = factsAtGate("x").exif;
    store.checkpoints.forget(set, "exif", [...photos], 1);
    commit(store, set, "exif", photos, (photo) => ({
      ...exif,
      place:
        photo === photos[0] ? { city: "Far", country: "Iceland", km: 60 } : { city: "Konstanz", country: null, km: 2 },
    }));
    const answer = await get(`/api/sets/${set}`, { authorization: `Bearer ${cli}` });
    expect(await answer.json()).toMatchObject({ takenNear: [{ place: "Konstanz", photos: photos.length - 1 }] });
  });
});

describe("a set that waits for a model", () => {
  const why = "http://127.0.0.1:11434 has no model qwen3.5:4b; it has gemma4:e4b";
  const waiting = (store: Awaited<ReturnType<typeof withSet>>["store"], set: string, code: string) =>
    store.checkpoints.hold(set, { stage: "words", code, why, retryAt: null, at: 1 });

  test("shows the command that gets it, and three ways on without it", async () => {
    const { see, set, store } = await withSet();
    waiting(store, set, "captioner.no-model");
    const shown = await see("/");
    expect(shown).toContain(why);
    expect(shown).toContain("photogate model pull NAME");
    expect(shown).toMatch(/name="captioner" value="template"[^§]*?Go on with the template/);
    expect(shown).toMatch(/name="model"[^§]*?Ask it/);
    expect(shown).toContain(`action="/forms/sets/${set}/roll-back"`);
  });

  test("goes on with the template, or with another model, by these buttons", async () => {
    const { asked, send } = await withSet();
    await send({ captioner: "template", back: "/" });
    await send({ captioner: "ollama", model: "gemma4:e4b", back: "/" });
    expect(asked.map(([, said]) => said)).toEqual([
      { captioner: "template" },
      { captioner: "ollama", model: "gemma4:e4b" },
    ]);
  });

  test("is the only one to which that is offered", async () => {
    const { see, set, store } = await withSet();
    expect(await see("/")).not.toContain("Go on with the template");
    waiting(store, set, "disk.full");
    expect(await see("/")).not.toContain("Go on with the template");
  });
});

test("a card says what a set is and what in it is new", async () => {
  const { set, store, get, cli } = await withSet();
  store.descriptions.describe(set, { location: "Texell", folder: "nature" }, [], hand);
  const answer = await get(`/api/sets/${set}`, { authorization: `Bearer ${cli}` });
  expect(await answer.json()).toMatchObject({
    context: { location: "Texell", folder: "nature" },
    newWords: [{ field: "location", value: "Texell", near: ["Texel"] }],
  });
});
