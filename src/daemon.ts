/** The roof: read, build, watch, drive, stop. Read from top to bottom it is the whole life of the daemon. */
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { setFlagsFromString } from "node:v8";
import { type Config, childEnvironment, settingsInForce } from "./config.ts";
import type { Event } from "./domain/events.ts";
import type { Clock } from "./domain/ports.ts";
import type { Stage } from "./domain/stage.ts";
import type { ReleaseId, SetId } from "./domain/words.ts";
import { enter } from "./enter.ts";
import { durableWrite } from "./files.ts";
import { firstSightOf } from "./first-sight.ts";
import { type Inboxes, watchInboxes } from "./inboxes.ts";
import { startSpeller } from "./language/speller.ts";
import { languageOf } from "./lexicon.ts";
import { openLog } from "./log.ts";
import { wouldResumeAt } from "./pipeline/drive.ts";
import { startDrivers } from "./pipeline/drivers.ts";
import { keepProofs } from "./proofs.ts";
import { openReaders } from "./readers.ts";
import { accessOn } from "./review-server/access.ts";
import { reviewApp } from "./review-server/app.ts";
import { listen } from "./review-server/listen.ts";
import { liveOn } from "./review-server/live.ts";
import { readRuntime, writeRuntime } from "./runtime.ts";
import { spellingOn } from "./spelling.ts";
import { stagesBeforeGate } from "./stages/index.ts";
import { INSTALLATION_FILE, openStore, type Store } from "./store/store.ts";
import { sweep } from "./sweep.ts";
import { tilesOf } from "./tiles.ts";
import { openWorkshop } from "./tools.ts";
import { trustIn } from "./trust.ts";
import { ASSETS, VERSION } from "./version.ts";
import { vocabularyOn } from "./vocabulary.ts";

export interface Daemon {
  /** a fresh one-time address of the review page */
  link(): string;
  readonly resumed: readonly { readonly set: string; readonly from: string }[];
  /** resolves when somebody asked the daemon to stop over HTTP */
  readonly stopAsked: Promise<void>;
  crash(kind: string, error: unknown): void;
  stop(): Promise<void>;
}

/** Where a test may put something of its own in place of a part. */
export interface Seams {
  readonly stages?: (stages: readonly Stage[]) => readonly Stage[];
  readonly store?: (store: Store) => Store;
}

// Thousands of files in one listing are garbage a moment later: V8 would keep room for many times what is in use.
const FRUGAL = ["--optimize-for-size", "--semi-space-growth-factor=1"];

const clock: Clock = { now: () => Date.now(), elapsed: () => performance.now() };

/**
 * @param hear gets every event, after it was logged
 * @throws Fault lease.taken, disk.failed, store.*, port.none
 */
export async function startDaemon(config: Config, hear: (event: Event) => void, seams: Seams = {}): Promise<Daemon> {
  for (const flag of FRUGAL) setFlagsFromString(flag);
  const lease = await enter(config);
  const language = languageOf(config);
  const opened = openStore(config.data, clock.now(), language.lexicon);
  const store = seams.store?.(opened) ?? opened;
  const runId = new Date(clock.now()).toISOString().replaceAll(":", "-");
  const { unclean, updated } = store.runs.begin(runId, clock.now(), VERSION);
  await durableWrite(join(config.data, INSTALLATION_FILE), `${opened.installation.uuid}\n${runId}`);
  if (updated) store.checkpoints.forgetUnreadable(clock.now());
  await sweep(config, store, unclean);

  const { level, keepRuns } = config.settings.log;
  const log = openLog({ folder: config.logs, level, keepRuns, maxBytes: config.maxLogBytes }, runId);
  const live = liveOn(clock);
  const announce = (event: Event): void => {
    log.event(event);
    if (event.kind === "stage.crashed") log.crash("stage", event.error, { set: event.set, stage: event.stage });
    live.hear(event);
    inboxes.hear(event);
    proofs.hear(event);
    if (event.kind === "set.opened" || event.kind === "set.joined") decoder.expect(event.photos);
    trust.hear(event);
    hear(event);
  };
  const proofs = keepProofs(config, store, language.lexicon, announce, (set, why) =>
    log.warn(`no proof of ${set}`, why),
  );

  const trust = trustIn(config, store, clock, announce, (set) => drivers.wake(set));

  const roots = config.inboxes.map(({ root }) => root);
  const readers = openReaders(roots, childEnvironment(), store.inboxes.volume);
  const workshop = openWorkshop(config, store, language, readers.originals, announce, trust.distrust);
  const { stages: built, stagesWith, decoder, mirror, models, target } = workshop;
  const stages = seams.stages?.(built) ?? built;
  const drivers = startDrivers({
    stages,
    onPaper: (ledger, without) => seams.stages?.(stagesWith(ledger, without)) ?? stagesWith(ledger, without),
    store,
    clock,
    announce,
    width: config.decoders + 2,
    gone: (set) => inboxes.gone(set),
    rollBackOnFault: config.settings.onFault === "roll-back",
    looks: readers.originals.looks,
    hasArchive: config.archive !== null,
  });
  const inboxes: Inboxes = await watchInboxes(config, {
    store,
    clock,
    announce,
    readers,
    wake: drivers.wake,
    retry: drivers.retry,
    takeBack: drivers.takeBack,
    restore: drivers.restore,
    failed: (inbox, why) => log.warn(`watching ${inbox} failed`, why),
  });

  const released = (set: SetId, release: ReleaseId, photos: number): void => {
    announce({ kind: "set.released", set, release, photos });
    drivers.wake(set);
  };
  const asked = Promise.withResolvers<void>();
  const token = randomBytes(32).toString("base64url");
  const vocabulary = vocabularyOn(config, store, mirror.words);
  const speller = startSpeller();
  const access = accessOn(store.sessions, clock, store.installation.uuid, token);
  const app = reviewApp(
    {
      store,
      clock,
      access,
      live,
      version: VERSION,
      assets: ASSETS,
      inboxes: inboxes.views,
      catalogue: mirror.lines,
      settings: () => settingsInForce(config),
      vocabulary,
      snippets: config.settings.snippets,
      spelling: spellingOn(config, vocabulary, speller),
      firstSight: firstSightOf(readers.originals),
      tile: tilesOf(decoder),
      stageNames: stagesBeforeGate,
      archive: config.archive,
      secondLookPercent: config.settings.review.secondLookPercent,
      countsSittings: config.settings.review.countSittings,
      crop: config.settings.review.crop,
      actions: { ...drivers, ...inboxes, released, stop: asked.resolve },
    },
    () => listening.port,
    (error) => log.crash("request", error, {}),
  );
  const listening = await listen(app, readRuntime(config.data)?.port ?? config.settings.review.port);
  await writeRuntime(config.data, { pid: process.pid, port: listening.port, token, startedAt: clock.now() });

  await trust.goOn();
  const underway = store.sets.underway();
  const resumed = unclean ? underway.flatMap((set) => resumedAt(set)) : [];
  function resumedAt(set: SetId) {
    const from = wouldResumeAt(set, { stages, store });
    return from === undefined ? [] : [{ set, from }];
  }
  store.runs.resumed(runId, resumed);
  announce({ kind: "daemon.started", resumed: resumed.map(({ set }) => set), unclean });
  for (const one of resumed) announce({ kind: "set.resumed", ...one });
  for (const set of underway) drivers.wake(set);
  inboxes.start();
  if (unclean) proofs.makeUp();
  void models.prove();

  return {
    link: () => `http://127.0.0.1:${listening.port}/open?t=${access.issueLink()}`,
    resumed,
    stopAsked: asked.promise,
    crash: (kind, error) => log.crash(kind, error, {}),
    async stop() {
      inboxes.close();
      const drained = drivers.stop();
      decoder.close();
      readers.close();
      await models.close();
      await speller.close();
      await drained;
      // A photo on its way is let go first, or it would call the server again.
      await target.close();
      await proofs.close();
      await listening.close();
      store.runs.end(runId, clock.now());
      mirror.close();
      store.close();
      log.close();
      lease.release();
    },
  };
}
