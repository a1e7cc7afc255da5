import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism, homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { parse, parseTree } from "jsonc-parser";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
  type Config,
  childEnvironment,
  hasScreen,
  homeFrom,
  profileOfFolder,
  readConfig,
  SETTINGS_FILE,
} from "../src/config.ts";
import { Fault, messageOf } from "../src/domain/fault.ts";

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "photogate-config-"));
});
afterEach(() => rmSync(home, { recursive: true }));

const DEFAULTS = new URL("../config/default.jsonc", import.meta.url);
const withSettings = (settings: unknown): Config => {
  writeFileSync(join(home, SETTINGS_FILE), typeof settings === "string" ? settings : JSON.stringify(settings));
  return readConfig(home);
};
const mistakesIn = (settings: unknown): string => {
  try {
    withSettings(settings);
  } catch (thrown) {
    expect(thrown).toBeInstanceOf(Fault);
    expect(thrown).toMatchObject({ code: "config.invalid" });
    return messageOf(thrown);
  }
  return "";
};

describe("a home without settings", () => {
  test("works by the defaults, all below the home", () => {
    expect(readConfig(home)).toMatchObject({
      home,
      data: join(home, "data"),
      logs: join(home, "logs"),
      inboxes: [
        {
          root: join(home, "inbox"),
          said: { category: "gallery", profiles: [] },
          quietMs: { local: 5_000, network: 15_000 },
          patienceMs: 120_000,
          rescanMs: { local: 60_000, network: 300_000 },
        },
      ],
      site: join(home, "site"),
      archive: null,
      decoders: availableParallelism(),
      maxPixels: 200e6,
      decodeLimitMs: 60_000,
      maxLogBytes: 10e6,
    });
  });
});

describe("the user's settings", () => {
  test("win one by one, and lists are replaced whole", () => {
    const config = withSettings({
      inboxes: [{ path: "a" }, { path: "b", category: "nature" }],
      settle: { quietSeconds: 9 },
    });
    expect(
      config.inboxes.map(({ root, profile, quietMs, patienceMs }) => [root, profile("").category, quietMs, patienceMs]),
    ).toEqual([
      [join(home, "a"), "gallery", { local: 9_000, network: 15_000 }, 120_000],
      [join(home, "b"), "nature", { local: 9_000, network: 15_000 }, 120_000],
    ]);
  });

  test("may have comments and a comma too many", () => {
    expect(withSettings('{ // mine\n "look": { "children": 3, }, }').decoders).toBe(3);
  });

  test.each([
    ["pictures", () => join(home, "pictures")],
    ["./pictures/../in", () => join(home, "in")],
    ["/var/pictures/", () => "/var/pictures"],
    ["~/pictures", () => join(homedir(), "pictures")],
    ["~", () => homedir()],
    ["~other", () => join(home, "~other")],
  ])("may give a path as %s", (path, absolute) => {
    expect(withSettings({ inboxes: [{ path }] }).inboxes[0]?.root).toBe(absolute());
    expect(withSettings({ archive: { folder: path } }).archive).toBe(absolute());
    expect(withSettings({ publish: { folder: path } }).site).toBe(absolute());
  });
});

describe("an inbox's profile", () => {
  const all = {
    subject: "Planes",
    location: "Schiphol, Netherlands",
    category: "aviation",
    copyright: "(c) A. Photographer",
    kind: "aviation",
    taxonomy: { locations: ["Schiphol, Netherlands"], categories: ["aviation"] },
    captioner: "template",
    targets: ["site"],
    originals: "move-to-archive",
  };
  const archive = { folder: "kept" };

  test("says all that may be said, for the inbox and for sub-folders by name", () => {
    const profiles = [{ match: "*Texel*", category: "nature", quietSeconds: 30 }];
    const config = withSettings({ archive, inboxes: [{ path: "in", ...all, quietSeconds: 2, profiles }] });
    expect(config.inboxes[0]?.said).toEqual({
      ...all,
      quietMs: 2_000,
      profiles: [{ match: "*Texel*", category: "nature", quietMs: 30_000 }],
    });
  });

  test("leaves open how long to wait where it does not say it", () => {
    const [inbox] = withSettings({ inboxes: [{ path: "in", profiles: [{ match: "x" }] }] }).inboxes;
    expect([inbox?.profile("").quietMs, inbox?.profile("x").quietMs]).toEqual([undefined, undefined]);
  });

  test.each([
    [
      "a captioner nobody knows",
      { captioner: "poet" },
      /inboxes\.0\.captioner = "poet": .*no captioner "poet".*template/,
    ],
    ["a target nobody knows", { targets: ["ftp"] }, /inboxes\.0\.targets\.0 = "ftp": .*no target "ftp".*site/],
    ["no target", { targets: [] }, /inboxes\.0\.targets = \[\]/],
    ["one target twice", { targets: ["site", "site"] }, /inboxes\.0\.targets = .*twice/],
    ["originals deleted", { originals: "delete" }, /inboxes\.0\.originals = "delete": .*"leave".*"move-to-archive"/],
    ["originals moved to nowhere", { originals: "move-to-archive" }, /inboxes\.0\.originals = .*needs archive\.folder/],
    [
      "originals of some sub-folders moved to nowhere",
      { profiles: [{ match: "x", originals: "move-to-archive" }] },
      /inboxes\.0\.profiles\.0\.originals = .*needs archive\.folder/,
    ],
    ["a kind nobody knows", { kind: "planes" }, /inboxes\.0\.kind = "planes": .*no such kind.*aviation/],
    [
      "a kind nobody knows for some sub-folders",
      { profiles: [{ match: "x", kind: "planes" }] },
      /inboxes\.0\.profiles\.0\.kind = "planes"/,
    ],
    ["no quiet time", { quietSeconds: 0 }, /inboxes\.0\.quietSeconds = 0/],
    ["a pattern with a path", { profiles: [{ match: "a/b" }] }, /inboxes\.0\.profiles\.0\.match = "a\/b": .*no slash/],
    ["a profile for nothing", { profiles: [{ category: "x" }] }, /inboxes\.0\.profiles\.0\.match/],
    ["a subject too long", { subject: "x".repeat(76) }, /inboxes\.0\.subject/],
    ["a place that is none", { taxonomy: { locations: [" "] } }, /inboxes\.0\.taxonomy\.locations\.0/],
    ["a word in the wrong place", { folder: "nature" }, /inboxes\.0 = .*"folder"/],
  ])("with %s is refused", (_, said, told) => {
    expect(mistakesIn({ inboxes: [{ path: "in", ...said }] })).toMatch(told);
  });

  test("may move originals where there is an archive", () => {
    expect(mistakesIn({ archive, inboxes: [{ path: "in", originals: "move-to-archive" }] })).toBe("");
  });

  test("holds for a folder below it by the folder's first level, and the first inbox's for one that lies elsewhere", () => {
    const profiles = [{ match: "Texel*", category: "nature" }];
    const { inboxes } = withSettings({
      inboxes: [
        { path: "a", profiles },
        { path: "b", category: "birds" },
      ],
    });
    const category = (folder: string) => profileOfFolder(inboxes, folder).category;
    expect(
      [
        join(home, "a", "Texel 2026", "deep"),
        join(home, "a", "x"),
        join(home, "a"),
        join(home, "b", "Texel"),
        join(home, "c", "Texel"),
        join(home, "c"),
      ].map(category),
    ).toEqual(["nature", "gallery", "gallery", "birds", "nature", "gallery"]);
  });
});

describe("kinds of sets", () => {
  test("are those of the house, and one's own", () => {
    const config = withSettings({
      kinds: [{ name: "Garden birds", like: "wildlife", unsaid: ["cat"] }],
      inboxes: [{ path: "in", kind: "garden birds" }],
    });
    expect(config.kinds.get("garden birds")).toMatchObject({ genre: "wildlife", unsaid: ["cat"] });
    expect(config.kinds.has("aviation")).toBe(true);
  });

  test.each([
    [
      "no rule that blocks an approval is set aside",
      { setAside: ["GEO-CAPTION"] },
      /no rule "GEO-CAPTION" that may be set aside/,
    ],
    ["nor one that nobody knows", { setAside: ["CAP-NONSENSE"] }, /no rule "CAP-NONSENSE"/],
    ["a kind is like one that is there", { like: "birds" }, /kinds\.0\.like = "birds": there is no such kind/],
    [
      "a burst that is looked at pauses no shorter than one that is believed",
      { burst: { burstSeconds: 2, burstReviewSeconds: 1 } },
      /burstReviewSeconds must not be below/,
    ],
  ])("%s", (_, said, told) => {
    expect(mistakesIn({ kinds: [{ name: "mine", ...said }] })).toMatch(told);
  });
});

describe("mistakes in the settings", () => {
  test("are told all at once, each with its place, its value and what is allowed", () => {
    const told = mistakesIn({
      settle: { quietSeconds: 0.5, rescanSeconds: "often" },
      naming: { pattern: "{subject}" },
      publish: { urlBase: "example.org/" },
      review: { port: 80 },
      look: { childern: 2 },
    });
    expect(told).toContain(`${join(home, SETTINGS_FILE)} has 6 mistakes`);
    for (const line of [
      /settle\.quietSeconds = 0\.5: .*>=1/,
      /settle\.rescanSeconds = "often": .*number/,
      /naming\.pattern = "\{subject\}": must end in _\{seq\}/,
      /publish\.urlBase = "example\.org\/": must be an http address/,
      /review\.port = 80: ./,
      /look = .*: .*"childern"/,
    ])
      expect(told).toMatch(line);
  });

  test.each([
    ["an unknown section", { watch: {} }, /watch/],
    ["no inbox", { inboxes: [] }, /inboxes = \[\]/],
    ["an inbox without a path", { inboxes: [{ path: " " }] }, /inboxes\.0\.path = "": ./],
    ["a word for a list", { inboxes: "inbox" }, /inboxes = "inbox"/],
    ["a quality of 0", { publish: { full: { quality: 0 } } }, /publish\.full\.quality = 0/],
    ["half a pixel", { publish: { thumb: { width: 99.5 } } }, /publish\.thumb\.width = 99\.5/],
    ["an unknown choice", { onFault: "delete" }, /onFault = "delete": .*"hold".*"roll-back"/],
    ["no object", [], /file = \[\]/],
    ["a rule there is not", { wording: { ignore: ["CAP-OOPS"] } }, /wording\.ignore\.0 = "CAP-OOPS": there is no rule/],
    [
      "places without evidence",
      { wording: { ignore: ["GEO-ALT"] } },
      /ignore\.0 = "GEO-ALT": keeps invented names out/,
    ],
    [
      "a stock agency nobody knows",
      { wording: { stock: "getty" } },
      /wording\.stock = "getty": .*"adobe-stock"|stock agency/,
    ],
    [
      "a language by its name",
      { wording: { language: "English" } },
      /wording\.language = "English": must be two letters/,
    ],
    ["a banned letter", { wording: { banned: ["a"] } }, /wording\.banned\.0 = "a"/],
    [
      "two inboxes in one place",
      { inboxes: [{ path: "in" }, { path: "in/" }] },
      /inboxes\.1\.path = "in\/": .*inboxes\.0/,
    ],
    ["an inbox in another", { inboxes: [{ path: "in" }, { path: "in/deep" }] }, /inboxes\.1\.path = "in\/deep"/],
    ["the home as an inbox", { inboxes: [{ path: "." }] }, /inboxes\.0\.path = "\.": .*would take in/],
    [
      "the site inside an inbox",
      { publish: { folder: "inbox/site" } },
      /inboxes\.0\.path = "inbox": .*publish\.folder/,
    ],
    [
      "the archive as an inbox",
      { inboxes: [{ path: "/a" }], archive: { folder: "/a/b" } },
      /inboxes\.0\.path = "\/a": .*archive\.folder/,
    ],
  ])("such as %s are refused", (_, settings, told) => {
    expect(mistakesIn(settings)).toMatch(told);
  });

  test("names that only begin alike are not in one another", () => {
    expect(mistakesIn({ inboxes: [{ path: "in" }, { path: "in-2" }, { path: "site-photos" }] })).toBe("");
  });

  test("in the writing itself are told with their lines", () => {
    expect(mistakesIn('{\n  "look": {\n    "children" 3\n  }\n')).toMatch(
      /not valid JSON with comments:\n {2}line 3: /,
    );
  });
});

describe("every setting", () => {
  /** Settings below a section, as paths; a list counts as one. */
  const pathsOf = (value: unknown, at: string[] = []): string[] =>
    typeof value === "object" && value !== null && !Array.isArray(value)
      ? Object.entries(value).flatMap(([key, child]) => pathsOf(child, [...at, key]))
      : [at.join(".")];
  const text = readFileSync(DEFAULTS, "utf8");
  const documented = pathsOf(parse(text));

  test("has a default: without it the file is not accepted", () => {
    for (const path of documented) {
      const keys = path.split(".");
      // Emptied by the user, since what is left out falls back to the default.
      const broken = keys.reduceRight<unknown>((inner, key) => ({ [key]: inner }), { not: "a value" });
      expect(mistakesIn(broken), path).toContain(path);
    }
  });

  test("of the schema is in config/default.jsonc, and nothing else is", () => {
    expect(pathsOf(readConfig(home).settings).sort()).toEqual([...documented].sort());
    // A setting the file lacks would be missing from what is read, since the schema gives no defaults of its own.
    for (const path of documented) {
      const keys = path.split(".");
      const section = keys.slice(0, -1).reduce((node, key) => (node as Record<string, unknown>)[key], parse(text));
      expect(section, path).toHaveProperty([keys.at(-1) ?? ""]);
    }
  });

  test("is explained by a comment above it", () => {
    const root = parseTree(text);
    const lines = text.split("\n");
    for (const path of documented.filter((one) => !/\.(width|height|quality)$/.test(one))) {
      const key = path.split(".").at(-1) ?? "";
      const line = lines.findIndex((one) => new RegExp(`^\\s*"${key}":`).test(one));
      expect(lines[line - 1], path).toMatch(/^\s*\/\//);
    }
    expect(root?.type).toBe("object");
  });
});

describe("the edge of the process", () => {
  test("a home is what was asked for, else the environment's, else in the user's folder", () => {
    const before = process.env["PHOTOGATE_HOME"];
    try {
      process.env["PHOTOGATE_HOME"] = "/from/environment";
      expect(homeFrom("/asked")).toBe("/asked");
      expect(homeFrom("relative")).toBe(join(process.cwd(), "relative"));
      expect(homeFrom(undefined)).toBe("/from/environment");
      delete process.env["PHOTOGATE_HOME"];
      expect(homeFrom(undefined)).toBe(join(homedir(), "Photogate"));
    } finally {
      if (before === undefined) delete process.env["PHOTOGATE_HOME"];
      else process.env["PHOTOGATE_HOME"] = before;
    }
  });

  test("a decoder sees where programs are, and no secrets", () => {
    process.env["PHOTOGATE_TEST_SECRET"] = "canary";
    try {
      expect(JSON.stringify(childEnvironment())).not.toContain("canary");
      expect(childEnvironment()["PATH"]).toBe(process.env["PATH"]);
    } finally {
      delete process.env["PHOTOGATE_TEST_SECRET"];
    }
  });

  test("there is a screen where there is a display", () => {
    const before = { DISPLAY: process.env["DISPLAY"], WAYLAND_DISPLAY: process.env["WAYLAND_DISPLAY"] };
    try {
      delete process.env["DISPLAY"];
      delete process.env["WAYLAND_DISPLAY"];
      expect(hasScreen()).toBe(process.platform === "win32" || process.platform === "darwin");
      process.env["DISPLAY"] = ":0";
      expect(hasScreen()).toBe(true);
    } finally {
      for (const [name, value] of Object.entries(before)) {
        if (value === undefined) delete process.env[name];
        else process.env[name] = value;
      }
    }
  });
});
