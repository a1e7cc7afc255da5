import {
  type Connection,
  type ConnectionOptions,
  createConnection,
  type ResultSetHeader,
  type RowDataPacket,
} from "mysql2/promise";
import { CATALOGUE_COLUMNS } from "../domain/catalogue.ts";
import { Fault, type FaultCode, messageOf } from "../domain/fault.ts";
import type { CatalogueRow } from "../domain/ports.ts";
import type { Millis } from "../domain/words.ts";
import type { Table } from "./site.ts";

export interface MySqlSettings {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly database: string;
  readonly table: string;
  /** encrypted on the way, and the server's certificate vouched for */
  readonly isSecure: boolean;
  readonly timeoutMs: Millis;
}

export interface MySqlTable extends Table {
  /**
   * What of the server would lose or change a row, each as a sentence; none if all is well.
   *
   * @throws Fault rows.unreachable, rows.login
   */
  preflight(): Promise<string[]>;
  close(): Promise<void>;
}

/** Somebody else held the row: asked again at once, a little later each time. */
const TRIES = 5;
const PAUSE_MS: Millis = 50;
const AGAIN: ReadonlySet<string> = new Set(["ER_LOCK_DEADLOCK", "ER_LOCK_WAIT_TIMEOUT"]);

const quoted = (name: string): string => `\`${name.replaceAll("`", "``")}\``;

/** The site's own table in MySQL or MariaDB. A row is written in one transaction, read back and compared. */
export function mysql(settings: MySqlSettings): MySqlTable {
  const table = quoted(settings.table);
  const names = CATALOGUE_COLUMNS.map(quoted).join(", ");
  const upsert = `insert into ${table} (${names}) values (${CATALOGUE_COLUMNS.map(() => "?").join(", ")})
    on duplicate key update ${CATALOGUE_COLUMNS.map((name) => `${quoted(name)} = values(${quoted(name)})`).join(", ")}`;
  const byName = `select id, ${names} from ${table} where File_Name = ?`;
  let line: Promise<Connection> | undefined;
  let last: Promise<unknown> = Promise.resolve();

  const connection = (): Promise<Connection> => {
    line ??= connect(settings).catch((cause: unknown) => {
      line = undefined;
      throw faultOf(cause, settings);
    });
    return line;
  };
  const hangUp = async (): Promise<void> => {
    const before = line;
    line = undefined;
    (await before?.catch(() => undefined))?.destroy();
  };

  /** One after the other: a connection holds one transaction. */
  const inTurn = <T>(signal: AbortSignal, work: (on: Connection) => Promise<T>): Promise<T> => {
    const turn = last.then(async () => {
      for (let left = TRIES; ; left -= 1) {
        signal.throwIfAborted();
        try {
          return await work(await connection());
        } catch (cause) {
          if (!AGAIN.has(codeIn(cause)) || left <= 1) {
            if (!(cause instanceof Fault) || cause.code === "rows.changed") await hangUp();
            throw cause instanceof Fault ? cause : faultOf(cause, settings);
          }
          await new Promise((go) => setTimeout(go, PAUSE_MS * (TRIES - left + 1) * (1 + Math.random())));
        }
      }
    });
    last = turn.catch(() => undefined);
    return turn;
  };

  const read = async (on: Connection, name: string): Promise<RowDataPacket | undefined> => {
    const [rows] = await on.execute<RowDataPacket[]>(byName, [name]);
    if (rows.length > 1)
      throw new Fault("rows.schema", `${rows.length} rows have the File_Name ${name}: it is not unique`);
    return rows[0];
  };

  async function write(on: Connection, row: CatalogueRow): Promise<number> {
    await on.beginTransaction();
    try {
      await on.execute<ResultSetHeader>(
        upsert,
        CATALOGUE_COLUMNS.map((name) => row[name]),
      );
      const written = await read(on, row.File_Name);
      const other = differing(row, written);
      if (written === undefined || other.length > 0)
        throw new Fault("rows.changed", `the server keeps ${row.File_Name} otherwise: ${other.join("; ")}`);
      await on.commit();
      return Number(written["id"]);
    } catch (cause) {
      await on.rollback().catch(() => undefined);
      throw cause;
    }
  }

  return {
    upsert: (row, signal) =>
      inTurn(signal, async (on) => {
        try {
          return await write(on, row);
        } catch (cause) {
          if (!isFatal(cause)) throw cause;
          // The connection ended at some point of the transaction: what is there decides, not what was heard.
          await hangUp();
          const found = await read(await connection(), row.File_Name);
          if (found !== undefined && differing(row, found).length === 0) return Number(found["id"]);
          throw cause;
        }
      }),
    remove: (fileName, signal) =>
      inTurn(signal, async (on) => {
        await on.execute(`delete from ${table} where File_Name = ?`, [fileName]);
      }),
    preflight: () => inTurn(new AbortController().signal, (on) => flawsOf(on, settings)),
    async close() {
      const before = line;
      line = undefined;
      await (await before?.catch(() => undefined))?.end().catch(() => undefined);
    },
  };
}

async function connect({
  host,
  port,
  user,
  password,
  database,
  isSecure,
  timeoutMs,
}: MySqlSettings): Promise<Connection> {
  const options: ConnectionOptions = {
    ...{ host, port, user, password, database },
    charset: "utf8mb4_unicode_ci",
    connectTimeout: timeoutMs,
    // As it stands in the table, not as a clock of ours would read it.
    dateStrings: true,
    timezone: "Z",
    ...(isSecure ? { ssl: { rejectUnauthorized: true } } : {}),
  };
  const connection = await createConnection(options);
  // Without it a server cuts what is too long, and two photos share a row.
  await connection.query("set session sql_mode = 'STRICT_ALL_TABLES,NO_ENGINE_SUBSTITUTION'");
  await connection.query("set session transaction isolation level read committed");
  return connection;
}

/** Figures may be kept as FLOAT. */
const NEARLY = 1e-4;

/** Columns that are not what was written, with both values. */
function differing(row: CatalogueRow, found: RowDataPacket | undefined): string[] {
  if (found === undefined) return ["it is not there"];
  return CATALOGUE_COLUMNS.filter((name) => !isSame(row[name], found[name])).map(
    (name) => `${name} is ${JSON.stringify(found[name])}, sent was ${JSON.stringify(row[name])}`,
  );
}

function isSame(sent: string | number | null, found: unknown): boolean {
  if (sent === null || found === null) return sent === found;
  return typeof sent === "number"
    ? Math.abs(Number(found) - sent) <= NEARLY * Math.max(1, Math.abs(sent))
    : String(found) === sent;
}

/** Fewest characters a column must hold. */
const LEAST_LENGTH: Readonly<Partial<Record<keyof CatalogueRow, number>>> = {
  File_Name: 150,
  Path: 300,
  Thumb_Path: 300,
  Caption: 300,
  alt_text: 250,
  Keywords: 1_000,
  Location: 120,
};

async function flawsOf(on: Connection, { database, table }: MySqlSettings): Promise<string[]> {
  const [columns] = await on.execute<RowDataPacket[]>(
    `select column_name name, character_maximum_length length, character_set_name charset, extra from information_schema.columns
     where table_schema = ? and table_name = ?`,
    [database, table],
  );
  if (columns.length === 0) return [`There is no table ${table} in ${database}: make it with docs/site.sql.`];
  const there = new Map(columns.map((column) => [String(column["name"]), column]));
  const missing = ["id", ...CATALOGUE_COLUMNS].filter((name) => !there.has(name));
  const short = Object.entries(LEAST_LENGTH).flatMap(([name, least]) => {
    const length = there.get(name)?.["length"];
    return length != null && Number(length) < least ? [`${name} holds ${length} characters; ${least} may come.`] : [];
  });
  const narrow = CATALOGUE_COLUMNS.filter(
    (name) => !["utf8mb4", null, undefined].includes(there.get(name)?.["charset"]),
  );
  const [indexes] = await on.execute<RowDataPacket[]>(
    `select index_name name, group_concat(column_name order by seq_in_index) columns from information_schema.statistics
     where table_schema = ? and table_name = ? and non_unique = 0 group by index_name`,
    [database, table],
  );
  const isUnique = indexes.some((index) => index["columns"] === "File_Name");
  const others = indexes.filter((index) => !["File_Name", "id"].includes(String(index["columns"])));
  const counts = String(there.get("id")?.["extra"] ?? "").includes("auto_increment");
  return [
    ...missing.map((name) => `The column ${name} is missing.`),
    ...short,
    ...narrow.map((name) => `${name} is ${there.get(name)?.["charset"]}: not every letter fits. It takes utf8mb4.`),
    ...(isUnique ? [] : ["File_Name has no unique index: each publication would be another row."]),
    ...others.map(
      (index) => `The unique index ${index["name"]} (${index["columns"]}) would let a photo replace another's row.`,
    ),
    ...(counts || missing.includes("id") ? [] : ["id does not count by itself (auto_increment)."]),
  ];
}

const codeIn = (cause: unknown): string => (cause instanceof Error && "code" in cause ? String(cause.code) : "");
const isFatal = (cause: unknown): boolean =>
  cause instanceof Error &&
  (("fatal" in cause && cause.fatal === true) || /PROTOCOL_|ECONNRESET|EPIPE/.test(codeIn(cause)));

const CODES: Readonly<Record<string, FaultCode>> = {
  ER_ACCESS_DENIED_ERROR: "rows.login",
  ER_DBACCESS_DENIED_ERROR: "rows.login",
  ER_TABLEACCESS_DENIED_ERROR: "rows.login",
  ER_BAD_DB_ERROR: "rows.schema",
  ER_NO_SUCH_TABLE: "rows.schema",
  ER_BAD_FIELD_ERROR: "rows.schema",
  ER_DATA_TOO_LONG: "rows.schema",
  ER_TRUNCATED_WRONG_VALUE_FOR_FIELD: "rows.schema",
  ER_WARN_DATA_OUT_OF_RANGE: "rows.schema",
  ER_NO_DEFAULT_FOR_FIELD: "rows.schema",
  ER_OPTION_PREVENTS_STATEMENT: "rows.read-only",
};

function faultOf(cause: unknown, { host, port }: MySqlSettings): Fault {
  if (cause instanceof Fault) return cause;
  return new Fault(CODES[codeIn(cause)] ?? "rows.unreachable", `${host}:${port}: ${messageOf(cause)}`, { cause });
}
