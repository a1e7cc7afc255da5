import { describe, expect, test } from "vitest";
import { codeOf, FAULTS, Fault, isFaultCode, messageOf, remedyOf } from "../../src/domain/fault.ts";

describe("every foreseen failure", () => {
  test.each(Object.entries(FAULTS))("%s has a meaning and a remedy in sentences", (code, { means, remedy }) => {
    expect(code).toMatch(/^[a-z]+\.[a-z]+(-[a-z]+)*$/);
    expect(means).toMatch(/^[A-Z].*\.$/);
    expect(remedy).toMatch(/^[A-Z`].*\.$/);
  });

  test("of a photo says what to do with the photo; of a tool, with the tool", () => {
    const blamed = Object.entries(FAULTS).filter(([code]) => code.startsWith("photo."));
    expect(blamed.filter(([, { blame }]) => blame !== "photo")).toEqual([]);
  });
});

describe("a fault", () => {
  const fault = new Fault("photo.empty", "/in/a.jpg has no bytes", { cause: new Error("why") });
  test("carries code, blame, remedy, what happened and its cause", () => {
    expect(fault).toMatchObject({ code: "photo.empty", blame: "photo", message: "/in/a.jpg has no bytes" });
    expect(fault.remedy).toBe(FAULTS["photo.empty"].remedy);
    expect(messageOf(fault.cause)).toBe("why");
  });
  test("is known by its code; other words have no remedy", () => {
    expect(isFaultCode("photo.empty")).toBe(true);
    expect(isFaultCode("toString")).toBe(false);
    expect(remedyOf("photo.empty")).toBe(fault.remedy);
    expect(remedyOf("nonsense")).toBe("");
  });
});

test("whatever was thrown has a message, and the system's code if it has one", () => {
  expect(messageOf("just text")).toBe("just text");
  expect(codeOf(Object.assign(new Error("x"), { code: "ENOENT" }))).toBe("ENOENT");
  expect(codeOf(Object.assign(new Error("x"), { code: 7 }))).toBeUndefined();
  expect(codeOf(new Error("x"))).toBeUndefined();
  expect(codeOf("ENOENT")).toBeUndefined();
});
