import { expect, test } from "vitest";
import { followingAlt } from "../../src/domain/following.ts";

const follow = (caption: string, altText: string, now: string): string => followingAlt({ caption, altText }, now);

test("an alt text that was the caption is the new caption", () => {
  expect(follow("A gull.", "A gull.", "Two terns over Texel.")).toBe("Two terns over Texel.");
  expect(follow("A gull.", "", "Two terns.")).toBe("Two terns.");
});

test.each([
  ["A gull at Texel.", "White gull on wet sand.", "A tern at Texel.", "White tern on wet sand."],
  ["Gull at Texel.", "Gull on sand; the gull looks left.", "Tern at Texel.", "Tern on sand; the tern looks left."],
  ["A common gull at Texel.", "A common gull on sand.", "A gull at Texel.", "A gull on sand."],
  ["A gull at Texel.", "White seagull on sand.", "A tern at Texel.", "White seagull on sand."],
  ["A gull at Texel.", "White gull on sand.", "A gull at Texel in rain.", "White gull on sand."],
])("“%s” with “%s”, corrected to “%s”, is described as “%s”", (caption, alt, now, wanted) => {
  expect(follow(caption, alt, now)).toBe(wanted);
});

test("a caption that has not changed changes nothing, whatever signs it holds", () => {
  expect(follow("A (gull) [x] $1.", "Gull $1 (x).", "A (gull) [x] $1.")).toBe("Gull $1 (x).");
});
