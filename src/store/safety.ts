import { copiedCompanions } from "../domain/companions.ts";
import { ArchiveFacts, IngestFacts } from "../domain/facts.ts";
import type { SourceFile } from "../domain/photo.ts";
import { type Answer, answerFor, type CardCopy, type CardFile } from "../domain/safety.ts";
import type { Database } from "./database.ts";

/** A card or folder somebody would like to have back. Devices are text, as a listing tells them apart. */
export interface Card {
  readonly root: string;
  /** everything below the root, links not followed */
  readonly files: readonly CardFile[];
  readonly device: string;
  /** of our data folder, where the working copies are */
  readonly dataDevice: string;
  /** of the archive, where there is one */
  readonly archiveDevice?: string | undefined;
}

export interface Safety {
  /** May the card be formatted, by what the store knows? No file is opened for it. */
  answer(card: Card): Answer;
  /** Files that belong to photos and could not be copied, of sets that are not cleared. */
  uncopied(): { readonly path: string; readonly code: string; readonly why: string }[];
  /** Originals that were to go to the archive and stay where they are. */
  kept(): { readonly path: string; readonly why: string }[];
}

interface PhotoRow {
  readonly path: string;
  readonly bytes: number;
  readonly mtimeMs: number;
  readonly companions: string;
  readonly ingest: string | null;
  readonly archive: string | null;
  readonly culled: string | null;
  readonly cleared: number;
}

const COLUMNS = `p.companions, i.facts ingest, a.facts archive, c.why culled,
  (exists (select 1 from cleared d where d.set_id = p.set_id)
      and not exists (select 1 from restored r where r.photo_id = p.id)
    or exists (select 1 from clearings d where d.set_id = p.set_id)) cleared`;
const FACTS = `left join checkpoints i on i.photo_id = p.id and i.stage = 'ingest'
  left join checkpoints a on a.photo_id = p.id and a.stage = 'archive'
  left join culls c on c.photo_id = p.id`;
const below = (column: string): string => `substr(${column}, 1, length(@root) + 1) in (@root || '/', @root || '\\')`;

export function safetyOn(database: Database): Safety {
  const photos = database.prepare<[{ root: string }], PhotoRow>(
    `select p.source path, p.bytes, p.mtime_ms mtimeMs, ${COLUMNS} from photos p ${FACTS} where ${below("p.source")}`,
  );
  const aliases = database.prepare<[{ root: string }], PhotoRow>(
    `select o.path, o.bytes, o.mtime_ms mtimeMs, ${COLUMNS} from aliases o join photos p on p.id = o.photo_id ${FACTS}
     where ${below("o.path")}`,
  );
  // A companion is noted too, only so that it is accounted for: what there is of it stands with its photo.
  const others = database.prepare<[{ root: string }], Omit<CardCopy, "devices">>(
    `select path, bytes, mtime_ms mtimeMs, why from intake where code <> 'drop.companion' and ${below("path")}`,
  );
  const uncopied = database.prepare<[], { path: string; code: string; why: string }>(
    `select json_extract(u.value, '$.path') path, json_extract(u.value, '$.code') code, json_extract(u.value, '$.why') why
     from checkpoints k indexed by uncopied_companions, json_each(k.facts, '$.uncopied') u, photos p
     where k.stage = 'ingest' and json_array_length(k.facts, '$.uncopied') > 0 and p.id = k.photo_id
       and not exists (select 1 from cleared d where d.set_id = p.set_id)`,
  );
  const kept = database.prepare<[], { path: string; why: string }>(
    `select json_extract(u.value, '$.path') path, json_extract(u.value, '$.why') why
     from checkpoints k indexed by kept_originals, json_each(k.facts, '$.kept') u
     where k.stage = 'archive' and json_array_length(k.facts, '$.kept') > 0`,
  );

  return {
    answer(card) {
      const root = { root: card.root.replace(/[/\\]+$/, "") };
      const copies = [
        ...photos.all(root).flatMap((row) => [mainCopy(row, card), ...companionCopies(row, card)]),
        ...aliases.all(root).map((row) => mainCopy(row, card)),
        ...others.all(root).map((other) => ({ ...other, devices: [] })),
      ];
      return answerFor(card.files, copies, card.device);
    },
    uncopied: () => uncopied.all(),
    kept: () => kept.all(),
  };
}

function mainCopy(row: PhotoRow, card: Card): CardCopy {
  const { path, bytes, mtimeMs } = row;
  const isArchived = archiveOf(row)?.copy != null;
  return { path, bytes, mtimeMs, devices: devicesOf(row, card, isArchived), why: row.culled ?? undefined };
}

function companionCopies(row: PhotoRow, card: Card): CardCopy[] {
  const sources: SourceFile[] = JSON.parse(row.companions);
  const ingest = ingestOf(row);
  const copied = ingest === undefined ? [] : copiedCompanions(sources, ingest);
  const archived = archiveOf(row)?.companions ?? [];
  return sources.map(({ path, bytes, mtimeMs }) => {
    const copy = copied.find(({ source }) => source.path === path)?.copy;
    const isArchived = archived.some(({ name }) => name === copy?.name);
    return {
      path,
      bytes,
      mtimeMs,
      devices: copy === undefined ? [] : devicesOf(row, card, isArchived),
      why: ingest?.uncopied.find((one) => one.path === path)?.why,
    };
  });
}

/** Facts of ingest are there only after the copy was read back; a cleared set has no working copies any more. */
const devicesOf = (row: PhotoRow, { dataDevice, archiveDevice }: Card, isArchived: boolean): string[] => [
  ...(ingestOf(row) !== undefined && row.cleared === 0 ? [dataDevice] : []),
  ...(isArchived && archiveDevice !== undefined ? [archiveDevice] : []),
];

const ingestOf = (row: PhotoRow) => IngestFacts.safeParse(JSON.parse(row.ingest ?? "null")).data;
const archiveOf = (row: PhotoRow) => ArchiveFacts.safeParse(JSON.parse(row.archive ?? "null")).data;
