/** A real MariaDB on the loopback, with a data folder of its own. */
import { execFileSync, spawn } from "node:child_process";
import { chownSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type Connection, createConnection } from "mysql2/promise";
import { freePorts } from "./port.ts";

export interface DatabaseServer {
  readonly port: number;
  /** as its owner */
  open(database?: string): Promise<Connection>;
  kill(): Promise<void>;
  start(): Promise<void>;
  stop(): Promise<void>;
}

export const SITE_TABLE = readFileSync(join(import.meta.dirname, "..", "..", "docs", "site.sql"), "utf8");

export async function startMariaDb(): Promise<DatabaseServer> {
  // The path of a socket may have 107 characters.
  const run = mkdtempSync(join(tmpdir(), "pg-maria-"));
  const data = join(run, "data");
  mkdirSync(data);
  const isRoot = process.getuid?.() === 0;
  const user = isRoot ? ["--user=mysql"] : [];
  if (isRoot) {
    const [uid = 0, gid = 0] = ["-u", "-g"].map((flag) => Number(execFileSync("id", [flag, "mysql"])));
    for (const folder of [run, data]) chownSync(folder, uid, gid);
  }
  execFileSync(
    "mariadb-install-db",
    [
      "--no-defaults",
      ...user,
      `--datadir=${data}`,
      "--auth-root-authentication-method=normal",
      "--skip-test-db",
      "--skip-name-resolve",
    ],
    { stdio: "ignore" },
  );
  const [port = 0] = await freePorts(1);
  const open = (database?: string): Promise<Connection> =>
    createConnection({
      host: "127.0.0.1",
      port,
      user: "root",
      multipleStatements: true,
      ...(database && { database }),
    });

  const launch = () =>
    spawn(
      "mariadbd",
      [
        "--no-defaults",
        ...user,
        `--datadir=${data}`,
        "--bind-address=127.0.0.1",
        `--port=${port}`,
        `--socket=${run}/m.sock`,
        `--pid-file=${run}/pid`,
        "--skip-name-resolve",
        "--innodb-flush-log-at-trx-commit=0",
        "--innodb-buffer-pool-size=32M",
        "--innodb-log-file-size=16M",
        "--character-set-server=utf8mb4",
        "--collation-server=utf8mb4_unicode_ci",
        `--log-error=${run}/err.log`,
      ],
      { stdio: "ignore" },
    );
  let server = launch();
  const isUp = async (): Promise<void> => {
    for (let left = 600; left > 0; left -= 1) {
      if (server.exitCode !== null) throw new Error(readFileSync(join(run, "err.log"), "utf8").slice(-2_000));
      const connection = await open().catch(() => undefined);
      if (connection !== undefined) return connection.end();
      await sleep(100);
    }
    throw new Error("MariaDB does not answer");
  };
  const end = async (signal: "SIGKILL" | "SIGTERM"): Promise<void> => {
    const ended = new Promise((over) => server.once("exit", over));
    if (server.exitCode !== null || server.signalCode !== null) return;
    server.kill(signal);
    await ended;
  };
  await isUp();
  return {
    port,
    open,
    kill: () => end("SIGKILL"),
    async start() {
      server = launch();
      await isUp();
    },
    async stop() {
      await end("SIGKILL");
      rmSync(run, { recursive: true, force: true });
    },
  };
}
