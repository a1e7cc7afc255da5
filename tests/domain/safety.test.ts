import { describe, expect, test } from "vitest";
import { answerFor, type CardCopy, type CardFile } from "../../src/domain/safety.ts";

const file = (path: string, given: Partial<CardFile> = {}): CardFile => ({
  path,
  bytes: 10,
  mtimeMs: 5,
  kind: "file",
  ...given,
});
const copy = (path: string, given: Partial<CardCopy> = {}): CardCopy => ({
  path,
  bytes: 10,
  mtimeMs: 5,
  devices: ["disk"],
  why: undefined,
  ...given,
});
const answer = (files: CardFile[], copies: CardCopy[]) => answerFor(files, copies, "card");

describe("a card is safe", () => {
  test("if every file on it has a copy on another device; what a system keeps and folders do not count", () => {
    const files = [file("/c/1.JPG"), file("/c/DCIM", { kind: "folder" }), file("/c/.DS_Store", { kind: "system" })];
    expect(answer(files, [copy("/c/1.JPG")])).toEqual({ safe: true, files: 1, copied: 1, missing: [] });
  });

  test("also if one of several copies is elsewhere", () => {
    expect(answer([file("/c/1.JPG")], [copy("/c/1.JPG", { devices: ["card", "disk"] })]).safe).toBe(true);
  });
});

describe("a card is not safe", () => {
  test.each<[string, CardFile, CardCopy[], string]>([
    ["nobody knows", file("/c/1.MOV"), [], "it was not taken in"],
    ["that is larger by now", file("/c/1.JPG", { bytes: 11 }), [copy("/c/1.JPG")], "it changed after it was taken in"],
    [
      "that is younger by now",
      file("/c/1.JPG", { mtimeMs: 6 }),
      [copy("/c/1.JPG")],
      "it changed after it was taken in",
    ],
    ["that is on its way", file("/c/1.JPG"), [copy("/c/1.JPG", { devices: [] })], "it is not copied yet"],
    ["that was left out", file("/c/1.JPG"), [copy("/c/1.JPG", { devices: [], why: "it is empty" })], "it is empty"],
    [
      "whose copy is on the card itself",
      file("/c/1.JPG"),
      [copy("/c/1.JPG", { devices: ["card"] })],
      "its copy is on the same disk",
    ],
    ["that is a link", file("/c/1.JPG", { kind: "link" }), [copy("/c/1.JPG")], "it is a link"],
    ["in a folder nobody may list", file("/c/a", { kind: "unreadable-folder" }), [], "the folder cannot be listed"],
    ["that is a pipe", file("/c/p", { kind: "other" }), [], "it is no file"],
  ])("with a file %s", (_, one, copies, why) => {
    expect(answer([file("/c/0.JPG"), one], [copy("/c/0.JPG"), ...copies])).toEqual({
      safe: false,
      files: 2,
      copied: 1,
      missing: [{ path: one.path, why }],
    });
  });

  test("if nothing is found on it: a card that is away looks like that", () => {
    expect(answer([], [copy("/c/1.JPG")])).toEqual({ safe: false, files: 0, copied: 0, missing: [] });
  });
});
