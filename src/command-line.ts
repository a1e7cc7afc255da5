import { Command, CommanderError } from "commander";
import { typed } from "./asking.ts";
import { homeFrom, readConfig } from "./config.ts";
import * as corrections from "./correct-verbs.ts";
import { crops } from "./cropping.ts";
import { doctor } from "./doctor.ts";
import { Fault, messageOf } from "./domain/fault.ts";
import * as inbox from "./inbox-verbs.ts";
import { likeness } from "./likeness-verb.ts";
import * as modelVerbs from "./model-verbs.ts";
import { quality } from "./own-archive.ts";
import { proof } from "./proofs.ts";
import * as reading from "./reading-verbs.ts";
import { rename } from "./rename-verb.ts";
import * as siteVerbs from "./site-verbs.ts";
import { openBrowser, start } from "./start.ts";
import { VERSION } from "./version.ts";
import * as writing from "./writing-verbs.ts";

const say = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

const note = (line: string): void => {
  process.stderr.write(`${line}\n`);
};

/** Exit codes where a fault has one of its own; 1 otherwise. */
const EXITS: Readonly<Record<string, number>> = { "daemon.not-running": 3, "lease.taken": 3 };

/** @returns the exit code */
export async function run(argv: readonly string[]): Promise<number> {
  let code = 0;
  const program = new Command("photogate")
    .description("Drop a folder of photos, walk away, review, publish only what you approved.")
    .option("--home <dir>", "home folder (default: $PHOTOGATE_HOME, else ~/Photogate)")
    .exitOverride()
    .configureHelp({ showGlobalOptions: true });
  const config = () => readConfig(homeFrom(program.opts<{ home?: string }>().home));
  const verb = (name: string, about: string) =>
    program.command(name).description(about).option("--home <dir>", "home folder");
  // `photogate status --home X` and `photogate --home X status` are the same.
  program.hook("preAction", (_, command) => {
    const { home } = command.opts<{ home?: string }>();
    if (home !== undefined) program.setOptionValue("home", home);
  });
  const exits = (work: Promise<number>): Promise<void> =>
    work.then((result) => {
      code = result;
    });

  verb("start", "watch the inboxes and serve the review page, in the foreground")
    .option("--no-open", "do not open the browser")
    .option("--practice", "drop a practice set of generated photos")
    .action((options) => exits(start(config(), options, say)));
  verb("stop", "stop the running daemon").action(() => exits(writing.stop(config(), say)));
  verb("status", "what is going on; exit 0 idle or working, 10 review waiting, 20 problem, 3 not running")
    .option("--json")
    .action((options) => exits(reading.status(config(), options, say)));
  verb("ingest <dir>", "take a folder in as one set, at once").action((dir) => exits(inbox.ingest(config(), dir, say)));
  verb("review [set]", "print a one-time link to the review page and open it")
    .option("--no-open", "only print it")
    .action(async (set, options: { open: boolean }) => {
      const link = await writing.reviewLink(config(), set);
      say(link);
      if (options.open) await openBrowser(link);
    });
  verb("list [set]", "the sets, or the photos of one")
    .option("--json")
    .option("--filter <terms>", 'for example "band:Top -edited:caption heron"')
    .action((set, options) => exits(reading.list(config(), set, options, say)));
  for (const [name, verdict] of [
    ["approve", "approved"],
    ["reject", "rejected"],
    ["hold", "held"],
  ] as const) {
    const deciding = verb(`${name} <set>`, `${name} the undecided photos of a set, or those a filter finds`)
      .option("--filter <terms>")
      .option("--dry-run")
      .action((set, options) => exits(writing.decide(config(), verdict, set, options, say)));
    if (verdict === "rejected") deciding.option("--reason <text>", "why, in a few words");
  }
  verb("publish <set>", "publish what is approved")
    .option("--dry-run", "only list it")
    .option("--yes", "do not ask")
    .action((set, options) => exits(writing.publish(config(), set, options, say)));
  verb("clear <set>", "remove the working copies of a finished set; small previews and all that was decided stay")
    .option("--move-originals", "move the originals of published photos to the archive first")
    .option("--dry-run", "only say what it would free")
    .option("--yes", "do not ask")
    .action((set, options) => exits(writing.clear(config(), set, options, say)));
  verb("describe <set>", "say what a whole set is, or show what is said about it; an empty value takes it back")
    .option("--subject <text>")
    .option("--location <text>")
    .option("--category <text>")
    .option("--date <date>", "2026, 2026-10 or 2026-10-14")
    .option("--copyright <text>")
    .option("--event <text>")
    .option("--kind <name>", "wildlife, macro, aviation, travel, water drops, or one of your own")
    .option("--suggested", "take what a model saw, told nothing, for the subject")
    .option(
      "--clock <difference>",
      '"+1 h 2 min" (ahead) or "-45 s" (behind), or "Canon EOS R5=+1 h" for one camera; once for each',
      (one: string, others: readonly string[] = []) => [...others, one],
    )
    .option("--captioner <name>", "who writes its words: template, ollama or openai")
    .option("--model <name>", "asked in place of the model in the settings")
    .option("--yes", "do not ask whether approvals may be taken back")
    .action((set, options) => exits(writing.describe(config(), set, options, say)));
  verb("split <set>", "make some photos of a set one of its own, or show what it might be split by")
    .option("--part <name>", "one of the things the set seems to show")
    .option("--photos <numbers>", "the photos that go, with commas between them")
    .option("--subject <text>", "what they show")
    .option("--yes", "do not ask whether approvals may be taken back")
    .action((set, options) => exits(writing.split(config(), set, options, say)));
  verb("rewind <set>", "forget what the stages found from one on, and do it again")
    .requiredOption("--to <stage>")
    .action((set, { to }: { to: string }) => exits(writing.rewind(config(), set, to, say)));
  verb("rollback <set>", "take a set back to before it was taken in").action((set) =>
    exits(writing.rollBack(config(), set, say)),
  );
  verb("reopen <set>", "bring what is released and cannot be published back to review").action((set) =>
    exits(writing.reopen(config(), set, say)),
  );
  verb("start-again <set>", "take a rolled-back set in anew").action((set) =>
    exits(inbox.startAgain(config(), set, say)),
  );
  verb("retry <set>", "try a held set again").action((set) => exits(writing.retry(config(), set, say)));
  verb("take-back <set> <photo>", "bring a photo that was left out back").action((set, photo) =>
    exits(writing.takeBack(config(), set, photo, say)),
  );
  verb("go <folder>", "take in now what is whole of a folder that still waits; by path or name").action((folder) =>
    exits(inbox.go(config(), folder, say)),
  );
  verb("wait <folder>", "hold a folder back from becoming a set until you say go")
    .option("--off", "let it close by itself again")
    .action((folder, options) => exits(inbox.wait(config(), folder, options, say)));
  verb("look [inbox]", "list an inbox, or all of them, now, and try again what could not be read").action((root) =>
    exits(inbox.look(config(), root, say)),
  );
  const several = (one: string, others: readonly string[] = []): readonly string[] => [...others, one];
  const onPhotos = (command: Command): Command =>
    command
      .option("--photo <number>", "only this photo; once for each", several)
      .option("--filter <terms>", "only those a filter finds")
      .option("--dry-run", "only show what would change")
      .option("--yes", "do not ask")
      .option("--json");
  onPhotos(
    verb(
      "correct <set>",
      "put right what photos of a set are: text, name and folder follow; an empty value takes it away",
    ),
  )
    .option("--subject <text>")
    .option("--location <text>")
    .option("--category <text>")
    .option("--kind <name>")
    .action((set, options) => exits(corrections.correct(config(), set, options, say)));
  onPhotos(
    verb(
      "redo <photo|set>",
      "review a photo again that was rejected or left out; or have words or names of a set anew",
    ),
  )
    .option("--words", "have the words of its photos written anew")
    .option("--name", "give its photos other file names")
    .action((wanted, options: corrections.RedoOptions) =>
      exits(
        options.words === true || options.name === true
          ? corrections.redoIn(config(), wanted, options, say)
          : writing.redo(config(), wanted, say),
      ),
    );
  verb("let-go <inbox>", "what is missing in an inbox was taken away on purpose").action((root) =>
    exits(inbox.letGo(config(), root, say)),
  );
  verb("ignore <path>", "do not mention a file again, as long as it stays as it is")
    .option("--all <code>", "everything of that code in the inbox at the path")
    .action((path, options) => exits(inbox.ignore(config(), path, options, say)));
  verb("rename <folder>", "give the photos of any folder names by a pattern, with all that travels with them")
    .option("--pattern <pattern>", "{date} {time} {seq} {camera} {stem} and plain characters (default: {date}_{seq})")
    .option("--dry-run", "only list the new names")
    .option("--yes", "do not ask")
    .option("--resume <manifest>", "go on where a run was cut off")
    .option("--undo <manifest>", "give everything its old name back")
    .action((folder, options) => exits(rename(config(), folder, options, say)));
  verb("likeness <folder>", "which photos of any folder are alike, and which to keep; only --apply moves anything")
    .option("--csv <file>", "write the groups, to be looked through in a spreadsheet")
    .option("--json <file>", "write the whole report")
    .option("--style <program>", "how --json is written: photogate, czkawka, imagededup")
    .option("--recipe <n>", "1: copies, edits and crops; 2: by hash alone; 3: by a learned model")
    .option(
      "--tier <tiers>",
      "exact,same-frame,derived,burst,bracket,stack,panorama,semantic; --apply keeps to those named",
    )
    .option("--hash <hash>", "phash, dhash or ahash")
    .option("--keep <rule>", "largest, or newest")
    .option("--cosine <n>", "from which a learned model calls two photos alike, 0.5 to 1")
    .option("--outliers <n>", "list the photos least like any other")
    .option("--from <file>", "take the groups of an edited report, of Czkawka or of imagededup")
    .option("--apply", "move all but the keepers of copies and edits to _review_dupes/")
    .option("--resume <manifest>", "go on where a run was cut off")
    .option("--undo <manifest>", "move everything back")
    .action((folder, options) => exits(likeness(config(), folder, options, say)));
  verb("proof <set|photo>", "on what grounds the words of a set, or of one photo, stand")
    .option("--json")
    .option("--out <dir>", "write it as .json and .md into a folder")
    .action((wanted, options) => exits(proof(config(), wanted, options, say)));
  verb("problems", "everything that waits, is missing, was refused or left out, and what to do about it")
    .option("--json")
    .action((options) => exits(reading.problems(config(), options, say)));
  program
    .command("model")
    .description("the models that describe pictures")
    .command("pull <name>")
    .description("have the Ollama servers of the settings download a model; nothing else ever does")
    .option("--home <dir>", "home folder")
    .action((name) => exits(modelVerbs.pull(config(), name, say, note)));
  const target = program.command("target").description("the site that is published to");
  target
    .command("test")
    .description("put a file and a row there, find them, take them away; exit 0 if all went well, else 2")
    .option("--home <dir>", "home folder")
    .option("--json")
    .action((options) => exits(siteVerbs.targetTest(config(), options, say)));
  const secret = program
    .command("secret")
    .description("passwords of the site's servers, kept sealed in the data folder");
  secret
    .command("set <name>")
    .description("ftp, sftp or mysql; typed, or piped in")
    .option("--home <dir>", "home folder")
    .action((name) => exits(siteVerbs.secretSet(config(), name, () => typed(`Password for ${name}: `), say)));
  secret
    .command("forget <name>")
    .option("--home <dir>", "home folder")
    .action((name) => exits(siteVerbs.secretForget(config(), name, say)));
  secret
    .command("list")
    .option("--home <dir>", "home folder")
    .action(() => exits(siteVerbs.secretList(config(), say)));
  verb("sittings", "how reviews on the page went: photos, seconds, keys; kept on this machine alone")
    .option("--csv")
    .option("--json")
    .action((options) => exits(reading.sittings(config(), options, say)));
  verb("logs", "the latest run, one release (--run ID), or the crashes")
    .option("--run [id]")
    .option("--crash")
    .action((options) => exits(reading.logs(config(), options, say)));
  verb("crops <folder>", "propose crops for the photos of any folder; writes sidecars for those that are sure")
    .option("--accept-above <confidence>", "how sure a proposal must be to be written, 0.45 to 1 (default: 0.75)")
    .option("--copy-from <file>", "give all others the crop of this photo, or of this .crop.json")
    .option("--aspect <list>", "4:5, 16:9, 1:1, 3:2, or several with commas (default: all)")
    .option("--xmp", "also write the crop of one --aspect as XMP, for darktable")
    .option("--json")
    .action((folder, options) => exits(crops(config(), folder, options, say, note)));
  verb("quality", "what the technical score is compared with: the model of your own archive")
    .option("--fit", "fit it anew, from approved photos that are technically sound")
    .option("--json")
    .action((options) => exits(quality(config(), options, say)));
  verb("doctor", "check this home; exit 0 fine, 1 warnings, 2 failed")
    .option("--json")
    .action((options) => exits(doctor(config(), options, say)));
  verb("version", "print the version").action(() => say(VERSION));

  try {
    await program.parseAsync([...argv]);
    return code;
  } catch (failure) {
    return failed(failure);
  }
}

function failed(failure: unknown): number {
  if (failure instanceof CommanderError) return failure.exitCode;
  if (!(failure instanceof Fault)) throw failure;
  process.stderr.write(`${messageOf(failure)} (${failure.code})\n${failure.remedy}\n`);
  return EXITS[failure.code] ?? 1;
}
