import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { Fault, type FaultCode } from "../../src/domain/fault.ts";
import type { Judgement } from "../../src/domain/ports.ts";
import { type Decoder, startDecoder } from "../../src/imaging/decoder.ts";
import { startScorers } from "../../src/imaging/plugins.ts";
import { sharp } from "../../src/imaging/sharp.ts";
import { channelsModel, endlessModel, meanModel, nonsenseModel, sharesModel } from "../fixtures/onnx.ts";

const never = new AbortController().signal;
let folder: string;
let picture: string;
let decoder: Decoder;
beforeAll(() => {
  decoder = startDecoder({ children: 1, maxPixels: 1e6, limitMs: 30_000, environment: { PATH: "/usr/bin:/bin" } });
});
afterAll(() => decoder.close());
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "photogate-plugins-"));
  picture = join(folder, "picture.png");
  await sharp({ create: { width: 40, height: 20, channels: 3, background: { r: 255, g: 102, b: 51 } } })
    .png()
    .toFile(picture);
});
afterEach(() => rmSync(folder, { recursive: true }));

const hashOf = (bytes: Buffer): string => createHash("sha256").update(bytes).digest("hex");

/** Puts a plug-in into the folder, as a user would. */
function plugin(id: string, model: Buffer, given: { output?: object; input?: object; [other: string]: unknown } = {}) {
  const { output, input, ...others } = given;
  mkdirSync(join(folder, id));
  writeFileSync(join(folder, id, "model.onnx"), model);
  const manifest = {
    id,
    file: "model.onnx",
    sha256: hashOf(model),
    ...others,
    input: { name: "picture", size: [8, 8], norm: { scale: [0, 1] }, ...input },
    output: { name: "out", decode: "scalar", ...output },
  };
  writeFileSync(join(folder, id, "manifest.json"), JSON.stringify(manifest));
}
const judged = (): Promise<readonly Judgement[]> => startScorers(decoder, folder).judge(picture, never);
const whyNot = async (): Promise<string> => {
  const [{ said } = { said: undefined }] = await judged();
  return said?.kind === "unavailable" ? `${said.code} ${said.why}` : "available";
};

describe("a learned scorer", () => {
  test("says one figure about a picture", async () => {
    plugin("tiny", meanModel(), { metric: "nima", output: { map01: [0.5, 0.6] } });
    const [one] = await judged();
    expect(one).toEqual({
      id: "tiny",
      metric: "nima",
      said: { kind: "score", raw: expect.closeTo(0.5333, 3), score01: expect.closeTo(0.333, 2) },
    });
  });

  test("says how its votes are spread, of which the mean is taken", async () => {
    plugin("votes", sharesModel(), { output: { decode: "distribution-mean" } });
    const weights = [1, 0.4, 0.2].map(Math.exp);
    const sum = weights.reduce((all, one) => all + one);
    const mean = weights.reduce((all, one, i) => all + (one / sum) * (1 + 4.5 * i), 0);
    expect(await judged()).toMatchObject([{ metric: null, said: { raw: expect.closeTo(mean, 3) } }]);
  });

  test("gives a direction, whose cosines survive being kept in bytes", async () => {
    plugin("embedding", channelsModel(), { output: { decode: "embedding" } });
    const [one] = await judged();
    if (one?.said.kind !== "embedding") return expect.unreachable();
    expect([...new Int8Array(Buffer.from(one.said.vector, "base64"))]).toEqual([127, 51, 25]);
  });

  test("says with a direction by which weights it is, and from where on its manifest calls two alike", async () => {
    plugin("a", channelsModel(), { output: { decode: "embedding" } });
    plugin("b", channelsModel(), { output: { decode: "embedding", alike: 0.97 } });
    plugin("c", channelsModel(), { output: { decode: "embedding", alike: 1.2 } });
    expect((await judged()).map(({ said }) => said)).toMatchObject([
      { kind: "embedding", weights: hashOf(channelsModel()), alike: null },
      { kind: "embedding", alike: 0.97 },
      { kind: "unavailable", code: "plugin.invalid" },
    ]);
  });

  test("gets colours, size and scale as its manifest says", async () => {
    plugin("blue-first", channelsModel(16), {
      input: { color: "BGR", size: [16, 16], norm: { mean: [0.2, 0, 0], std: [1, 0.4, 1] } },
      output: { decode: "embedding" },
    });
    const [one] = await judged();
    if (one?.said.kind !== "embedding") return expect.unreachable();
    // Blue 0.2 - 0.2, green 0.4 / 0.4, red 1.
    expect([...new Int8Array(Buffer.from(one.said.vector, "base64"))]).toEqual([0, 127, 127]);
  });

  test("is asked beside others, in the order of their folders", async () => {
    plugin("b", meanModel());
    plugin("a", sharesModel(), { output: { decode: "distribution-mean", bins: [0, 1] } });
    expect((await judged()).map(({ id, said }) => [id, said.kind])).toEqual([
      ["a", "score"],
      ["b", "score"],
    ]);
  });
});

describe("a scorer is unavailable, with the reason", () => {
  test("when its file is not the one the manifest speaks of", async () => {
    plugin("tiny", meanModel(), { sha256: "0".repeat(64) });
    expect(await whyNot()).toMatch(
      new RegExp(`^plugin.invalid tiny: the sha256 of .*model.onnx is ${hashOf(meanModel())}`),
    );
  });

  test("when the file is missing", async () => {
    plugin("tiny", meanModel(), { file: "other.onnx" });
    expect(await whyNot()).toMatch(/^plugin.invalid tiny: ENOENT/);
  });

  test("when the file is no model", async () => {
    plugin("tiny", Buffer.from("not a model"));
    expect(await whyNot()).toMatch(/^plugin.failed tiny: model.onnx cannot be loaded: /);
  });

  test("when the model has no such input, output or size", async () => {
    plugin("tiny", meanModel(), { input: { name: "image" } });
    expect(await whyNot()).toMatch(/^plugin.failed tiny: it cannot be run: /);
    rmSync(join(folder, "tiny"), { recursive: true });
    plugin("tiny", meanModel(), { output: { name: "score" } });
    expect(await whyNot()).toMatch(/^plugin.failed tiny: it cannot be run: /);
    rmSync(join(folder, "tiny"), { recursive: true });
    plugin("tiny", meanModel(), { input: { size: [9, 9] } });
    expect(await whyNot()).toMatch(/^plugin.failed tiny: it cannot be run: /);
  });

  test.each([
    ["three figures for one", channelsModel(), {}, "its output has 3 figures, and one was expected"],
    ["what is no distribution", channelsModel(), { decode: "distribution-mean" }, "its output is no distribution"],
    ["one figure for a direction", meanModel(), { decode: "embedding" }, "its output is no direction"],
    ["figures that are none", nonsenseModel(), {}, "its output holds figures that are none"],
  ])("when it says %s", async (_, model, output, why) => {
    plugin("tiny", model, { output });
    expect(await whyNot()).toContain(`plugin.failed tiny: it cannot be understood: ${why}`);
  });

  test("when its manifest cannot be read, by the name of its folder", async () => {
    mkdirSync(join(folder, "mine"));
    expect(await whyNot()).toMatch(/^plugin.invalid .*mine\/manifest.json: ENOENT/);
    writeFileSync(join(folder, "mine", "manifest.json"), "{");
    expect(await whyNot()).toMatch(/^plugin.invalid .*mine\/manifest.json: .*JSON/);
    rmSync(join(folder, "mine"), { recursive: true });
    plugin("tiny", meanModel(), { file: "../../model.onnx", metric: "blur" });
    expect(await whyNot()).toMatch(/metric: .*; file: is a file beside the manifest/);
  });

  test("and the others are asked all the same", async () => {
    plugin("broken", Buffer.from("not a model"));
    plugin("well", meanModel());
    expect((await judged()).map(({ said }) => said.kind)).toEqual(["unavailable", "score"]);
  });
});

describe("a model that", () => {
  const limits = { children: 1, maxPixels: 1e6, limitMs: 30_000, environment: { PATH: "/usr/bin:/bin" } };
  /** Both have time on a busy machine, the endless one would need minutes. */
  const judgedBeside = async (loadingMs: number, during?: () => Promise<void>) => {
    const own = startDecoder({ ...limits, loadingMs });
    const input = { size: [512, 512] };
    plugin("endless", endlessModel(), { input, timeoutMs: 100 });
    plugin("well", meanModel(), { timeoutMs: 60_000 });
    try {
      const [judgements] = await Promise.all([startScorers(own, folder).judge(picture, never), during?.()]);
      return judgements.map(({ said }) => (said.kind === "unavailable" ? said.code : said.kind));
    } finally {
      own.close();
    }
  };

  test("hangs costs its own answer, and no other's", async () => {
    expect(await judgedBeside(500)).toEqual(["photo.decode-timeout", "score"]);
  });

  test("crashes costs its own answer, and no other's", async () => {
    const before = new Set(decoders());
    const crash = async (): Promise<void> => {
      const born = (): number | undefined => decoders().find((pid) => !before.has(pid));
      while (born() === undefined) await new Promise((resolve) => setTimeout(resolve, 10));
      process.kill(born() ?? 0, "SIGSEGV");
    };
    expect(await judgedBeside(60_000, crash)).toEqual(["photo.decoder-crash", "score"]);
  });
});

/** Processes of this test that are decoders by now: a fork bears its parent's name at first. */
const decoders = (): number[] =>
  readFileSync(`/proc/self/task/${process.pid}/children`, "utf8")
    .split(" ")
    .filter((pid) => pid !== "")
    .map(Number)
    .filter((pid) => readFileSync(`/proc/${pid}/cmdline`, "utf8").includes("imaging/child.ts"));

test("no folder is no scorer", async () => {
  expect(await startScorers(decoder, join(folder, "nowhere")).judge(picture, never)).toEqual([]);
});

test("a scorer that fails now and then is asked again and again", async () => {
  let asked = 0;
  const moody = {
    score: async () => {
      asked += 1;
      if (asked % 3 !== 0) throw new Fault("photo.decoder-crash", "ended with SIGSEGV");
      return { kind: "score" as const, raw: 5, score01: null };
    },
  };
  plugin("moody", meanModel());
  const scorers = startScorers(moody, folder);
  const kinds: (string | undefined)[] = [];
  for (let i = 0; i < 6; i += 1) kinds.push((await scorers.judge(picture, never))[0]?.said.kind);
  expect(kinds).toEqual(["unavailable", "unavailable", "score", "unavailable", "unavailable", "score"]);
  expect(asked).toBe(6);
});

test("a scorer that fails three times in a row is left alone, until its manifest is another", async () => {
  let asked = 0;
  const failing = (code: FaultCode) => ({
    score: async (): Promise<never> => {
      asked += 1;
      throw new Fault(code, "not done after 65 s");
    },
  });
  plugin("slow", meanModel());
  const scorers = startScorers(failing("photo.decode-timeout"), folder);
  for (let i = 0; i < 5; i += 1)
    expect(await scorers.judge(picture, never)).toMatchObject([
      { said: { kind: "unavailable", code: "photo.decode-timeout", why: "not done after 65 s" } },
    ]);
  expect(asked).toBe(3);
  rmSync(join(folder, "slow"), { recursive: true });
  plugin("slow", meanModel(), { timeoutMs: 60_000 });
  await scorers.judge(picture, never);
  expect(asked).toBe(4);
});
