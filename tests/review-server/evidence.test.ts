import { expect, test } from "vitest";
import { template } from "../../src/captioners/template.ts";
import { commit, factsAtGate, hand, op, setAtGate } from "../store/home.ts";
import { visit } from "./house.ts";

test("of each word of a photo as it stands the page hears who vouches for it, and of no other set's", async () => {
  const { store, get, cli } = await visit();
  const { set, photos } = setAtGate(store);
  const other = setAtGate(store, { name: "2026-11 Other", files: ["IMG_9.JPG"] });
  const [photo = 0] = photos;
  const near = { city: "Den Burg", country: "Netherlands", km: 3 };
  commit(store, set, "exif", [photo], () => ({ ...factsAtGate("x").exif, place: near }));
  store.desk.apply(set, [op(photo, "caption", "Gulls over the quay near Den Burg in Utrecht.")], hand);

  const read = async (path: string) => get(path, { authorization: `Bearer ${cli}` });
  const answer = await read(`/api/sets/${set}/photos/${photo}/evidence`);
  expect(answer.status).toBe(200);
  const { evidence } = await answer.json();
  const pieces: { text: string; from: string | null }[] = evidence.caption;
  expect(pieces.map(({ text }) => text).join("")).toBe("Gulls over the quay near Den Burg in Utrecht.");
  const from = Object.fromEntries(pieces.map((piece) => [piece.text, piece.from]));
  // What a person types is known by that, and surer than what the position says.
  expect(from).toMatchObject({ quay: "person", "Den Burg": "person", Utrecht: "person", " ": null, over: null });

  store.desk.apply(set, [op(photo, "caption", null)], hand);
  const before = await (await read(`/api/sets/${set}/photos/${photo}/evidence`)).json();
  expect(before.evidence.caption.map(({ text }: { text: string }) => text).join("")).toBe(
    factsAtGate("x").words.caption,
  );

  expect((await read(`/api/sets/${set}/photos/${other.photos[0]}/evidence`)).status).toBe(404);
  expect((await read(`/api/sets/${set}/photos/999/evidence`)).status).toBe(404);
});

test("what the template says of a photo comes from its set, its date and its category, and none of it from nothing", async () => {
  const { store } = await visit();
  const { set, photos } = setAtGate(store);
  const [photo = 0] = photos;
  const { facts, context } = store.sets.photo(photo) ?? expect.unreachable();
  const said = await template.caption(
    {
      picture: { file: "x", sha256: "x" },
      context: { ...context, folder: "gallery" },
      model: undefined,
      subject: "Gulls",
      kind: null,
      date: "2026-10-14",
      written: null,
    },
    new AbortController().signal,
  );
  store.descriptions.describe(set, { ...context, folder: "gallery" }, [], hand);
  commit(store, set, "words", [photo], () => ({ ...(facts.words ?? expect.unreachable()), ...said }));
  const evidence = store.desk.evidence(set, photo);
  const from = [...(evidence?.caption ?? []), ...(evidence?.altText ?? []), ...(evidence?.keywords ?? [])];
  expect(
    Object.fromEntries(from.filter((piece) => piece.from !== null).map((piece) => [piece.text, piece.from])),
  ).toEqual({
    Gulls: "context",
    Texel: "context",
    14: "exif",
    October: "exif",
    2026: "exif",
    gulls: "context",
    texel: "context",
    gallery: "context",
  });
});
