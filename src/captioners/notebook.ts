import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import {
  type Noted,
  readNoted,
  readUnproved,
  readVariant,
  type Task,
  type Unproved,
  type Variant,
} from "../domain/model-answer.ts";
import { durableRemove, durableWrite, quickWrite } from "../files.ts";
import type { Identity } from "./server.ts";

/**
 * What models have answered, and how each is held to a shape: a file for each, in a folder that may be thrown away at any
 * time. Files and not a table: it is a cache of what can be asked again, and must not grow the database that cannot.
 */
export interface Notebook {
  answer(key: string, task: Pick<Task<unknown>, "read">): Promise<Noted | undefined>;
  noteAnswer(key: string, noted: Noted): Promise<void>;
  forgetAnswer(key: string): Promise<void>;
  variant(identity: Identity): Promise<Variant | undefined>;
  noteVariant(identity: Identity, variant: Variant): Promise<void>;
  /** what a model of a server has answered since it last saw a test card, or was about to */
  unproved(host: string, model: string): Promise<Unproved | undefined>;
  noteUnproved(unproved: Unproved): Promise<void>;
  /** servers and models that have answered since they last saw a card */
  allUnproved(): Promise<{ readonly host: string; readonly model: string }[]>;
}

const UNPROVED = "unproved";

export function notebookIn(folder: string): Notebook {
  const answerFile = (key: string): string => join(folder, key.slice(0, 2), `${key}.json`);
  const variantFile = (identity: Identity): string =>
    join(folder, "models", `${sha256(JSON.stringify(identity))}.json`);
  const unprovedFile = (host: string, model: string): string =>
    join(folder, UNPROVED, `${sha256(JSON.stringify([host, model]))}.json`);
  return {
    answer: async (key, task) => readNoted(await jsonIn(answerFile(key)), task),
    // One that a power cut takes is asked for again.
    noteAnswer: async (key, noted) => quickWrite(answerFile(key), JSON.stringify(noted)),
    forgetAnswer: async (key) => durableRemove(answerFile(key)),
    variant: async (identity) => readVariant(await jsonIn(variantFile(identity))),
    noteVariant: async (identity, variant) =>
      durableWrite(variantFile(identity), JSON.stringify({ ...identity, variant })),
    unproved: async (host, model) => readUnproved(await jsonIn(unprovedFile(host, model))),
    noteUnproved: async (unproved) =>
      durableWrite(unprovedFile(unproved.host, unproved.answerer.model), JSON.stringify(unproved)),
    async allUnproved() {
      const files = await readdir(join(folder, UNPROVED)).catch(() => []);
      const noted = await Promise.all(
        files.map(async (file) => readUnproved(await jsonIn(join(folder, UNPROVED, file)))),
      );
      return noted.flatMap((one) =>
        one === undefined || one.keys.length === 0 ? [] : [{ host: one.host, model: one.answerer.model }],
      );
    },
  };
}

/** What cannot be read is as if it had not been written: it is asked anew. */
async function jsonIn(file: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(file, "utf8"));
  } catch {
    return undefined;
  }
}

export const sha256 = (data: string | Uint8Array): string => createHash("sha256").update(data).digest("hex");
