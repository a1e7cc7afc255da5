import { describe, expect, test } from "vitest";
import { pool } from "../../src/pipeline/pool.ts";

const never = new AbortController().signal;
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe("a pool", () => {
  test.each([
    [1, 1],
    [3, 3],
    [50, 10],
  ])("of width %i has at most %i of ten at work, and does all", async (width, most) => {
    let now = 0;
    let peak = 0;
    const finished: number[] = [];
    await pool(
      Array.from({ length: 10 }, (_, i) => i),
      width,
      never,
      async (item) => {
        now += 1;
        peak = Math.max(peak, now);
        await turn();
        now -= 1;
        finished.push(item);
      },
    );
    expect(peak).toBe(most);
    expect(finished.sort((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  test("takes nothing new once it is aborted, and waits for what has begun", async () => {
    const abort = new AbortController();
    const begun: number[] = [];
    const ended: number[] = [];
    await pool([1, 2, 3, 4], 2, abort.signal, async (item) => {
      begun.push(item);
      if (item === 2) abort.abort();
      await turn();
      ended.push(item);
    });
    expect([begun, ended]).toEqual([
      [1, 2],
      [1, 2],
    ]);
  });

  test("stops at the first failure, waits for the rest, and throws it", async () => {
    const ended: number[] = [];
    const work = pool([1, 2, 3, 4], 2, never, async (item) => {
      if (item === 1) throw new Error("first");
      await turn();
      ended.push(item);
      if (item === 2) throw new Error("second");
    });
    await expect(work).rejects.toThrow("first");
    expect(ended).toEqual([2]);
  });

  test("with nothing to do is done", async () => {
    await pool([], 3, never, async () => expect.unreachable());
  });
});
