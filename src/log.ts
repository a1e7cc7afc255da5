/** Events as log lines: the latest run, one file a release, and crashes. */
import { statSync } from "node:fs";
import { join } from "node:path";
import pino from "pino";
import type { Event } from "./domain/events.ts";
import { messageOf } from "./domain/fault.ts";
import type { SetId } from "./domain/words.ts";
import { turnOver } from "./files.ts";

export interface LogSettings {
  /** folder of the logs */
  readonly folder: string;
  readonly level: string;
  readonly keepRuns: number;
  readonly maxBytes: number;
}

export interface Log {
  event(event: Event): void;
  /** something nobody foresaw, with its stack */
  crash(kind: string, error: unknown, where: { readonly set?: SetId; readonly stage?: string }): void;
  warn(what: string, error: unknown): void;
  close(): void;
}

export const LATEST = "latest.log";
export const CRASHES = "crashes.log";
export const RELEASES = "releases";
const KEPT_CRASH_FILES = 5;

export function openLog(settings: LogSettings, run: string): Log {
  const latestPath = join(settings.folder, LATEST);
  turnOver(latestPath, settings.keepRuns);
  const latest = fileAt(latestPath, settings.maxBytes, settings.keepRuns);
  const crashes = fileAt(join(settings.folder, CRASHES), settings.maxBytes, KEPT_CRASH_FILES);
  const logger = pino({ level: settings.level, base: { run }, timestamp: pino.stdTimeFunctions.isoTime }, latest);
  const crashLogger = pino({ base: { run }, timestamp: pino.stdTimeFunctions.isoTime }, crashes);
  const releases = new Map<SetId, { readonly file: TurningFile; readonly logger: pino.Logger }>();

  /** A release has a file of its own, from the press of the button to the last photo. */
  const inRelease = (event: Event): void => {
    if (!("set" in event)) return;
    if (event.kind === "set.released") {
      releases.get(event.set)?.file.end();
      const file = fileAt(
        join(settings.folder, RELEASES, `${event.release}.log`),
        settings.maxBytes,
        settings.keepRuns,
      );
      releases.set(event.set, {
        file,
        logger: pino({ base: { run }, timestamp: pino.stdTimeFunctions.isoTime }, file),
      });
    }
    releases.get(event.set)?.logger.info(fieldsOf(event), event.kind);
    if (event.kind !== "set.finished") return;
    releases.get(event.set)?.file.end();
    releases.delete(event.set);
  };

  return {
    event(event) {
      logger[levelOf(event)](fieldsOf(event), event.kind);
      inRelease(event);
    },
    crash(kind, error, where) {
      const stack = error instanceof Error ? error.stack : undefined;
      crashLogger.error({ kind, ...where, stack, cause: causeOf(error) }, messageOf(error));
      logger.error({ kind, ...where }, messageOf(error));
    },
    warn: (what, error) => logger.warn({ why: messageOf(error) }, what),
    close() {
      for (const { file } of releases.values()) file.end();
      latest.end();
      crashes.end();
    },
  };
}

interface TurningFile {
  write(line: string): void;
  end(): void;
}

/** A log file that is turned over when it is full. A disk that takes no log line must not stop the daemon. */
function fileAt(path: string, maxBytes: number, keep: number): TurningFile {
  const open = () => {
    // Sync: the last line before a crash is the one that is wanted.
    const destination = pino.destination({ dest: path, sync: true, mkdir: true, mode: 0o600 });
    destination.on("error", () => undefined);
    return destination;
  };
  let file = open();
  // What earlier runs wrote counts too: the crashes are not turned over at a start.
  let written = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  return {
    write(line) {
      written += line.length;
      if (written > maxBytes) {
        file.end();
        turnOver(path, keep);
        file = open();
        written = line.length;
      }
      file.write(line);
    },
    end: () => file.end(),
  };
}

function levelOf(event: Event): "debug" | "info" | "warn" | "error" {
  switch (event.kind) {
    case "stage.done":
    case "inbox.changed":
      return "debug";
    case "photo.culled":
    case "set.held":
    case "inbox.offline":
    case "captioner.distrusted":
    case "words.distrusted":
      return "warn";
    case "stage.crashed":
      return "error";
    case "daemon.started":
    case "inbox.online":
    case "set.opened":
    case "set.joined":
    case "set.split":
    case "set.resumed":
    case "photo.taken-back":
    case "set.awaits-review":
    case "set.proved":
    case "set.released":
    case "set.finished":
    case "set.cleared":
    case "set.rolled-back":
      return "info";
  }
}

function fieldsOf(event: Event): Record<string, unknown> {
  const { kind: _, ...fields } = event;
  return "error" in fields ? { ...fields, error: messageOf(fields.error) } : fields;
}

const causeOf = (error: unknown): string | undefined =>
  error instanceof Error && error.cause !== undefined ? messageOf(error.cause) : undefined;
