-- What a person likes.
--
--   preferences  how the pages look and which keys they hear, by name

create table preferences (
  name text primary key,
  value text not null
) strict, without rowid;
-- Sets that were split.
--
--   split_off  sets whose photos belonged to another one before; files that come late join that one, not these

create table split_off (
  set_id text primary key references sets (id) on delete cascade,
  at integer not null
) strict, without rowid;

-- The few sets an answer has a vote in, found without reading all facts.
create index subjects_by_answer on checkpoints (json_extract(facts, '$.seen.by.key')) where stage = 'subject';
-- What a person says about one photo in place of what is said about its set; its words and its name are made of it.

create table own_words (
  photo_id integer primary key references photos (id) on delete cascade,
  said text not null check (json_valid(said))
) strict;

-- As before, with what is said of a photo alone over what is said of its set.
drop view review_queue;
create view review_queue as
select
  p.id as id,
  coalesce(json_extract(o.said, '$.folder'), json_extract(s.context, '$.folder')) as Folder,
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
  coalesce(
    json_extract(el.value, '$'),
    case when json_type(o.said, '$.location') is null then json_extract(s.context, '$.location') else json_extract(o.said, '$.location') end
  ) as Location,
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
left join own_words o on o.photo_id = p.id
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
-- What a person has looked at, and how reviews went.
--
--   seen      words of a photo, by their hash, that were on the screen long enough beside its picture; other words are unseen
--   screened  approvals that were given to a whole screen at once; those that still stand are asked for a second look
--   rechecks  what the second look at such a photo found
--   sittings  how reviews went, in figures

create table seen (
  photo_id integer not null references photos (id) on delete cascade,
  hash text not null,
  seen_at integer not null,
  -- when it was first looked at alone and large; null if only in the grid
  opened_at integer,
  dwell_ms integer not null,
  primary key (photo_id, hash)
) strict, without rowid;

create table screened (
  photo_id integer primary key references photos (id) on delete cascade,
  hash text not null
) strict;

create table rechecks (
  photo_id integer primary key references photos (id) on delete cascade,
  kept integer not null check (kept in (0, 1)),
  at integer not null
) strict;

-- Figures of one sitting at the review of a set. Kept like the journal, whatever becomes of the set; no photo is named.
create table sittings (
  id text primary key,
  set_id text not null,
  began_at integer not null,
  last_at integer not null,
  decided integer not null,
  -- approved as the machine had proposed the words
  accepted integer not null,
  keys integer not null,
  clicks integer not null,
  undos integer not null,
  -- from decision to decision, without pauses
  active_ms integer not null,
  median_ms integer not null,
  p90_ms integer not null
) strict, without rowid;
