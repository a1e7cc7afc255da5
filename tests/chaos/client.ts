/** The daemon over HTTP, as the command line talks to it. It may be dead, or another one than a moment ago. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";

export interface Row {
  readonly id: number;
  readonly file: string;
  readonly rev: number;
  readonly hash: string | null;
  readonly released: boolean;
  readonly culled: boolean;
  readonly published: boolean;
  readonly name: string | null;
}

export const CardsSchema = z.object({
  sets: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      state: z.string(),
      counts: z.object({ working: z.number(), photos: z.number() }),
      hold: z.object({ code: z.string(), stage: z.string(), why: z.string() }).nullable(),
    }),
  ),
});
export type Card = z.infer<typeof CardsSchema>["sets"][number];
const RowsSchema = z.object({ count: z.number(), columns: z.record(z.string(), z.array(z.unknown())) });
export const ResultsSchema = z.object({
  results: z.array(z.object({ id: z.string(), ok: z.boolean(), message: z.string().optional() })),
});
export const PlanSchema = z.object({ hash: z.string(), photos: z.array(z.object({ photo: z.number() })) });
export const ReleaseSchema = z.object({ release: z.string(), photos: z.number() });
const RuntimeSchema = z.object({ port: z.number(), token: z.string() });

/** The daemon is not there, or not there any more. */
export class Away extends Error {}

export interface Client {
  /** a GET without a body, a POST with one. @throws Away */
  ask(path: string, body?: unknown): Promise<{ readonly status: number; readonly answer: unknown }>;
  /** @returns undefined where the daemon says no, which `refused` hears. @throws Away */
  get<T>(schema: z.ZodType<T>, path: string, body?: unknown): Promise<T | undefined>;
  rows(set: string): Promise<Row[]>;
}

const ANSWER_MS = 10_000;

export function clientOf(home: string, refused: (what: string) => void): Client {
  const ask: Client["ask"] = async (path, body) => {
    const { port, token } = runtimeOf(home);
    const response = await fetch(`http://127.0.0.1:${port}${path}`, {
      method: body === undefined ? "GET" : "POST",
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(ANSWER_MS),
    }).catch((cause: unknown) => {
      throw new Away("no answer", { cause });
    });
    // Another daemon may have the port of one that died.
    if (response.status === 401 || response.status === 421) throw new Away("not our daemon");
    const answer: unknown = await response.json().catch((cause: unknown) => {
      throw new Away("half an answer", { cause });
    });
    return { status: response.status, answer };
  };
  const get: Client["get"] = async (schema, path, body) => {
    const { status, answer } = await ask(path, body);
    if (status < 300) return schema.parse(answer);
    refused(`${path} was answered with ${status}: ${JSON.stringify(answer)}`);
    return undefined;
  };

  const rows: Client["rows"] = async (set) => {
    const read = await get(RowsSchema, `/api/sets/${set}/rows`);
    const column = (name: string): unknown[] => read?.columns[name] ?? [];
    const [ids, files, revs, hashes] = [column("id"), column("file"), column("rev"), column("hash")];
    return ids.map((id, i) => ({
      id: Number(id),
      file: String(files[i]),
      rev: Number(revs[i]),
      hash: hashes[i] === null ? null : String(hashes[i]),
      released: column("released")[i] === true,
      culled: column("culled")[i] !== null,
      published: column("published")[i] !== null,
      name: column("name")[i] === null ? null : String(column("name")[i]),
    }));
  };
  return { ask, get, rows };
}

function runtimeOf(home: string): z.infer<typeof RuntimeSchema> {
  try {
    return RuntimeSchema.parse(JSON.parse(readFileSync(join(home, "data", "daemon.json"), "utf8")));
  } catch (cause) {
    throw new Away("no daemon yet", { cause });
  }
}
