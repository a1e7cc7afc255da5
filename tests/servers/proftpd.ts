/** A real ProFTPD on the loopback, as a user who may do nothing else. */
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { chmodSync, chownSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { freePorts } from "./port.ts";

export interface FtpServer {
  readonly port: number;
  /** where a login begins */
  readonly root: string;
  /** sha256 of its certificate */
  readonly fingerprint: string;
  stop(): Promise<void>;
}

export const FTP_USER = "photog";
export const FTP_PASSWORD = "s3cret pass";
const NOBODY = 65534;

/** @param speaks FTP inside TLS, or SFTP */
export async function startProftpd(speaks: "ftps" | "sftp" = "ftps"): Promise<FtpServer> {
  const run = mkdtempSync(join(tmpdir(), "photogate-proftpd-"));
  const root = join(run, "home");
  mkdirSync(root);
  const [port = 0, from = 0] = await freePorts(2);
  execFileSync(
    "openssl",
    `req -x509 -newkey rsa:2048 -nodes -keyout ${run}/key.pem -out ${run}/cert.pem -days 2 -subj /CN=localhost -addext subjectAltName=DNS:localhost,IP:127.0.0.1`.split(
      " ",
    ),
    { stdio: "ignore" },
  );
  execFileSync(
    "ftpasswd",
    `--passwd --name ${FTP_USER} --uid ${NOBODY} --gid ${NOBODY} --home ${root} --shell /bin/sh --file ${run}/passwd --stdin --sha512`.split(
      " ",
    ),
    { input: FTP_PASSWORD, stdio: ["pipe", "ignore", "ignore"] },
  );
  const own = speaks === "ftps" ? tlsIn(run, from) : sftpIn(run);
  writeFileSync(join(run, "proftpd.conf"), [...configuration(run, port), ...own, ""].join("\n"));
  for (const path of [run, root, ...["key.pem", "cert.pem", "passwd", "proftpd.conf"].map((file) => join(run, file))])
    chownSync(path, NOBODY, NOBODY);
  chmodSync(join(run, "passwd"), 0o600);
  chmodSync(join(run, "key.pem"), 0o600);
  const server = spawn(
    "setpriv",
    [
      `--reuid=${NOBODY}`,
      `--regid=${NOBODY}`,
      "--clear-groups",
      "proftpd",
      "-n",
      "-q",
      "-c",
      join(run, "proftpd.conf"),
    ],
    { stdio: ["ignore", "ignore", "pipe"] },
  );
  let said = "";
  server.stderr.on("data", (piece) => {
    said += String(piece);
  });
  await answers(port, server, () => said);
  const fingerprint = execFileSync("openssl", [
    "x509",
    "-in",
    join(run, "cert.pem"),
    "-noout",
    "-fingerprint",
    "-sha256",
  ])
    .toString()
    .replace(/^.*=/, "")
    .trim();
  return {
    port,
    root,
    fingerprint,
    async stop() {
      const ended = new Promise((end) => server.once("exit", end));
      server.kill("SIGTERM");
      await ended;
      rmSync(run, { recursive: true, force: true });
    },
  };
}

const configuration = (run: string, port: number): string[] => [
  `ModulePath ${modulePath()}`,
  "LoadModule mod_tls.c",
  "LoadModule mod_sftp.c",
  "ServerName photogate-test",
  "ServerType standalone",
  `Port ${port}`,
  "DefaultAddress 127.0.0.1",
  "UseIPv6 off",
  "UseReverseDNS off",
  "User nobody",
  "Group nogroup",
  "AuthOrder mod_auth_file.c",
  `AuthUserFile ${run}/passwd`,
  "RequireValidShell off",
  `PidFile ${run}/pid`,
  `ScoreboardFile ${run}/score`,
  "DelayEngine off",
  "WtmpLog off",
  "TransferLog none",
  `SystemLog ${run}/system.log`,
  "AllowOverwrite on",
  "HiddenStores off",
  "Umask 022",
  "SocketBindTight on",
  "ControlsEngine off",
];

const tlsIn = (run: string, passive: number): string[] => [
  `PassivePorts ${Math.min(passive, 60_000)} ${Math.min(passive, 60_000) + 500}`,
  "TLSEngine on",
  "TLSRequired on",
  "TLSProtocol TLSv1.2 TLSv1.3",
  `TLSRSACertificateFile ${run}/cert.pem`,
  `TLSRSACertificateKeyFile ${run}/key.pem`,
  `TLSLog ${run}/tls.log`,
];

const sftpIn = (run: string): string[] => [
  "SFTPEngine on",
  `SFTPHostKey ${run}/key.pem`,
  "SFTPAuthMethods password",
  `SFTPLog ${run}/sftp.log`,
];

const modulePath = (): string => {
  const configured = /^\s*ModulePath\s+(\S+)/m.exec(readFileSync("/etc/proftpd/modules.conf", "utf8"));
  return configured?.[1] ?? "/usr/lib/proftpd";
};

async function answers(port: number, server: ChildProcess, said: () => string): Promise<void> {
  for (let left = 600; left > 0; left -= 1) {
    if (server.exitCode !== null) throw new Error(`proftpd ended with ${server.exitCode}: ${said()}`);
    const isUp = await new Promise<boolean>((resolve) => {
      const socket = connect(port, "127.0.0.1", () => {
        socket.destroy();
        resolve(true);
      }).on("error", () => resolve(false));
    });
    if (isUp) return;
    await sleep(50);
  }
  throw new Error(`proftpd does not answer: ${said()}`);
}
