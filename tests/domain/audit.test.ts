import { expect, test } from "vitest";
import { auditCsv, auditHead, auditJson, auditLine, runsOf } from "../../src/domain/audit.ts";

const line = (data: unknown, photo: number | null = 3) =>
  auditLine({ seq: 7, at: 0, kind: "review.edit", photo_id: photo, data: JSON.stringify(data) }, () => "IMG_3.JPG");

test("who changed which field from what to what stands apart; the rest is kept whole", () => {
  expect(line({ by: "page", field: "caption", before: null, after: "A gull.", op: "x" })).toEqual({
    seq: 7,
    at: 0,
    kind: "review.edit",
    photo: 3,
    file: "IMG_3.JPG",
    by: "page",
    field: "caption",
    before: null,
    after: "A gull.",
    more: '{"op":"x"}',
  });
  expect(line({ stage: "look", code: "photo.truncated" })).toMatchObject({
    by: "look",
    more: '{"code":"photo.truncated"}',
  });
  expect(line(null, null)).toMatchObject({ photo: null, file: null, by: null, more: "" });
});

test("a spreadsheet gets cells, not formulas", () => {
  const written = auditCsv(line({ by: "page", field: "caption", before: "a, b", after: '=HYPERLINK("x")' }));
  expect(written).toBe(
    `7,1970-01-01T00:00:00.000Z,review.edit,3,IMG_3.JPG,page,caption,"a, b","'=HYPERLINK(""x"")",\r\n`,
  );
  expect(auditHead.trim().split(",")).toHaveLength(10);
  expect(JSON.parse(auditJson(line({ after: "=x" })))).toMatchObject({ after: "=x", at: "1970-01-01T00:00:00.000Z" });
});

test("what a stage did to one photo after another is one line to read, what a person did is one each", () => {
  const lines = [
    line({ stage: "look" }, 1),
    line({ stage: "look" }, 2),
    line({ stage: "exif" }, 1),
    line({ by: "page", field: "caption", after: "A." }, 1),
    line({ by: "page", field: "caption", after: "A." }, 2),
    line({ stage: "look", code: "photo.truncated" }, 3),
    line({ stage: "look", code: "photo.truncated" }, 4),
  ];
  expect(runsOf(lines).map(({ photos }) => photos)).toEqual([2, 1, 1, 1, 1, 1]);
  expect(line({ after: { verdict: "approved", hash: "ab" } }).after).toBe("approved");
});
