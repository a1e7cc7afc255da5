import { expect, test } from "vitest";
import { hand, op, setAtGate } from "../store/home.ts";
import { visit } from "./house.ts";

const LINES = [
  { name: "a.jpg", camera: "R5 <b>", taken: "2024-05-01 10:00:00", band: "Good" },
  { name: "b.jpg", camera: "D850", taken: "2025-05-01 10:00:00", band: "Top" },
  { name: "c.jpg", camera: "D850", taken: "2025-06-01 10:00:00", band: "Good" },
];

test("every chart of the catalogue has a table with the same figures, and what is typed into a row is text", async () => {
  const house = await visit({}, undefined, { catalogue: () => LINES });
  const { cookie } = await house.signIn();
  const page = await (await house.get("/catalogue", { cookie })).text();
  expect(page).toContain("R5 &lt;b&gt;");
  expect(page).not.toContain("R5 <b>");
  expect(page).toContain("2 (66.7 %)");
  expect(page).toMatch(/<th scope="row">2025<\/th><td>2<\/td><td>0<\/td><td>2<\/td>/);
  expect(page.match(/<svg[^>]*role="img"/g)).toHaveLength(2);
  expect(page.match(/<summary>As a table/g)).toHaveLength(2);
});

test("a catalogue with nothing in it says so", async () => {
  const house = await visit();
  const { cookie } = await house.signIn();
  expect(await (await house.get("/catalogue", { cookie })).text()).toContain("Nothing is published yet.");
});

test("a run lists what happened, whole as CSV and JSON lines, and nobody without a session reads it", async () => {
  const house = await visit();
  const { set, photos } = setAtGate(house.store, { files: ["1.JPG", "2.JPG"] });
  const [a = 0] = photos;
  house.store.desk.apply(set, [op(a, "caption", "A gull.")], hand);
  const { cookie } = await house.signIn();
  expect(await (await house.get("/runs", { cookie })).text()).toContain(`/runs/${set}`);
  const run = await (await house.get(`/runs/${set}`, { cookie })).text();
  expect(run).toContain("A gull.");
  const ofB = await (await house.get(`/runs/${set}?photo=${photos[1]}`, { cookie })).text();
  expect(ofB).not.toContain("A gull.");
  const csv = await (await house.get(`/runs/${set}/audit.csv`, { cookie })).text();
  const json = await (await house.get(`/runs/${set}/audit.jsonl`, { cookie })).text();
  expect(csv.trim().split("\r\n")).toHaveLength(json.trim().split("\n").length + 1);
  expect(csv).toContain("caption,,A gull.");
  for (const path of ["/catalogue", "/runs", `/runs/${set}`, `/runs/${set}/audit.csv`])
    expect((await house.get(path)).status).toBe(401);
  expect((await house.get("/runs/none", { cookie })).status).toBe(404);
  expect((await house.get("/runs/none/audit.csv", { cookie })).status).toBe(404);
});
