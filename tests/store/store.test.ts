import { copyFileSync, mkdtempSync, readFileSync, rmSync, truncateSync, unlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { english } from "../../src/language/english.ts";
import { INSTALLATION_FILE, openStore, openStoreForReading, STORE_FILE } from "../../src/store/store.ts";
import { drop } from "./home.ts";

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "photogate-home-"));
});
afterEach(() => rmSync(home, { recursive: true }));

/** A home that has had a store: the daemon leaves its id beside it. */
function livedIn(): string {
  const store = openStore(home, 1, english());
  writeFileSync(join(home, INSTALLATION_FILE), store.installation.uuid);
  store.sets.open(drop(), 1);
  store.close();
  return store.installation.uuid;
}

describe("a home that has had a database", () => {
  test("opens it again", () => {
    const uuid = livedIn();
    const store = openStore(home, 2, english());
    expect(store.installation.uuid).toBe(uuid);
    expect(store.sets.all()).toHaveLength(1);
    expect(store.integrity()).toBe("ok");
    store.close();
  });

  test("does not take an empty file for it", () => {
    livedIn();
    truncateSync(join(home, STORE_FILE), 0);
    expect(() => openStore(home, 2, english())).toThrow(/is empty.*has had a database/);
    expect(readFileSync(join(home, STORE_FILE))).toHaveLength(0);
  });

  test("does not begin anew in silence when the file is gone", () => {
    livedIn();
    unlinkSync(join(home, STORE_FILE));
    expect(() => openStore(home, 2, english())).toThrow(/is missing.*has had a database/);
  });

  test("does not take a copy of before its last run, which would not know what was decided since", () => {
    const uuid = livedIn();
    const old = readFileSync(join(home, STORE_FILE));
    const store = openStore(home, 2, english());
    store.runs.begin("2026-10-14", 2, "1");
    store.close();
    writeFileSync(join(home, INSTALLATION_FILE), `${uuid}\n2026-10-14`);
    openStore(home, 3, english()).close();
    writeFileSync(join(home, STORE_FILE), old);
    expect(() => openStore(home, 3, english())).toThrow(/from before the run of 2026-10-14/);
  });

  test("does not take the database of another home", () => {
    livedIn();
    const mine = home;
    home = mkdtempSync(join(tmpdir(), "photogate-home-"));
    livedIn();
    copyFileSync(join(home, STORE_FILE), join(mine, STORE_FILE));
    rmSync(home, { recursive: true });
    home = mine;
    const before = readFileSync(join(home, STORE_FILE));
    expect(() => openStore(home, 2, english())).toThrow(/belongs to another home/);
    expect(readFileSync(join(home, STORE_FILE)).equals(before)).toBe(true);
  });
});

test("a home without a database gets one, and readers see what is in it", () => {
  const store = openStore(home, 1, english());
  const opened = store.sets.open(drop(), 1);
  const reader = openStoreForReading(home, english());
  expect(reader.sets.get(opened?.id ?? "")).toEqual(opened);
  reader.close();
  store.close();
});
