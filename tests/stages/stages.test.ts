import { createHash } from "node:crypto";
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { template } from "../../src/captioners/template.ts";
import type { Facts, Position } from "../../src/domain/facts.ts";
import { Fault } from "../../src/domain/fault.ts";
import { kindsWith } from "../../src/domain/kinds.ts";
import type { LoadedPhoto } from "../../src/domain/photo.ts";
import type {
  Captioner,
  CaptionRequest,
  Gazetteer,
  Images,
  Originals,
  Publication,
  Publisher,
  Scorers,
} from "../../src/domain/ports.ts";
import type { AnyOutcome, PhotoStage, SetStage, Stage } from "../../src/domain/stage.ts";
import { technicalOf } from "../../src/domain/technical.ts";
import type { PhotoId } from "../../src/domain/words.ts";
import { looksOf } from "../../src/files.ts";
import { english } from "../../src/language/english.ts";
import { durableCopy, readEnds, removeOriginal } from "../../src/originals.ts";
import { exif } from "../../src/stages/exif.ts";
import { pipeline, stagesBeforeGate } from "../../src/stages/index.ts";
import { ingest } from "../../src/stages/ingest.ts";
import { iptc } from "../../src/stages/iptc.ts";
import { look } from "../../src/stages/look.ts";
import { name } from "../../src/stages/name.ts";
import { publish } from "../../src/stages/publish.ts";
import { type OwnArchive, quality } from "../../src/stages/quality.ts";
import { subject } from "../../src/stages/subject.ts";
import { validate } from "../../src/stages/validate.ts";
import { words } from "../../src/stages/words.ts";
import { failingReads, mounted, unmountAll } from "../disks.ts";
import { jpeg } from "../fixtures/make.ts";
import { aPhoto, factsAtGate, NOTHING_WRITTEN, publishFacts, reviewFacts } from "../store/home.ts";

const CAPTIONERS = {
  template,
  ollama: { name: "ollama", caption: async () => expect.unreachable() },
  openai: { name: "openai", caption: async () => expect.unreachable() },
};

let folder: string;
let source: string;
const photoBytes = await jpeg();
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "photogate-stages-"));
  source = join(folder, "IMG_1.JPG");
  writeFileSync(source, photoBytes);
});
afterEach(() => {
  unmountAll();
  rmSync(folder, { recursive: true });
});
const hashOf = (data: Uint8Array | string): string => createHash("sha256").update(data).digest("hex");

/** The photo as a listing saw it just now. */
function photo(facts: LoadedPhoto["facts"] = {}, given: Partial<LoadedPhoto> = {}): LoadedPhoto {
  const { size, mtimeMs } = statSync(source);
  return aPhoto({
    source: { path: source, bytes: size, mtimeMs, nameIsText: true },
    dir: join(folder, "work"),
    facts,
    ...given,
  });
}
const context = (stage: Stage) => ({
  signal: new AbortController().signal,
  dir: join(folder, "work", stage.name),
  now: () => 1,
});
const runOne = (stage: PhotoStage, one: LoadedPhoto): Promise<AnyOutcome> => stage.run(one, context(stage));
const runAll = (stage: SetStage, all: LoadedPhoto[]): Promise<ReadonlyMap<PhotoId, AnyOutcome>> =>
  stage.run(all, context(stage));
const only = (stage: Stage): PhotoStage => {
  if (stage.kind !== "photo") throw new Error(`${stage.name} is no photo stage`);
  return stage;
};
const whole = (stage: Stage): SetStage => {
  if (stage.kind !== "set") throw new Error(`${stage.name} is no set stage`);
  return stage;
};
/** As the stages get them from a process of their own. */
const originals: Originals = {
  ends: readEnds,
  copy: durableCopy,
  looks: looksOf,
  remove: removeOriginal,
};
const factsIn = (outcome: AnyOutcome | undefined): unknown => (outcome?.kind === "done" ? outcome.facts : outcome);

describe("the order of the stages", () => {
  const unused = async (): Promise<never> => expect.unreachable();
  const stages = pipeline(
    {
      originals: { ends: unused, copy: unused, looks: unused, remove: unused },
      scorers: { judge: unused },
      ownArchive: unused,
      images: { look: unused, exif: unused, iptc: unused, alike: unused, render: unused },
      captioners: CAPTIONERS,
      lexicon: english(),
      writtenIn: () => [],
      distrust: unused,
      publishers: { site: { name: "none", publish: unused, withdraw: unused, retract: unused } },
      ledger: { reserve: () => "", release: () => undefined },
      catalogue: { meet: unused, areDistinct: () => false },
      gazetteer: { nearest: () => null },
    },
    {
      namePattern: "{subject}_{seq}",
      siteSizes: { full: { width: 9, height: 9, quality: 9 }, thumb: { width: 9, height: 9, quality: 9 } },
      archiveFolder: null,
      likeness: { burstSeconds: 2, burstReviewSeconds: 5, semanticCosine: 0.92 },
      kinds: kindsWith([]),
      identifyMs: 1,
    },
  );

  test("is from the file to the site, with a person in between", () => {
    expect(stages.map((stage) => stage.name)).toEqual([
      "validate",
      "ingest",
      "exif",
      "iptc",
      "look",
      "quality",
      "likeness",
      "subject",
      "words",
      "name",
      "review",
      "publish",
      "archive",
    ]);
    expect(stages.filter(({ kind }) => kind === "gate").map((stage) => stage.name)).toEqual(["review"]);
    expect(stagesBeforeGate).toEqual(stages.slice(0, 10).map((stage) => stage.name));
  });

  test("gives every stage the facts it asks for before its turn", () => {
    for (const [i, { name: own, needs }] of stages.entries()) {
      const before = stages.slice(0, i).map((stage) => stage.name);
      expect(
        needs.filter((need) => !before.includes(need)),
        own,
      ).toEqual([]);
    }
  });
});

describe("validation", () => {
  const verdictOn = async (bytes: Uint8Array | string, given: Partial<LoadedPhoto["source"]> = {}): Promise<string> => {
    writeFileSync(source, bytes);
    const settled = photo();
    const outcome = await runOne(only(validate(originals)), { ...settled, source: { ...settled.source, ...given } });
    return outcome.kind === "cull" ? outcome.code : JSON.stringify(outcome.facts);
  };

  test.each([
    ["HEIC", "heic", Buffer.from("\0\0\0\x18ftypheic\0\0\0\0mif1heic", "latin1")],
    ["RAW", "cr2", Buffer.from("II*\0\x10\0\0\0CR\x02\0", "latin1")],
  ])("lets %s called .jpg through, by its content", async (_, extension, bytes) => {
    expect(JSON.parse(await verdictOn(bytes))).toMatchObject({ extension });
  });

  test("says which program reads what it refuses", async () => {
    writeFileSync(source, Buffer.from("8BPS\0\x01", "latin1"));
    const outcome = await runOne(only(validate(originals)), photo());
    expect(outcome).toMatchObject({
      kind: "cull",
      why: expect.stringMatching(/IMG_1.JPG is a Photoshop document; .*GIMP/),
    });
  });

  test("lets a photo through and says what it is", async () => {
    expect(await verdictOn(photoBytes)).toBe(
      JSON.stringify({ type: "jpeg", extension: "jpg", bytes: photoBytes.length }),
    );
  });

  test.each<[string, Uint8Array | string, string]>([
    ["nothing", "", "photo.empty"],
    ["text", "Dear diary", "photo.not-a-photo"],
    ["HTML", "<!doctype html><p>", "photo.not-a-photo"],
    ["SVG", '<svg xmlns="http://www.w3.org/2000/svg"/>', "photo.not-a-photo"],
    ["PDF", "%PDF-1.7", "photo.not-a-photo"],
    ["JPEG XL", Buffer.from("\xff\x0a\xfa\x1f", "latin1"), "photo.unsupported"],
    ["a Photoshop document", Buffer.from("8BPS\0\x01", "latin1"), "photo.unsupported"],
    [
      "half a HEIC",
      Buffer.from("\0\0\0\x18ftypheic\0\0\0\0mif1heic\0\0\x01\0mdatxxxxxxxxxx", "latin1"),
      "photo.truncated",
    ],
    ["a half copy", Buffer.concat([photoBytes.subarray(0, 9_000), Buffer.alloc(9_000)]), "photo.incomplete"],
    ["a short WebP", Buffer.from("RIFF\xff\xff\0\0WEBPVP8 x", "latin1"), "photo.truncated"],
  ])("refuses %s called .jpg", async (_, bytes, code) => {
    expect(await verdictOn(bytes)).toBe(code);
  });

  test("refuses a name that is not UTF-8 without opening it", async () => {
    expect(await verdictOn(photoBytes, { nameIsText: false, path: "/nowhere/\\xff.jpg" })).toBe("photo.name-not-text");
  });

  test("sees that the file changed since it settled, or is gone", async () => {
    await expect(verdictOn(photoBytes, { bytes: 7 })).rejects.toMatchObject({ code: "photo.changed" });
    rmSync(source);
    await expect(
      runOne(only(validate(originals)), aPhoto({ source: { path: source, bytes: 1, mtimeMs: 1, nameIsText: true } })),
    ).rejects.toMatchObject({ code: "photo.gone" });
  });
});

describe("ingest", () => {
  const validated = (): LoadedPhoto =>
    photo({ validate: { type: "jpeg", extension: "jpg", bytes: photoBytes.length } });

  test("copies the original into our folder and leaves it where it is", async () => {
    const facts = factsIn(await runOne(only(ingest(originals)), validated()));
    expect(facts).toMatchObject({ file: "ingest/original.jpg", bytes: photoBytes.length });
    expect(readFileSync(join(folder, "work", "ingest", "original.jpg")).equals(photoBytes)).toBe(true);
    expect(readFileSync(source).equals(photoBytes)).toBe(true);
  });

  test("twice is once", async () => {
    const first = await runOne(only(ingest(originals)), validated());
    expect(await runOne(only(ingest(originals)), validated())).toEqual(first);
    expect(readdirSync(join(folder, "work", "ingest"))).toEqual(["original.jpg"]);
  });

  test("of a photo that was edited after a killed run takes what is there now, not a mixture", async () => {
    mkdirSync(join(folder, "work", "ingest"), { recursive: true });
    writeFileSync(join(folder, "work", "ingest", "original.jpg"), "what a killed run copied before the edit");
    expect(factsIn(await runOne(only(ingest(originals)), validated()))).toMatchObject({ bytes: photoBytes.length });
  });

  test("sees that the bytes are no longer those that settled, and says both hashes", async () => {
    const settled = validated();
    const sha256 = "5".repeat(64);
    const failed = runOne(only(ingest(originals)), { ...settled, source: { ...settled.source, sha256 } });
    await expect(failed).rejects.toMatchObject({
      code: "photo.changed",
      message: `${source} settled with sha256 ${sha256} and has ${hashOf(photoBytes)} now`,
    });
    const same = { ...settled, source: { ...settled.source, sha256: hashOf(photoBytes) } };
    expect(factsIn(await runOne(only(ingest(originals)), same))).toMatchObject({ sha256: hashOf(photoBytes) });
  });

  test("sees that the file is no longer the one that was validated", async () => {
    const settled = validated();
    writeFileSync(source, Buffer.concat([photoBytes, photoBytes]));
    await expect(runOne(only(ingest(originals)), settled)).rejects.toMatchObject({ code: "photo.changed" });
  });
});

describe("what travels with a photo", () => {
  const along = (...names: string[]): LoadedPhoto["companions"] =>
    names.map((name) => {
      const path = join(folder, name);
      const bytes = statSync(path, { throwIfNoEntry: false })?.size ?? 1;
      return { path, bytes, mtimeMs: 1, nameIsText: !name.includes("\\x") };
    });
  const taken = (
    companions: LoadedPhoto["companions"],
    stage = ingest(originals, { free: async () => 1e12, pauseMs: 0 }),
  ) =>
    runOne(
      only(stage),
      photo({ validate: { type: "jpeg", extension: "jpg", bytes: photoBytes.length } }, { companions }),
    );

  test("is copied with it, under names of ours, and its own name is kept", async () => {
    writeFileSync(join(folder, "IMG_1.xmp"), "<xmp/>");
    writeFileSync(join(folder, "IMG_1.JPG.$(ls)"), "odd");
    writeFileSync(join(folder, "IMG_1.txt"), "");
    const facts = factsIn(await taken(along("IMG_1.xmp", "IMG_1.JPG.$(ls)", "IMG_1.txt")));
    expect(facts).toMatchObject({
      companions: [
        { file: "ingest/companion-1.xmp", name: "IMG_1.xmp", bytes: 6, sha256: hashOf("<xmp/>") },
        { file: "ingest/companion-2", name: "IMG_1.JPG.$(ls)", bytes: 3, sha256: hashOf("odd") },
        { file: "ingest/companion-3.txt", name: "IMG_1.txt", bytes: 0, sha256: hashOf("") },
      ],
      uncopied: [],
    });
    expect(readFileSync(join(folder, "work", "ingest", "companion-1.xmp"), "utf8")).toBe("<xmp/>");
    expect(readFileSync(join(folder, "IMG_1.xmp"), "utf8")).toBe("<xmp/>");
  });

  test("and cannot be copied is named with its path, and the photo goes on", async () => {
    writeFileSync(join(folder, "IMG_1.wav"), "sound");
    symlinkSync("/etc/hostname", join(folder, "IMG_1.caption"));
    const facts = factsIn(await taken(along("IMG_1.txt", "IMG_1.wav", "IMG_1.caption", "IMG_1.\\xff")));
    expect(facts).toMatchObject({
      file: "ingest/original.jpg",
      companions: [{ name: "IMG_1.wav" }],
      uncopied: [
        {
          path: join(folder, "IMG_1.txt"),
          code: "photo.gone",
          why: `${join(folder, "IMG_1.txt")} is not there any more`,
        },
        { path: join(folder, "IMG_1.caption"), code: "photo.not-a-photo" },
        { path: join(folder, "IMG_1.\\xff"), code: "photo.name-not-text" },
      ],
    });
  });

  test.each([
    [2, []],
    [3, ["photo.read-error"]],
  ])("is read again where the card fails, three times in all: %i failures", async (failures, codes) => {
    writeFileSync(join(folder, "IMG_1.wav"), "sound");
    let left = failures;
    const end = await failingReads(source, (_, bytes) => bytes === "sound".length && left-- > 0);
    try {
      expect(factsIn(await taken(along("IMG_1.wav")))).toMatchObject({ uncopied: codes.map((code) => ({ code })) });
    } finally {
      end();
    }
  });

  test("holds the set where our own disk is full, as the photo itself would", async () => {
    const disk = mounted(folder, "size=1m");
    writeFileSync(join(folder, "IMG_1.nef"), Buffer.alloc(2_000_000));
    const failed = ingest(originals).run(
      photo(
        { validate: { type: "jpeg", extension: "jpg", bytes: photoBytes.length } },
        { companions: along("IMG_1.nef"), dir: disk },
      ),
      { ...context(ingest(originals)), dir: join(disk, "ingest") },
    );
    await expect(failed).rejects.toMatchObject({ code: "disk.full" });
  });
});

test("a set that has no room is held before its first photo is copied, and says how much is missing", async () => {
  const stage = (free: number) => ingest(originals, { free: async () => free, pauseMs: 0 });
  const files = { source: { ...photo().source, bytes: 600_000_000 }, companions: [{ ...photo().source, bytes: 0 }] };
  const two = [photo({}, files), photo({}, files)];
  const room = 2 * 1_200_000_000 + 2 ** 30;
  await expect(stage(room).preflight?.(two)).resolves.toBeUndefined();
  await expect(stage(room - 1_200_000_000).preflight?.(two)).rejects.toMatchObject({
    code: "disk.full",
    message: `needs 1.2 GB more at ${folder}`,
  });
  const silent = ingest(originals, { free: async () => Promise.reject(new Error("ENOSYS")), pauseMs: 0 });
  await expect(silent.preflight?.(two)).resolves.toBeUndefined();
});

describe("what a look finds wrong", () => {
  test("is said of the person's file, not of our copy", async () => {
    const images: Images = {
      look: async () => {
        throw new Fault("photo.truncated", "premature end");
      },
      exif: async () => expect.unreachable(),
      iptc: async () => expect.unreachable(),
      alike: async () => expect.unreachable(),
      render: async () => expect.unreachable(),
    };
    const failed = runOne(only(look(images)), photo({ ingest: factsAtGate("x").ingest }));
    await expect(failed).rejects.toMatchObject({ code: "photo.truncated", message: `${source}: premature end` });
  });
});

/** What a file says by itself. */
const tagsOf = ({ fileTime: _, place: __, ...tags }: Facts["exif"], position: Position | null = null) => ({
  ...tags,
  position,
});
const nowhere: Gazetteer = { nearest: () => null };

describe("where the camera was", () => {
  const read = async (position: Position | null, gazetteer: Gazetteer): Promise<unknown> => {
    const images: Images = {
      look: async () => expect.unreachable(),
      exif: async () => tagsOf(factsAtGate("x").exif, position),
      iptc: async () => expect.unreachable(),
      alike: async () => expect.unreachable(),
      render: async () => expect.unreachable(),
    };
    return factsIn(await runOne(only(exif(images, gazetteer)), photo({ ingest: factsAtGate("x").ingest })));
  };
  const texel = { city: "Den Burg", country: "Netherlands", km: 2 };

  test("is kept as the town near it, and the position is not kept", async () => {
    const asked: Position[] = [];
    const gazetteer: Gazetteer = {
      nearest: (position) => {
        asked.push(position);
        return texel;
      },
    };
    const facts = await read({ latitude: 53.06, longitude: 4.82 }, gazetteer);
    expect(facts).toMatchObject({ place: texel });
    expect(JSON.stringify(facts)).not.toMatch(/53\.06|4\.82|position/);
    expect(asked).toEqual([{ latitude: 53.06, longitude: 4.82 }]);
  });

  test("is not asked for where the camera does not say", async () => {
    expect(await read(null, { nearest: () => expect.unreachable() })).toMatchObject({ place: null });
  });
});

describe("the time of the file", () => {
  const tags = tagsOf({ ...factsAtGate("x").exif, takenAt: null, timeSource: null });
  const dated = async (mtimeMs: number): Promise<unknown> => {
    const images: Images = {
      look: async () => expect.unreachable(),
      exif: async () => tags,
      iptc: async () => expect.unreachable(),
      alike: async () => expect.unreachable(),
      render: async () => expect.unreachable(),
    };
    const taken = photo({ ingest: factsAtGate("x").ingest });
    const facts = factsIn(
      await runOne(only(exif(images, nowhere)), { ...taken, source: { ...taken.source, mtimeMs } }),
    );
    return typeof facts === "object" && facts !== null && "fileTime" in facts ? { ...facts } : facts;
  };

  test("gauntlet 13: is kept under its own name and dates nothing", async () => {
    expect(await dated(Date.UTC(2020, 0, 2, 3, 4, 5))).toMatchObject({
      fileTime: "2020-01-02T03:04:05.000Z",
      takenAt: null,
      timeSource: null,
    });
  });

  test("that no calendar has is none", async () => {
    expect(await dated(1e18)).toMatchObject({ fileTime: null });
  });
});

describe("what was written before", () => {
  const asked = async (...names: string[]) => {
    let given: Parameters<Images["iptc"]> | undefined;
    const images: Images = {
      look: async () => expect.unreachable(),
      exif: async () => expect.unreachable(),
      iptc: async (...all) => {
        given = all;
        mkdirSync(join(all[2], "blocks"), { recursive: true });
        return NOTHING_WRITTEN;
      },
      alike: async () => expect.unreachable(),
      render: async () => expect.unreachable(),
    };
    const companions = names.map((name, i) => ({
      file: `ingest/companion-${i}`,
      name,
      bytes: 1,
      sha256: "0".repeat(64),
    }));
    const one = photo({ ingest: { ...factsAtGate("x").ingest, companions } });
    expect(factsIn(await runOne(only(iptc(images)), one))).toEqual(NOTHING_WRITTEN);
    return given?.[1];
  };

  test("is looked for in the sidecars that travel with the photo, by their names' ends", async () => {
    const at = (i: number): string => join(folder, "work", "ingest", `companion-${i}`);
    expect(await asked()).toEqual({ xmp: null, text: null });
    expect(await asked("IMG_1.json", "IMG_1.JPG.XMP", "IMG_1.Caption")).toEqual({ xmp: at(1), text: at(2) });
    expect(await asked("IMG_1.CR3", "IMG_1.txt")).toEqual({ xmp: null, text: at(1) });
    expect(readdirSync(join(folder, "work"))).toEqual([]);
  });
});

describe("quality", () => {
  const seen = { ...factsAtGate("x").look, sharpness: 100, brightness: 64, contrast: 32 };
  const nobody: Scorers = { judge: async () => [] };
  const rated = async (scorers: Scorers, archive: OwnArchive = async () => null) => {
    mkdirSync(join(folder, "work", "look"), { recursive: true });
    writeFileSync(join(folder, "work", seen.patches), new Uint8Array(Float32Array.of(1, 2, 3).buffer));
    return factsIn(await runOne(only(quality(scorers, archive)), photo({ look: seen })));
  };

  test("measures what can be measured and names the rest as missing", async () => {
    expect(await rated(nobody)).toEqual({
      metrics: {
        clip: { source: "missing" },
        nima: { source: "missing" },
        blur: { source: "measured", value: 5 },
        brightness: { source: "measured", value: 5 },
        contrast: { source: "measured", value: 5 },
        brisque: { source: "missing" },
      },
      technical: technicalOf(seen.measures),
      archive: null,
      plugins: [],
      qr: 5,
      band: "Low",
      missing: ["clip", "nima", "brisque"],
    });
  });

  test("takes from learned scorers what they give, and says whose it is", async () => {
    const said = (raw: number) => ({ kind: "score" as const, raw, score01: null });
    const pictures: (string | null)[] = [];
    const judge: Scorers["judge"] = async (picture) => {
      pictures.push(picture);
      return [
        { id: "first", metric: "nima", said: said(6.004) },
        { id: "second", metric: "nima", said: said(9) },
        { id: "aside", metric: null, said: said(0.3) },
      ];
    };
    expect(await rated({ judge })).toMatchObject({
      metrics: { nima: { source: "plugin", value: 6, plugin: "first" }, clip: { source: "missing" } },
      plugins: [
        { id: "first", said: said(6.004) },
        { id: "second", said: said(9) },
        { id: "aside", said: said(0.3) },
      ],
      missing: ["clip", "brisque"],
      technical: technicalOf(seen.measures),
    });
    expect(pictures).toEqual([join(folder, "work", "look/model.jpg")]);
  });

  test("is partial where a scorer is not available, and keeps the reason", async () => {
    const said = { kind: "unavailable" as const, code: "plugin.invalid", why: "other bytes" };
    expect(await rated({ judge: async () => [{ id: "mine", metric: "clip", said }] })).toMatchObject({
      metrics: { clip: { source: "missing" } },
      plugins: [{ id: "mine", said }],
      missing: ["clip", "nima", "brisque"],
    });
  });

  test("compares the photo's patches with the archive", async () => {
    const archive: OwnArchive = async (patches) => ({ percentile: patches.length, unlike: patches[1] === 2 });
    expect(await rated(nobody, archive)).toMatchObject({ archive: { percentile: 3, unlike: true } });
  });
});

describe("words", () => {
  test("are asked for with facts and the camera's date, else the set's", async () => {
    const { exif, iptc, look: seen, likeness, subject } = factsAtGate("x");
    const facts = { exif, iptc, look: seen, likeness, subject };
    expect(
      factsIn(
        await runOne(
          only(
            words(
              CAPTIONERS,
              english(),
              () => [],
              async () => undefined,
            ),
          ),
          photo(facts),
        ),
      ),
    ).toMatchObject({
      caption: "Gulls, Texel, 14 October 2026.",
    });
    const undated = { ...facts, exif: { ...facts.exif, takenAt: null } };
    expect(
      factsIn(
        await runOne(
          only(
            words(
              CAPTIONERS,
              english(),
              () => [],
              async () => undefined,
            ),
          ),
          photo(undated),
        ),
      ),
    ).toMatchObject({
      caption: "Gulls, Texel, October 2025.",
    });
  });
});

describe("a set's description", () => {
  const exif = { ...factsAtGate("x").exif, takenAt: "2027:01:01 00:30:00" };
  const { iptc, look: looked, likeness: found, subject: spoken } = factsAtGate("x");
  const facts = { exif, iptc, look: looked, likeness: found, subject: spoken };
  const ahead = [{ camera: "Canon EOS R5", aheadSeconds: 3_720 }];

  test("chooses the captioner and the target", async () => {
    const said = { ...factsAtGate("x").words, caption: "A poem.", captioner: "ollama" };
    const asked: CaptionRequest[] = [];
    const ollama: Captioner = {
      name: "ollama",
      caption: async (request) => {
        asked.push(request);
        return said;
      },
    };
    // As the settings will have it once there is a second target.
    const context: LoadedPhoto["context"] = JSON.parse(
      '{ "folder": "x", "captioner": "ollama", "targets": ["elsewhere"] }',
    );
    expect(
      factsIn(
        await runOne(
          only(
            words(
              { ...CAPTIONERS, ollama },
              english(),
              () => [],
              async () => undefined,
            ),
          ),
          photo(facts, { context }),
        ),
      ),
    ).toEqual(said);
    const { model } = facts.look.previews;
    expect(asked).toMatchObject([
      { picture: { file: join(photo().dir, model.file), sha256: model.sha256 }, subject: "Gulls", context },
    ]);

    const sentTo: string[] = [];
    const publisher = (target: string): Publisher => ({
      name: target,
      publish: async () => {
        sentTo.push(target);
        return publishFacts("x.JPG");
      },
      withdraw: async () => void sentTo.push(`back from ${target}`),
      retract: async () => undefined,
    });
    const file = { path: "/x", width: 1, height: 1, bytes: 1, sha256: "0".repeat(64) };
    const images: Images = {
      look: async () => expect.unreachable(),
      exif: async () => expect.unreachable(),
      iptc: async () => expect.unreachable(),
      alike: async () => expect.unreachable(),
      render: async () => ({ full: file, thumb: file }),
    };
    const size = { width: 1, height: 1, quality: 1 };
    const publishers = { site: publisher("site"), elsewhere: publisher("elsewhere") };
    const stage = only(publish(images, publishers, { full: size, thumb: size }));
    const { ingest: ingested, look: seen, quality: rated } = factsAtGate("x");
    const approved = { ingest: ingested, exif, look: seen, quality: rated, review: reviewFacts("r1") };
    await runOne(stage, photo(approved, { context }));
    await stage.undo?.(photo({ ...approved, publish: publishFacts("x.JPG") }, { context }));
    await runOne(stage, photo(approved));
    expect(sentTo).toEqual(["elsewhere", "back from elsewhere", "site"]);
  });

  test("puts the camera's clock right for caption, name and catalogue; the tags stay as they are", async () => {
    const context = { ...photo().context, clock: ahead };
    expect(
      factsIn(
        await runOne(
          only(
            words(
              CAPTIONERS,
              english(),
              () => [],
              async () => undefined,
            ),
          ),
          photo(facts, { context }),
        ),
      ),
    ).toMatchObject({
      caption: "Gulls, Texel, 31 December 2026.",
    });
    const ledger = { reserve: (_: PhotoId, stem: string) => `${stem}_001.JPG`, release: () => undefined };
    const named = await runAll(whole(name(ledger, "{year}_{seq}")), [photo(facts, { context })]);
    expect(factsIn(named.get(1))).toMatchObject({ name: "2026_001.JPG" });
    expect(facts.exif.takenAt).toBe("2027:01:01 00:30:00");
  });

  test("puts two cameras into one order", async () => {
    const order: PhotoId[] = [];
    const ledger = {
      reserve: (id: PhotoId) => {
        order.push(id);
        return "";
      },
      release: () => undefined,
    };
    const shots = ["Canon EOS R5", "NIKON Z 8"].map((camera, i) =>
      photo(
        { ...facts, exif: { ...exif, camera, takenAt: `2026:10:14 0${9 - i}:00:00` } },
        { id: i + 1, context: { ...photo().context, clock: ahead } },
      ),
    );
    await runAll(whole(name(ledger, "{seq}")), shots);
    expect(order).toEqual([1, 2]);
  });

  test.each([
    ["subject", whole(subject({ captioners: CAPTIONERS, kinds: kindsWith([]), lexicon: english(), identifyMs: 1 }))],
    [
      "words",
      only(
        words(
          CAPTIONERS,
          english(),
          () => [],
          async () => undefined,
        ),
      ),
    ],
    ["name", whole(name({ reserve: () => "", release: () => undefined }, "{seq}"))],
  ] as const)("is read by %s only where the stage says so: a change of it goes back to there", async (_, stage) => {
    const seen = new Set<string>();
    const context = new Proxy(photo().context, {
      get(given, field, self) {
        seen.add(String(field));
        return Reflect.get(given, field, self);
      },
    });
    const one = photo({ ...facts, exif: { ...exif, takenAt: null } }, { context });
    if (stage.kind === "photo") await runOne(stage, one);
    else await runAll(stage, [one]);
    // How often it was asked for anew is for whoever is asked: a model, or the ledger.
    const read = (stage.reads ?? []).filter((field) => field !== "wordsTake" && field !== "nameTake");
    expect([...seen].sort()).toEqual(read.sort());
  });
});

describe("names", () => {
  const shots = (...takenAt: (string | null)[]): LoadedPhoto[] =>
    takenAt.map((at, i) =>
      photo(
        { exif: { ...factsAtGate("x").exif, takenAt: at }, subject: factsAtGate("x").subject },
        { id: i + 1, position: i + 1 },
      ),
    );

  test("are given in the order in which the photos were taken, those without a date last", async () => {
    const reserved: [PhotoId, string][] = [];
    const ledger = {
      reserve: (id: PhotoId, stem: string) => {
        reserved.push([id, stem]);
        return `${stem}_${reserved.length}.JPG`;
      },
      release: () => undefined,
    };
    const outcomes = await runAll(
      whole(name(ledger, "{subject}_{year}_{seq}")),
      shots("2026:10:14 08:00:02", null, "2026:10:14 08:00:01", "2026:10:14 08:00:01"),
    );
    expect(reserved).toEqual([
      [3, "Gulls_2026"],
      [4, "Gulls_2026"],
      [1, "Gulls_2026"],
      [2, "Gulls_2025"],
    ]);
    expect(factsIn(outcomes.get(2))).toEqual({ name: "Gulls_2025_4.JPG", shortened: false });
  });

  test("are released when the stage is undone", async () => {
    const released: PhotoId[] = [];
    const stage = whole(name({ reserve: () => "", release: (id) => released.push(id) }, "{subject}_{seq}"));
    await stage.undo?.(photo());
    expect(released).toEqual([1]);
  });
});

describe("publishing", () => {
  test("sends exactly what was approved, and cleans its folder", async () => {
    let sent: Publication | undefined;
    const rendered: string[] = [];
    const crops: unknown[] = [];
    const publisher: Publisher = {
      name: "fake",
      publish: async (publication) => {
        sent = publication;
        return publishFacts("x.JPG");
      },
      withdraw: async () => undefined,
      retract: async (_, render) => void (await render()),
    };
    const file = { path: "/x", width: 1, height: 1, bytes: 1, sha256: "0".repeat(64) };
    const images: Images = {
      look: async () => expect.unreachable(),
      exif: async () => expect.unreachable(),
      iptc: async () => expect.unreachable(),
      alike: async () => expect.unreachable(),
      render: async (from, into, want) => {
        rendered.push(from);
        crops.push(want.crop);
        mkdirSync(into, { recursive: true });
        writeFileSync(join(into, "full.jpg"), "x");
        return { full: file, thumb: file };
      },
    };
    const sizes = { full: { width: 1, height: 1, quality: 1 }, thumb: { width: 1, height: 1, quality: 1 } };
    const stage = only(publish(images, { site: publisher }, sizes));
    const { ingest: ingested, exif, look: seen, quality: rated } = factsAtGate("x");
    const review = reviewFacts("r1");
    expect(factsIn(await runOne(stage, photo({ ingest: ingested, exif, look: seen, quality: rated, review })))).toEqual(
      publishFacts("x.JPG"),
    );
    const raw = {
      ...seen,
      embedded: { file: "look/embedded.jpg", width: 4, height: 3, bytes: 9, sha256: "0", isSmall: true },
    };
    await runOne(stage, photo({ ingest: ingested, exif, look: raw, quality: rated, review }));
    expect(rendered).toEqual(["ingest/original.jpg", "look/embedded.jpg"].map((file) => join(folder, "work", file)));
    expect(sent?.final).toEqual(review.final);
    expect(sent?.columns).toEqual({
      DateTime: "2026:10:14 08:12:33",
      Camera: "Canon EOS R5",
      Lens_model: "RF 100-500mm",
      Exposure: "1/250 sec",
      Aperture: "f/2.8",
      ISO: 400,
      Focal_length: 200,
      Original_File_Name: "IMG_1.JPG",
      nima_score: null,
      blur_score: 6,
      brightness_score: 8.59,
      contrast_score: 6.25,
      brisque_score: null,
      clip_aesthetic_score: null,
    });
    expect(readdirSync(join(folder, "work"))).toEqual([]);
    const context = { ...photo().context, clock: [{ camera: null, aheadSeconds: 33 }] };
    await runOne(stage, photo({ ingest: ingested, exif, look: seen, quality: rated, review }, { context }));
    expect(sent?.columns.DateTime).toBe("2026:10:14 08:12:00");
    const crop = { x: 0.1, y: 0, width: 0.5, height: 1 };
    const cut = { ...review, final: { ...review.final, crop } };
    await runOne(stage, photo({ ingest: ingested, exif, look: seen, quality: rated, review: cut }));
    // What a publication that was cut off left is told from others by its bytes: it has to be cropped, too.
    await stage.undo?.(photo({ ingest: ingested, exif, look: seen, quality: rated, review: cut }));
    expect(crops).toEqual([null, null, null, crop, crop]);
  });
});
