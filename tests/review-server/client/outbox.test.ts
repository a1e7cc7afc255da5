import { beforeEach, expect, test, vi } from "vitest";
import type { Op } from "../../../src/domain/review.ts";
import { type Entry, outboxFor } from "../../../src/review-server/client/outbox.ts";
import { op } from "../../store/home.ts";

/** Ops of each request that was made, and what the server makes of it. */
let requests: Op[][] = [];
let answer: (ops: readonly Op[]) => Response;
const kept = new Map<string, string>();

beforeEach(() => {
  requests = [];
  kept.clear();
  answer = (ops) => Response.json({ results: ops.map(({ id, photo }) => ({ id, ok: true, rev: photo })) });
  // A page without the bar that tells of an update.
  vi.stubGlobal("document", { querySelector: () => ({ content: "x" }), getElementById: () => null });
  vi.stubGlobal("localStorage", {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => kept.set(key, value),
    removeItem: (key: string) => kept.delete(key),
  });
  vi.stubGlobal("fetch", async (_: string, { body }: { body: string }) => {
    const { ops }: { ops: Op[] } = JSON.parse(body);
    requests.push(ops);
    return answer(ops);
  });
});

function outbox() {
  const taken: Entry[] = [];
  const refused: Entry[] = [];
  const box = outboxFor("gulls", "tab-1", {
    refresh: async () => undefined,
    hashOf: () => null,
    taken: (entries) => taken.push(...entries.map(([entry]) => entry)),
    refused: (entry) => refused.push(entry),
    screened: async () => undefined,
    changed: () => undefined,
  });
  return { box, taken, refused };
}
const approvals = (many: number): Entry[] =>
  Array.from({ length: many }, (_, i) => ({
    op: op(i + 1, "verdict", "approved", { seen: "a".repeat(64), id: crypto.randomUUID(), gesture: "one" }),
  }));
const refusal = (): Response => Response.json({ code: "x", message: "no", remedy: "" }, { status: 400 });

test("ten thousand decisions go out in order, in few requests that the server takes, and each is settled once", async () => {
  const { box, taken } = outbox();
  const entries = approvals(10_000);
  box.add(entries);
  expect(await box.flush()).toBe(true);
  expect(requests.flat()).toEqual(entries.map((entry) => entry.op));
  expect(taken).toEqual(entries);
  expect(requests.length).toBeLessThan(30);
  const sizes = requests.map((ops) => Buffer.byteLength(JSON.stringify({ ops })));
  expect(Math.max(...sizes)).toBeLessThan(256 * 1024);
  expect(Math.max(...requests.map((ops) => ops.length))).toBeLessThanOrEqual(1_000);
});

test("long words go out in requests that the server takes, too", async () => {
  const { box } = outbox();
  const keywords = Array.from({ length: 50 }, () => "ö".repeat(64));
  box.add(Array.from({ length: 200 }, (_, i) => ({ op: op(i + 1, "keywords", keywords) })));
  expect(await box.flush()).toBe(true);
  expect(requests.flat()).toHaveLength(200);
  const sizes = requests.map((ops) => Buffer.byteLength(JSON.stringify({ ops })));
  expect(Math.max(...sizes)).toBeLessThan(256 * 1024);
});

test("one that is refused is found among hundreds without asking about each alone", async () => {
  const { box, taken, refused } = outbox();
  const entries = approvals(400);
  answer = (ops) => (ops.some(({ photo }) => photo === 333) ? refusal() : Response.json({ results: okFor(ops) }));
  const okFor = (ops: readonly Op[]) => ops.map(({ id }) => ({ id, ok: true, rev: 1 }));
  box.add(entries);
  expect(await box.flush()).toBe(true);
  expect(refused.map((entry) => entry.op.photo)).toEqual([333]);
  expect(taken).toHaveLength(399);
  expect(requests.length).toBeLessThan(40);
});

test("a second edit of a field waits for the first, and says what it led to", async () => {
  const { box } = outbox();
  box.add([{ op: op(7, "caption", "One", { baseRev: 0 }) }, { op: op(7, "caption", "Two", { baseRev: 0 }) }]);
  await box.flush();
  expect(requests.map((ops) => ops.map(({ to, baseRev }) => [to, baseRev]))).toEqual([[["One", 0]], [["Two", 7]]]);
});

test("what is left when the page goes is kept, and as much as a browser takes along is sent", () => {
  const { box } = outbox();
  const entries = approvals(1_000);
  box.add(entries);
  box.leave();
  const [stored = "[]"] = kept.values();
  expect(JSON.parse(stored)).toEqual(entries);
  expect(JSON.stringify({ ops: requests[0] }).length).toBeLessThan(64 * 1024);
});

test("a few are kept before anything else happens; many are, a moment after they were drawn", () => {
  vi.useFakeTimers();
  const { box } = outbox();
  box.add(approvals(3));
  expect(JSON.parse([...kept.values()][0] ?? "[]")).toHaveLength(3);
  answer = () => Response.json({ code: "x", message: "no", remedy: "" }, { status: 503 });
  box.add(approvals(500));
  vi.advanceTimersByTime(250);
  expect(JSON.parse([...kept.values()][0] ?? "[]")).toHaveLength(503);
  vi.useRealTimers();
});
