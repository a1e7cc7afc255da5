import { expect, test } from "vitest";
import { setAtGate } from "../store/home.ts";
import { visit } from "./house.ts";

test("two forms of one visitor within a millisecond are two decisions", async () => {
  // Its clock stands still.
  const house = await visit();
  const { set, photos } = setAtGate(house.store, { files: ["1.JPG", "2.JPG"] });
  const { cookie, csrf } = await house.signIn();
  for (const [i, verdict] of ["held", "rejected"].entries()) {
    const fields = { csrf, photo: String(photos[i]), rev: "0", verdict, back: `/s/${set}/plain` };
    const answer = await house.form(`/forms/sets/${set}/decide`, new URLSearchParams(fields).toString(), { cookie });
    expect(answer.headers.get("location")).toBe(`/s/${set}/plain`);
  }
  expect(house.store.desk.photos(set).map(({ verdict }) => verdict)).toEqual(["held", "rejected"]);
});
