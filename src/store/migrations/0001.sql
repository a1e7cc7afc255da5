-- The whole state of Photogate. A state is a row that exists: there are no status columns, and an illegal state cannot be
-- written. Times are milliseconds since the epoch and come in as parameters; JSON columns hold what domain/ decodes.
--
--   installation  one row: which home this database belongs to, and where its working files lie
--   runs          one row per start of the daemon; no ended_at = it did not stop by itself
--   intake        what lies in an inbox and is no photo of a set, with the reason
--   sets          a drop we took in
--   photos        one shot of a set
--   checkpoints   (photo, stage) -> facts; a photo that has the facts of a stage has done that stage
--   culls         photos left out, with the reason; gone when taken back
--   attempts      how often a stage failed on a photo or set; gone when it succeeds
--   holds         sets that wait for a remedy or a time
--   names         the ledger: file names reserved for a photo
--   verdicts      approved, rejected or held; no row = undecided
--   edits         what a person put in place of the machine's proposal
--   gestures, ops every decision and edit, with its inverse; undone = a row in undone
--   releases      "publish the approved"; the photos of one are those whose review facts name it
--   sessions      who may use the page
--   journal       append-only, hash-chained

create table installation (
  id integer primary key check (id = 1),
  uuid text not null,
  work_root text not null,
  created_at integer not null
) strict;

create table runs (
  id text primary key,
  version text not null,
  started_at integer not null,
  ended_at integer,
  resumed text not null check (json_valid(resumed))
) strict;

create table intake (
  path text primary key,
  inbox text not null,
  bytes integer not null,
  mtime_ms real not null,
  code text not null,
  why text not null,
  -- the rolled-back set a file is kept aside for, by name
  aside_for text,
  at integer not null
) strict, without rowid;
create index intake_by_inbox on intake (inbox);

create table sets (
  id text primary key,
  name text not null,
  inbox text not null,
  folder text not null,
  context text not null check (json_valid(context)),
  opened_at integer not null
) strict;

create table photos (
  id integer primary key autoincrement,
  set_id text not null references sets (id) on delete cascade,
  position integer not null,
  source text not null,
  -- last part of source
  file text not null,
  bytes integer not null,
  mtime_ms real not null,
  name_is_text integer not null check (name_is_text in (0, 1)),
  companions text not null check (json_valid(companions)),
  unique (set_id, position),
  -- the same drop twice is one set
  unique (source, bytes, mtime_ms)
) strict;

create table checkpoints (
  photo_id integer not null references photos (id) on delete cascade,
  stage text not null,
  facts text not null check (json_valid(facts)),
  at integer not null,
  primary key (photo_id, stage)
) strict, without rowid;

create table culls (
  photo_id integer primary key references photos (id) on delete cascade,
  stage text not null,
  code text not null,
  why text not null,
  at integer not null
) strict;

create table attempts (
  set_id text not null references sets (id) on delete cascade,
  -- 0 where the stage judges the whole set
  photo_id integer not null,
  stage text not null,
  tries integer not null,
  primary key (set_id, photo_id, stage)
) strict, without rowid;

create table holds (
  set_id text primary key references sets (id) on delete cascade,
  stage text not null,
  code text not null,
  why text not null,
  retry_at integer,
  at integer not null
) strict, without rowid;

create table names (
  photo_id integer primary key references photos (id) on delete cascade,
  -- folded: two names with one key would be one file somewhere
  key text not null unique,
  name text not null,
  scope text not null,
  sequence integer not null
) strict;
create index names_by_scope on names (scope, sequence);

create table verdicts (
  photo_id integer primary key references photos (id) on delete cascade,
  verdict text not null check (verdict in ('approved', 'rejected', 'held')),
  hash text check ((hash is not null) = (verdict = 'approved')),
  at integer not null
) strict;

create table edits (
  photo_id integer not null references photos (id) on delete cascade,
  field text not null,
  value text not null check (json_valid(value)),
  primary key (photo_id, field)
) strict, without rowid;

create table gestures (
  id text primary key,
  set_id text not null,
  client text not null,
  by text not null,
  at integer not null
) strict, without rowid;

create table undone (
  gesture text primary key references gestures (id),
  -- order of undoing; 0 = a later gesture ended the chance to redo
  sequence integer not null
) strict, without rowid;

create table ops (
  sequence integer primary key autoincrement,
  id text not null unique,
  client text not null,
  client_seq integer not null,
  gesture text not null references gestures (id),
  set_id text not null,
  photo_id integer not null,
  field text not null,
  before text not null check (json_valid(before)),
  after text not null check (json_valid(after)),
  -- revision of the photo after this op, or after it was last undone or redone; a photo's revision is its highest
  rev integer not null,
  unique (client, client_seq)
) strict;
create index ops_by_photo on ops (photo_id, rev);
create index ops_by_gesture on ops (gesture);
create index gestures_by_set on gestures (set_id, at);

create table releases (
  id text primary key,
  set_id text not null references sets (id) on delete cascade,
  plan text not null,
  by text not null,
  at integer not null
) strict;

create table sessions (
  key text primary key,
  csrf text not null,
  seen_at integer not null
) strict, without rowid;

create table journal (
  seq integer primary key,
  at integer not null,
  kind text not null,
  set_id text,
  photo_id integer,
  data text not null check (json_valid(data)),
  prev text not null,
  hash text not null unique
) strict;
create index journal_by_set on journal (set_id, seq);
create trigger journal_keeps_lines before update on journal begin select raise(abort, 'the journal is append-only'); end;
create trigger journal_keeps_all before delete on journal begin select raise(abort, 'the journal is append-only'); end;

-- The work queue under the names and words of the system Photogate replaces, so that the owner's SQL goes on working.
-- Rows leave it when they are published or rejected. Nobody writes it.
create view review_queue as
select
  p.id as id,
  json_extract(s.context, '$.folder') as Folder,
  n.name as File_Name,
  p.source as Path,
  i.work_root || '/' || p.id || '/' || json_extract(l.facts, '$.previews.medium.file') as ollama_path,
  null as Thumb_Path,
  json_extract(x.facts, '$.takenAt') as DateTime,
  json_extract(x.facts, '$.camera') as Camera,
  json_extract(x.facts, '$.lens') as Lens_model,
  json_extract(l.facts, '$.width') as Width,
  json_extract(l.facts, '$.height') as Height,
  json_extract(x.facts, '$.exposure') as Exposure,
  json_extract(x.facts, '$.aperture') as Aperture,
  json_extract(x.facts, '$.iso') as ISO,
  json_extract(x.facts, '$.focalLength') as Focal_length,
  (select group_concat(value, ', ') from json_each(coalesce(ek.value, json_extract(w.facts, '$.keywords')))) as Keywords,
  coalesce(json_extract(ec.value, '$'), json_extract(w.facts, '$.caption')) as Caption,
  coalesce(json_extract(ea.value, '$'), json_extract(w.facts, '$.altText')) as alt_text,
  coalesce(json_extract(el.value, '$'), json_extract(s.context, '$.location')) as Location,
  coalesce(json_extract(es.value, '$'), json_extract(b.facts, '$.subject')) as Subject,
  json_extract(q.facts, '$.metrics.nima.value') as nima_score,
  json_extract(q.facts, '$.metrics.blur.value') as blur_score,
  json_extract(q.facts, '$.metrics.brightness.value') as brightness_score,
  json_extract(q.facts, '$.metrics.contrast.value') as contrast_score,
  coalesce(json_extract(eq.value, '$'), json_extract(q.facts, '$.qr')) as QR,
  case
    when q.facts is null then 'NA'
    when eq.value is null then json_extract(q.facts, '$.band')
    when json_extract(eq.value, '$') >= 7.5 then 'Top'
    when json_extract(eq.value, '$') >= 6.5 then 'Good'
    when json_extract(eq.value, '$') >= 5.5 then 'Average'
    when json_extract(eq.value, '$') >= 4.5 then 'Low'
    else 'Very Low'
  end as QC_Status,
  case
    when c.photo_id is not null then 'Error'
    when v.verdict = 'approved' then 'Approved'
    when n.name is not null and m.facts is not null then 'Pending'
    else 'Queued'
  end as Review_Status,
  p.file as Original_File_Name,
  json_extract(q.facts, '$.metrics.brisque.value') as brisque_score,
  json_extract(q.facts, '$.metrics.clip.value') as clip_aesthetic_score,
  null as identifier_route,
  null as identifier_category,
  null as identifier_subject,
  null as identifier_confidence,
  json_extract(b.facts, '$.subject') as subject_seed,
  case json_extract(b.facts, '$.source') when 'context' then 'manual' end as subject_seed_mode,
  null as subject_seed_confidence,
  null as subject_seed_reason,
  null as identifier_raw_json,
  null as ai_suggested_subject,
  coalesce(json_extract(es.value, '$'), json_extract(b.facts, '$.subject')) as final_subject,
  p.position as batch_set_index,
  (select count(*) from photos other where other.set_id = p.set_id) as batch_set_total,
  null as series_key,
  null as series_cluster_index,
  null as series_position,
  null as series_count,
  null as series_similarity_score,
  null as series_reason,
  json_extract(l.facts, '$.dhash') as visual_hash,
  null as visual_variant,
  1 as metadata_version
from photos p
join sets s on s.id = p.set_id
join installation i on i.id = 1
left join names n on n.photo_id = p.id
left join culls c on c.photo_id = p.id
left join verdicts v on v.photo_id = p.id
left join checkpoints x on x.photo_id = p.id and x.stage = 'exif'
left join checkpoints l on l.photo_id = p.id and l.stage = 'look'
left join checkpoints q on q.photo_id = p.id and q.stage = 'quality'
left join checkpoints b on b.photo_id = p.id and b.stage = 'subject'
left join checkpoints w on w.photo_id = p.id and w.stage = 'words'
left join checkpoints m on m.photo_id = p.id and m.stage = 'name'
left join edits ec on ec.photo_id = p.id and ec.field = 'caption'
left join edits ea on ea.photo_id = p.id and ea.field = 'altText'
left join edits ek on ek.photo_id = p.id and ek.field = 'keywords'
left join edits el on el.photo_id = p.id and el.field = 'location'
left join edits es on es.photo_id = p.id and es.field = 'subject'
left join edits eq on eq.photo_id = p.id and eq.field = 'qr'
where v.verdict is not 'rejected'
  and not exists (select 1 from checkpoints done where done.photo_id = p.id and done.stage = 'publish');
