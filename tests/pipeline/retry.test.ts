import { describe, expect, test } from "vitest";
import { FAULTS, Fault, type FaultCode, foreseen } from "../../src/domain/fault.ts";
import { decide } from "../../src/pipeline/retry.ts";

const fault = (code: FaultCode): Fault => new Fault(code, "why");
const told = (thrown: unknown, tries: number, scope: "photo" | "set" = "photo"): string => {
  const verdict = decide(thrown, tries, scope);
  switch (verdict.kind) {
    case "again":
      return `again in ${verdict.inMs}`;
    case "cull":
      return `cull ${verdict.code}: ${verdict.why}`;
    case "hold":
      return `hold ${verdict.code} ${verdict.retryInMs === null ? "for a person" : verdict.retryInMs}`;
  }
};

describe("whose doing is it?", () => {
  test.each<[string, FaultCode, number, string]>([
    ["a photo's: it is left out with its reason", "photo.truncated", 1, "cull photo.truncated: why"],
    ["a photo that changed: looked at again", "photo.changed", 1, "again in 1000"],
    ["and again", "photo.changed", 4, "again in 1000"],
    ["until the fifth time", "photo.changed", 5, "cull photo.changed: why"],
    ["a decoder that died: once more", "photo.decoder-crash", 1, "again in 1000"],
    ["and no more", "photo.decoder-crash", 2, "cull photo.decoder-crash: why"],
    ["a card that fails to read: three times", "photo.read-error", 2, "again in 1000"],
    ["and no more", "photo.read-error", 3, "cull photo.read-error: why"],
    ["one that another program has open: for a minute", "photo.held", 59, "again in 1000"],
    ["and no longer", "photo.held", 60, "cull photo.held: why"],
    ["a tool's: the set waits 5 s", "disk.full", 1, "hold disk.full 5000"],
    ["then 15 s", "disk.full", 2, "hold disk.full 15000"],
    ["then a minute", "disk.full", 3, "hold disk.full 60000"],
    ["then five", "disk.full", 4, "hold disk.full 300000"],
    ["and never longer", "disk.full", 400, "hold disk.full 300000"],
    ["the set's: it waits for a person", "site.collision", 1, "hold site.collision for a person"],
    ["a person's request: it waits for the person", "review.stale", 1, "hold review.stale for a person"],
  ])("%s", (_, code, tries, verdict) => {
    expect(told(fault(code), tries)).toBe(verdict);
  });

  test.each(Object.keys(FAULTS) as FaultCode[])("%s gets an answer, for a photo and for a set", (code) => {
    const { blame } = FAULTS[code];
    expect(told(fault(code), 99)).toMatch(blame === "photo" ? /^cull/ : /^hold/);
    expect(told(fault(code), 99, "set")).toMatch(/^hold/);
  });
});

describe("what the system refuses", () => {
  const refused = (code: string): unknown => foreseen(Object.assign(new Error(`${code}: no`), { code }));
  test.each(["EMFILE", "ENFILE"])("is nobody's photo's doing: %s holds the set for a while", (code) => {
    expect(told(refused(code), 1)).toBe("hold machine.open-files 5000");
  });
  test("is a crash where nobody foresaw it", () => {
    expect(told(refused("EWHAT"), 1)).toBe("again in 1000");
    expect(foreseen("a word")).toBe("a word");
  });
});

describe("a stage that judges a whole set", () => {
  test("cannot leave out one photo: the set waits for a person", () => {
    expect(told(fault("photo.undecodable"), 1, "set")).toBe("hold photo.undecodable for a person");
  });
});

describe("a crash nobody foresaw", () => {
  test("is tried three times, then the photo is left out", () => {
    const crash = new TypeError("x is undefined");
    expect([1, 2, 3].map((tries) => told(crash, tries))).toEqual([
      "again in 1000",
      "again in 1000",
      "cull photo.stage-crash: x is undefined (tried 3 times)",
    ]);
  });

  test("of a set stage holds the set", () => {
    expect(told("just text", 3, "set")).toBe("hold set.stage-crash for a person");
  });
});
