/** Whose doing a fault is; it decides what happens next (`pipeline/retry.ts`). */
export type Blame = "photo" | "tool" | "set" | "person";

interface FaultRow {
  readonly blame: Blame;
  /** what it means, as a sentence */
  readonly means: string;
  /** what the photographer can do about it */
  readonly remedy: string;
  /** how often it is looked at before it counts, where another look may cure it; once if nothing is said */
  readonly looks?: number;
}

/** Every foreseen failure. `docs/faults.md` is written from this table. */
export const FAULTS = {
  // The photo: it is left out, with the reason; the others go on.
  "photo.empty": {
    blame: "photo",
    means: "The file has no bytes.",
    remedy: "Copy it from the card again.",
  },
  "photo.truncated": {
    blame: "photo",
    means: "The file ends before the picture does.",
    remedy: "Copy it from the card again; if the card has it so, a recovery tool may still find the rest.",
  },
  "photo.incomplete": {
    blame: "photo",
    means: "The file has its full length, but the end of it was never written.",
    remedy: "The copy was cut short. Copy it from the card again.",
  },
  "photo.placeholder": {
    blame: "photo",
    means: "The file is only shown here; its bytes are in the cloud.",
    remedy: "Make it available on this device in your cloud program; it is taken in then.",
  },
  "photo.not-a-photo": {
    blame: "photo",
    means: "The file is named like a photo, but its content is something else.",
    remedy: "Remove it from the inbox, or export it as JPEG.",
  },
  "photo.unsupported": {
    blame: "photo",
    means: "This is a picture in a format Photogate cannot read.",
    remedy: "Export it as JPEG with a program that reads it (the reason names some), and drop that.",
  },
  "photo.needs-perl": {
    blame: "photo",
    means: "This is a RAW photo. ExifTool, which takes the picture out of it, needs Perl, and Perl does not run here.",
    remedy:
      "Install Perl (`apt install perl`, `dnf install perl`, `brew install perl`), then choose Try again; or drop the JPEG the camera wrote beside it.",
  },
  "photo.no-preview": {
    blame: "photo",
    means: "This RAW photo holds no JPEG preview, and Photogate does not develop RAW itself.",
    remedy: "Develop it in darktable, RawTherapee or Lightroom and drop the JPEG.",
  },
  "photo.unreadable": {
    blame: "photo",
    means: "The daemon may not read the file.",
    remedy:
      "Give the user that runs Photogate the right to read it, then choose Look again, or Try again if it is in a set.",
  },
  "photo.held": {
    blame: "photo",
    means: "Another program has the file open and lets nobody read it.",
    remedy: "Close the program that has it, then choose Try again.",
    // A virus scanner on Windows lets go after seconds.
    looks: 60,
  },
  "photo.read-error": {
    blame: "photo",
    means: "The disk or card failed while the file was read.",
    remedy: "Copy everything from that card now, to another disk.",
    looks: 3,
  },
  "photo.gone": {
    blame: "photo",
    means: "The file disappeared from the inbox before it was copied.",
    remedy: "Drop it again.",
  },
  "photo.changed": {
    blame: "photo",
    means: "The file kept changing while it was copied.",
    remedy: "Wait until the program that writes it is done, then choose Try again.",
    looks: 5,
  },
  "photo.replaced": {
    blame: "photo",
    means: "The file was replaced by another version, which is taken in as a photo of its own.",
    remedy: "Nothing; choose Try again if you want this version too.",
  },
  "photo.source-gone": {
    blame: "photo",
    means: "The original is not in the inbox any more. Our verified copy is kept.",
    remedy: "Put the file back, or choose They are gone if you took it away on purpose.",
  },
  "photo.name-not-text": {
    blame: "photo",
    means: "The file name is not valid UTF-8, so no program here can open it by name.",
    remedy: "Rename the file, then drop it again.",
  },
  "photo.too-many-pixels": {
    blame: "photo",
    means: "The picture has more pixels than Photogate will decode.",
    remedy: "Raise `look.maxMegapixels` if you made this picture, or export it smaller.",
  },
  "photo.undecodable": {
    blame: "photo",
    means: "The picture cannot be decoded without errors.",
    remedy: "Copy it from the card again; if it stays so, open it in your editor and export it anew.",
  },
  "photo.decoder-crash": {
    blame: "photo",
    means: "The decoder died on this picture, twice.",
    remedy: "Open it in your editor and export it again.",
    looks: 2,
  },
  "photo.too-much-memory": {
    blame: "photo",
    means: "Decoding this picture took more memory than a decoder may have.",
    remedy: "Export it smaller, or as a JPEG.",
  },
  "photo.decode-timeout": {
    blame: "photo",
    means: "Decoding this picture took longer than the limit.",
    remedy: "Export it smaller, or raise `look.limitSeconds`.",
  },
  "photo.stage-crash": {
    blame: "photo",
    means: "Photogate failed on this photo in a way nobody foresaw, more than once.",
    remedy: "Run `photogate logs --crash` and report what it says; the photo itself is untouched.",
  },

  // The set: it is taken back to before the stage and waits for a person.
  "set.stage-crash": {
    blame: "set",
    means: "Photogate failed on this set in a way nobody foresaw.",
    remedy: "Run `photogate logs --crash` and report what it says, then choose Try again.",
  },
  "set.facts-unreadable": {
    blame: "set",
    means: "What was stored about an approval or a publication no longer reads.",
    remedy: "Restore the data folder from a backup, or roll the set back.",
  },
  "set.rolling-back": {
    blame: "set",
    means: "The set is being taken back to before it was taken in.",
    remedy: "Nothing: it is finished by itself, even if it was cut short.",
  },
  "context.invalid": {
    blame: "set",
    means: "The file photogate.yaml of this folder has mistakes.",
    remedy: "Correct the lines it names; the set goes on by itself.",
  },
  "name.taken": {
    blame: "set",
    means: "Another photo holds this file name.",
    remedy: "Choose the next free name.",
  },

  // The tools: the set is held and tried again.
  "disk.full": {
    blame: "tool",
    means: "There is no room left on the disk.",
    remedy: "Free some space; the set goes on by itself.",
  },
  "disk.failed": {
    blame: "tool",
    means: "The disk refused to write.",
    remedy: "Check that the disk is there and writable; the set goes on by itself.",
  },
  "machine.open-files": {
    blame: "tool",
    means: "The system lets Photogate open no more files.",
    remedy: "Close other programs, or raise the limit of open files (`ulimit -n`); the set goes on by itself.",
  },
  "copy.mismatch": {
    blame: "tool",
    means: "A copy did not equal its original when read back.",
    remedy: "Check the disk and the memory of this machine; the copy was thrown away, the original is untouched.",
  },
  "site.unwritable": {
    blame: "tool",
    means: "The folder of the site cannot be written.",
    remedy: "Check that the folder exists and may be written by this user; publishing goes on by itself.",
  },
  "site.unreachable": {
    blame: "tool",
    means: "The server of the site does not answer, or hung up.",
    remedy: "Check the address and the network; publishing goes on by itself, where it stopped.",
  },
  "site.login": {
    blame: "set",
    means: "The server of the site does not accept the user or the password.",
    remedy:
      "Put them right in the settings and choose Try again. Photogate does not try by itself: servers lock out who tries often.",
  },
  "site.certificate": {
    blame: "set",
    means: "The server of the site does not prove who it is, so nothing was sent.",
    remedy:
      "Compare the fingerprint, or with SFTP the key, with what your provider tells you; if it is theirs, put it into the settings (`publish.ftp.fingerprint`, `publish.sftp.hostKey`) and choose Try again.",
  },
  "site.passive": {
    blame: "tool",
    means: "The server of the site lets nobody in for the data: its passive ports are closed.",
    remedy: "Ask the provider to open the passive ports of its FTP server, or use SFTP; publishing goes on by itself.",
  },
  "site.full": {
    blame: "tool",
    means: "There is no room left on the server of the site.",
    remedy: "Make room there or get more; publishing goes on by itself.",
  },
  "site.lost": {
    blame: "tool",
    means: "The server of the site said it has a file, and does not have all of it.",
    remedy: "Publishing tries again by itself; if it stays so, tell the provider.",
  },
  "site.plain": {
    blame: "set",
    means: "The settings ask for FTP without encryption, where anybody on the way reads password and pictures.",
    remedy:
      'Set "security": "explicit" in publish.ftp; if the server cannot, repeat its host in publish.ftp.plainHost.',
  },
  "secret.missing": {
    blame: "set",
    means: "A password is needed and none is kept.",
    remedy: "Give it with `photogate secret set NAME` and choose Try again.",
  },
  "secret.unreadable": {
    blame: "set",
    means: "A password that is kept cannot be opened: its key was lost, or is another home's.",
    remedy: "Give it anew with `photogate secret set NAME`.",
  },
  "secret.unknown": {
    blame: "person",
    means: "There is no password of that name.",
    remedy: "`photogate secret list` shows which there are.",
  },
  "rows.unreachable": {
    blame: "tool",
    means: "The files are on the site, and its database does not answer, so the photo is not shown yet.",
    remedy: "Check the address and the network; publishing goes on by itself, the files are not sent again.",
  },
  "rows.login": {
    blame: "set",
    means: "The database of the site does not accept the user or the password, or not for this table.",
    remedy: "Put them right in the settings and choose Try again.",
  },
  "rows.schema": {
    blame: "set",
    means: "The table of the site is not one these rows fit into.",
    remedy: "Compare it with docs/site.sql, mend it and choose Try again.",
  },
  "rows.read-only": {
    blame: "tool",
    means: "The database of the site takes no changes.",
    remedy: "It may be a copy, or under repair; publishing goes on by itself.",
  },
  "rows.changed": {
    blame: "set",
    means: "The database of the site keeps a row otherwise than it was sent, so it was taken back.",
    remedy: "Look at column types and triggers of the table, mend them and choose Try again.",
  },
  "site.collision": {
    blame: "set",
    means: "The site already has a different file under this name.",
    remedy:
      "Move the other file away and choose Try again; or choose Back to review and give the photo another file name.",
  },

  "captioner.unreachable": {
    blame: "tool",
    means: "The server that runs the model does not answer.",
    remedy:
      "Start it (`ollama serve`) and check `captioner.ollama.hosts` or `captioner.openai.hosts`; the set goes on by itself.",
  },
  "captioner.no-model": {
    blame: "tool",
    means: "The server does not have the model.",
    remedy:
      "Get it with `photogate model pull NAME` or `ollama pull NAME`; the set goes on by itself. Or go on without it: `photogate describe SET --captioner template`, `photogate describe SET --model OTHER`, or `photogate rollback SET`. Photogate never downloads a model unasked.",
  },
  "captioner.no-sight": {
    blame: "tool",
    means: "The model cannot look at pictures.",
    remedy:
      "Set a model with vision in `captioner.ollama.model`, for example `qwen3.5:4b` or `gemma4:e4b`, get it with `photogate model pull NAME`, and start Photogate again.",
  },
  "captioner.blind": {
    blame: "tool",
    means: "The model did not say what is on a test picture, so its words cannot be trusted.",
    remedy:
      "Restart the server (`ollama stop NAME`, then `ollama serve`), or get the model anew with `ollama pull NAME`; if it stays so, set another model. The set goes on by itself once the model sees.",
  },
  "captioner.constant": {
    blame: "tool",
    means: "The model gave the very same answer for several photos that are not alike: it does not look at them.",
    remedy:
      "Name another model with `photogate describe SET --model OTHER`, or go on without one with `photogate describe SET --captioner template`. What it said of these photos is forgotten, and they are asked about anew.",
  },
  "captioner.busy": {
    blame: "tool",
    means: "The server has too much to do and takes no more questions.",
    remedy: "Nothing, or stop what else asks it; the set goes on by itself.",
  },
  "captioner.failed": {
    blame: "tool",
    means: "The server failed while the model worked.",
    remedy:
      "If it ran out of memory, set a smaller model; `ollama ps` shows what is loaded. The set goes on by itself.",
  },
  "captioner.garbled": {
    blame: "tool",
    means: "What the server sent is not what such a server sends.",
    remedy: "Check that the address leads to the model's server and not to another program or a proxy.",
  },
  "captioner.timeout": {
    blame: "tool",
    means: "The server stopped answering in the middle of its work.",
    remedy:
      "See with `ollama ps` whether the model runs on the processor; a slow machine needs larger `captioner.silenceSeconds` and `captioner.totalSeconds`. The set goes on by itself.",
  },
  "captioner.away": {
    blame: "set",
    means: "The model is not on this machine or its own network, and pictures do not leave it unless you say so.",
    remedy: "Set a model that runs here, or set `captioner.allowAway` if your pictures may go there.",
  },
  "captioner.unset": {
    blame: "set",
    means: "The set asks for a captioner that has no server or no model in the settings.",
    remedy: "Set `hosts` and `model` in `captioner.openai` or `captioner.ollama` and start Photogate again.",
  },

  "archive.collision": {
    blame: "set",
    means: "The archive already has a different file under this name.",
    remedy: "Move the other file away and choose Try again.",
  },

  // What is said about files that belong to photos which went their way.
  "companion.uncopied": {
    blame: "photo",
    means: "A file that belongs to a photo could not be copied; the photo went on without it.",
    remedy:
      "Copy it from the card by hand; or put right what is said and do the set again from `ingest` with `photogate rewind`.",
  },
  "original.kept": {
    blame: "person",
    means: "An original was to go to the archive and stays where it is.",
    remedy: "Nothing is lost: the archive has a verified copy of what was published. Move or delete the file by hand.",
  },

  // What lies in an inbox and is no photo of a set.
  "drop.waiting": {
    blame: "person",
    means: "The file is still arriving, or its folder is.",
    remedy: "Nothing: it is taken in when it has been left alone for the quiet time.",
  },
  "drop.incomplete": {
    blame: "person",
    means: "The file is quiet, but its end is not there yet.",
    remedy:
      "Nothing if it is still being copied. If the copy was cut short, copy it again; else it is taken as it is when its time is over.",
  },
  "drop.held": {
    blame: "person",
    means: "A person holds the folder back.",
    remedy: "Choose Go when everything is there.",
  },
  "drop.orphan": {
    blame: "person",
    means: "A companion, such as an XMP sidecar, without a photo of its name.",
    remedy: "Drop its photo beside it, or choose Ignore.",
  },
  "drop.late-companion": {
    blame: "person",
    means: "The companion came after its photo was copied.",
    remedy: "It stays in the inbox. Rewind the set to ingest if the photo is to have it.",
  },
  "drop.already-here": {
    blame: "person",
    means: "The very bytes of a photo that is here already.",
    remedy: "Nothing: it is one photo, wherever it lies.",
  },
  "drop.again": {
    blame: "person",
    means: "A photo that was rejected or left out has come again.",
    remedy: "Choose Redo to have it reviewed again.",
  },
  "drop.system-file": {
    blame: "person",
    means: "A file the system or another program keeps for itself.",
    remedy: "Nothing: it is left where it is.",
  },
  "drop.review-folder": {
    blame: "person",
    means: "It was put aside by `photogate likeness --apply`, and is not taken in from there.",
    remedy:
      "Nothing. Delete it when you have looked at it, or move it back: photogate likeness FOLDER --undo MANIFEST.",
  },
  "drop.temporary": {
    blame: "person",
    means: "The name says that another program is still writing it.",
    remedy: "Nothing: it is taken in once it has its final name.",
  },
  "drop.other-file": {
    blame: "person",
    means: "Not a photo by its name.",
    remedy: "Move it out of the inbox if it does not belong there.",
  },
  "drop.companion": {
    blame: "person",
    means: "Belongs to a photo or to a set and travels with it.",
    remedy: "Nothing.",
  },
  "drop.symlink": {
    blame: "person",
    means: "A link; links are not followed out of the inbox.",
    remedy: "Copy the file itself into the inbox.",
  },
  "drop.not-a-file": {
    blame: "person",
    means: "Named like a photo, but a folder, pipe or device.",
    remedy: "Move it out of the inbox.",
  },
  "drop.unreadable-folder": {
    blame: "person",
    means: "The folder cannot be listed.",
    remedy: "Give the user that runs Photogate the right to read it.",
  },
  "drop.too-deep": {
    blame: "person",
    means: "It lies so deep in folders that its path is longer than the system takes.",
    remedy: "Move it further up, or give the folders above it shorter names.",
  },
  "drop.set-aside": {
    blame: "person",
    means: "Its set was rolled back; it stays in the inbox untouched.",
    remedy: "Choose Start again, or move it out of the inbox.",
  },
  "drop.unknown": {
    blame: "person",
    means: "Nothing of this folder waits to be taken in.",
    remedy: "Run `photogate status` to see what waits; a folder that has just come shows after a moment.",
  },
  "drop.ambiguous": {
    blame: "person",
    means: "More than one inbox has a folder of this name.",
    remedy: "Say the whole path of the folder.",
  },
  // Learned scorers: the metric stays missing and says so; nothing is held.
  "plugin.invalid": {
    blame: "person",
    means: "The manifest of a scorer, or the model file beside it, is not what it should be.",
    remedy: "Correct what the reason names; `photogate doctor` tries it again.",
  },
  "plugin.no-runtime": {
    blame: "person",
    means: "Learned scorers run in onnxruntime-node, and it is not installed.",
    remedy:
      "Run `ONNXRUNTIME_NODE_INSTALL=skip npm install --no-save onnxruntime-node` in the folder of Photogate, then `photogate doctor`.",
  },
  "plugin.failed": {
    blame: "person",
    means: "A learned scorer could not be loaded or gave no usable answer.",
    remedy:
      "Check that the manifest fits the model: names of input and output, size, layout, decode. `photogate doctor` tries it again.",
  },
  "problem.unknown": {
    blame: "person",
    means: "There is nothing of the kind that could be ignored.",
    remedy: "Run `photogate problems` to see what there is now.",
  },
  "inbox.offline": {
    blame: "tool",
    means: "The inbox is not there.",
    remedy: "Plug the disk or card in, or mount the share; nothing was deleted.",
  },

  "inbox.unreadable": {
    blame: "tool",
    means: "The user that runs Photogate may not read the inbox.",
    remedy: "Give that user the right to read it; a service may run as another user than you do. It goes on by itself.",
  },
  "inbox.unknown": {
    blame: "person",
    means: "There is no such inbox.",
    remedy: "Run `photogate status` to see the inboxes.",
  },
  "inbox.not-answering": {
    blame: "tool",
    means: "The disk, card or share does not answer.",
    remedy: "Check the cable and the network; it goes on by itself. Other inboxes go on meanwhile.",
  },
  "inbox.many-missing": {
    blame: "person",
    means: "Many files of an inbox vanished at once.",
    remedy:
      "Check the disk or share. If you took them away on purpose, choose They are gone. Our verified copies are kept either way.",
  },

  // A person's request that cannot be done as asked.
  "review.blocked": {
    blame: "person",
    means: "The words of the photo have an error that nobody has mended, so it cannot be approved.",
    remedy: "Change the words, or overrule the rule that is named and say why.",
  },
  "correction.stale": {
    blame: "person",
    means: "What was shown of a correction is not what it would come to now.",
    remedy: "Have it shown again, then take it.",
  },
  "review.stale": {
    blame: "person",
    means: "The photo changed after it was shown.",
    remedy: "Look at it again, then decide.",
  },
  "review.groups-changed": {
    blame: "person",
    means: "The photos that are alike are not those that were shown any more. Nothing was decided.",
    remedy: "Look at the list again, then decide.",
  },
  "review.unseen": {
    blame: "person",
    means: "The photo was to be approved with its whole screen, and was not seen as it is.",
    remedy: "Look at it, then approve it.",
  },
  "review.unproved": {
    blame: "person",
    means:
      "The photo was to be approved with its whole screen, but its words have not passed the proof as they were written.",
    remedy: "Read its words, then approve it by itself.",
  },
  "review.not-ready": {
    blame: "person",
    means: "The photo has not reached the gate yet.",
    remedy: "Wait until its stages are done.",
  },
  "review.published": {
    blame: "person",
    means: "The photo is already released.",
    remedy: "Published photos are changed by publishing again, not by editing.",
  },
  "review.unknown-photo": {
    blame: "person",
    means: "There is no such photo in this set.",
    remedy: "Reload the page.",
  },
  "review.invalid-value": {
    blame: "person",
    means: "The value does not fit the field.",
    remedy: "Correct it; what was there before still holds.",
  },
  "release.stale": {
    blame: "person",
    means: "Something changed since the list was shown.",
    remedy: "Look at the new list, then publish.",
  },
  "release.empty": {
    blame: "person",
    means: "No photo is approved and unpublished.",
    remedy: "Approve some photos first.",
  },
  "proof.unknown": {
    blame: "person",
    means: "There is no set and no photo of that name.",
    remedy: "Run `photogate list` to see the sets, and `photogate list SET` to see the photos of one.",
  },
  "proof.ambiguous": {
    blame: "person",
    means: "Several photos are called so.",
    remedy: "Name the photo by its number, as `photogate list SET` shows it.",
  },
  "set.unknown": {
    blame: "person",
    means: "There is no such set.",
    remedy: "Run `photogate list` to see the sets.",
  },
  "set.published": {
    blame: "person",
    means: "Photos of this set are published already, so it cannot be rolled back as a whole.",
    remedy: "Reject what should not go out; what is out stays as it is.",
  },
  "set.originals-gone": {
    blame: "person",
    means: "Originals of this set are not in the inbox any more: going back this far would remove the only copies.",
    remedy: "Put the originals back first.",
  },
  "set.cleared": {
    blame: "person",
    means: "The working copies of this set were cleared, so its photos can be looked at, but not worked on.",
    remedy: "Drop the original again and choose Redo where it is listed; what is published stays as it is.",
  },
  "set.unfinished": {
    blame: "person",
    means: "Photos of this set are still undecided, held or on their way, so it cannot be cleared.",
    remedy: "Publish or reject them, or take the hold away first.",
  },
  "archive.unset": {
    blame: "person",
    means: "There is no archive the originals could go to.",
    remedy: "Set `archive.folder` and start Photogate again, or clear without moving the originals.",
  },
  "set.released": {
    blame: "person",
    means: "Photos of this set are released already, so what holds for the whole set cannot be changed any more.",
    remedy: "Edit the other photos one by one on the review page; what is out stays as it is.",
  },
  "set.no-suggestion": {
    blame: "person",
    means: "No model has said what this set shows, or the photos it looked at do not agree.",
    remedy:
      "Say it yourself: photogate describe SET --subject TEXT. A model is asked where the set's captioner is one.",
  },
  "set.description-invalid": {
    blame: "person",
    means: "Something that was said about the set cannot be read; nothing was changed.",
    remedy:
      "A date is 2026, 2026-10 or 2026-10-14. A clock's difference is like 1 h 2 min, with + or - before it on the command line. The category must not be empty. Kinds are those of the house and of your settings.",
  },
  "set.unsplittable": {
    blame: "person",
    means: "These photos cannot be split off this set.",
    remedy:
      "`photogate split SET` lists what the set seems to show; name some of its photos that are not released, and leave at least one.",
  },
  "set.split": {
    blame: "person",
    means: "Photos of this set are one of their own since the page was loaded.",
    remedy: "Reload the page.",
  },
  "set.busy": {
    blame: "person",
    means: "The set is being worked on.",
    remedy: "Try again in a moment.",
  },

  // Files of a photographer's folder that a verb moves.
  "folder.unusable": {
    blame: "person",
    means: "The folder is not there, is no folder, or may not be listed.",
    remedy: "Say the path of a folder you may read.",
  },
  "rename.pattern": {
    blame: "person",
    means: "The pattern gives no names that every disk can take.",
    remedy: "Use the parts the message names, and plain characters between them.",
  },
  "rename.too-long": {
    blame: "person",
    means: "The new name would be longer than a disk takes.",
    remedy: "Use a shorter pattern; the photo keeps its name.",
  },
  "moves.name-taken": {
    blame: "person",
    means: "Another file has the name a file was to get. Nothing was overwritten.",
    remedy: "Move the other file away and run the same manifest again, with `--resume` or `--undo`.",
  },
  "moves.changed": {
    blame: "person",
    means: "The file is not the one the manifest speaks of: its bytes are others. It stays where it is.",
    remedy: "Look at it; if it was edited on purpose, move it by hand.",
  },
  "moves.other-disk": {
    blame: "person",
    means: "The file and the place it was to go to are not on the same disk, or not in the same folder after links.",
    remedy: "Run the verb on the folder of that disk.",
  },
  "moves.unwritable": {
    blame: "person",
    means: "Files in this folder may not be moved or written.",
    remedy: "Give yourself the right to write there, or work on a copy of the folder. Nothing was lost.",
  },
  "moves.manifest": {
    blame: "person",
    means: "The manifest cannot be read, or it is not one of this verb.",
    remedy: "Say the path that was printed when the files were moved; nothing was changed.",
  },
  "moves.unfinished": {
    blame: "person",
    means: "An earlier run on this folder was cut off.",
    remedy: "Run the verb with `--resume` and that manifest to go on, or with `--undo` to go back.",
  },

  // Crops beside photos of any folder.
  "crop.asked": {
    blame: "person",
    means: "What was asked of `photogate crops` cannot be done.",
    remedy: "Read what it says and ask again; nothing was written.",
  },
  "crop.sidecar-taken": {
    blame: "person",
    means: "A file with the name of the crop's sidecar is there: somebody else's, or changed by hand since.",
    remedy: "It was left as it is. Move it away if you want Photogate's crop instead.",
  },
  "crop.xmp-taken": {
    blame: "person",
    means: "An XMP file with that name is there, or another photo would answer to it: somebody's work may stand in it.",
    remedy: "It was left as it is; the crop stands in the .crop.json beside the photo.",
  },
  "likeness.option": {
    blame: "person",
    means: "An option of the verb has a value it does not know.",
    remedy: "Use one of those the message names.",
  },
  "likeness.import": {
    blame: "person",
    means: "The file holds no groups that can be read.",
    remedy: "Give it a CSV or JSON file of `photogate likeness`, or the JSON that Czkawka or imagededup saved.",
  },
  "likeness.no-embedding": {
    blame: "person",
    means: "Comparing by what is on the photos needs a learned model that gives embeddings, and there is none.",
    remedy:
      "Put one, as an ONNX file with a manifest.json, into a folder of its own below the folder the message names (docs/plugins.md); or use the recipes 1 and 2.",
  },

  // Starting up.
  "config.invalid": {
    blame: "person",
    means: "The settings have mistakes; all of them are listed.",
    remedy: "Correct the listed lines in photogate.jsonc.",
  },
  "node.too-old": {
    blame: "person",
    means: "This version of Node.js is too old.",
    remedy: "Install Node.js 22.22 or newer, or start through `npm start`, which brings its own.",
  },
  "lease.taken": {
    blame: "person",
    means: "Another Photogate already works on this home.",
    remedy: "Use that one, or stop it with `photogate stop`.",
  },
  "store.foreign": {
    blame: "tool",
    means: "The database is not one of Photogate's, or not the one of this home.",
    remedy:
      "Restore the right file from a backup; nothing was written to this one. To begin anew, move the whole data folder away.",
  },
  "store.outdated": {
    blame: "tool",
    means: "The database is an older copy: runs of this home are missing in it.",
    remedy:
      "Restore the newest copy, with the files `photogate.db-wal` and `installation` that belong to it. To go back to this one on purpose, remove the file `installation` beside it.",
  },
  "store.newer": {
    blame: "tool",
    means: "The database was written by a newer Photogate.",
    remedy: "Update Photogate.",
  },
  "store.damaged": {
    blame: "tool",
    means: "The database is damaged.",
    remedy: "Restore it from a backup; nothing was written to it.",
  },
  "store.not-durable": {
    blame: "tool",
    means: "SQLite did not take the settings that make commits survive a power cut.",
    remedy: "Put the home on a local disk.",
  },
  "port.none": {
    blame: "tool",
    means: "No port of the range is free.",
    remedy: "Close the program that holds it, or set `review.port`.",
  },
  "daemon.not-running": {
    blame: "person",
    means: "No daemon is running on this home.",
    remedy: "Start it with `npm start`, or `photogate start`.",
  },
  "daemon.refused": {
    blame: "person",
    means: "The daemon refused the request.",
    remedy: "Read what it says; nothing was changed.",
  },
} as const satisfies Record<string, FaultRow>;

export type FaultCode = keyof typeof FAULTS;

export const isFaultCode = (code: string): code is FaultCode => Object.hasOwn(FAULTS, code);

/** A foreseen failure: a code of `FAULTS`, and what happened, with the values. */
export class Fault extends Error {
  readonly code: FaultCode;

  constructor(code: FaultCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "Fault";
    this.code = code;
  }

  get blame(): Blame {
    return FAULTS[this.code].blame;
  }

  get remedy(): string {
    return FAULTS[this.code].remedy;
  }
}

/**
 * Work on our copy of a file, whose faults name the file the person knows.
 *
 * @param original path of it
 */
export async function about<T>(original: string, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (cause) {
    throw cause instanceof Fault ? new Fault(cause.code, `${original}: ${cause.message}`, { cause }) : cause;
  }
}

/** How often a fault is looked at before it counts. */
export function looksAt(code: FaultCode): number {
  const row: FaultRow = FAULTS[code];
  return row.looks ?? 1;
}

export const remedyOf = (code: string): string => (isFaultCode(code) ? FAULTS[code].remedy : "");

/** @returns the message of whatever was thrown */
export const messageOf = (thrown: unknown): string => (thrown instanceof Error ? thrown.message : String(thrown));

/** @returns the system's code of a failure: `ENOENT`, `SQLITE_BUSY` */
export const codeOf = (thrown: unknown): string | undefined =>
  thrown instanceof Error && "code" in thrown && typeof thrown.code === "string" ? thrown.code : undefined;

/** @returns what the system refused whoever asks, as the fault it is; everything else as it was thrown */
export function foreseen(thrown: unknown): unknown {
  const code = codeOf(thrown);
  return code === "EMFILE" || code === "ENFILE"
    ? new Fault("machine.open-files", messageOf(thrown), { cause: thrown })
    : thrown;
}
