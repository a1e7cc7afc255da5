-- Deciding before the words are there; what is alike.
--
--   wishes    photos a person wants to approve once their words are there; apart from the verdicts, so that nothing that
--             asks for approvals takes one for it
--   unlike    pairs a person called no duplicates, by content, so that it holds wherever the photos come again

create table wishes (
  photo_id integer primary key references photos (id) on delete cascade,
  at integer not null
) strict;

-- What cards and rows ask of the facts of all photos, found without reading them: figures without all of their metrics, and
-- how bright each photo of a set is.
create index partial_quality on checkpoints (photo_id)
  where stage = 'quality' and json_array_length(facts, '$.missing') > 0;
create index exposures on checkpoints (photo_id, json_extract(facts, '$.brightness')) where stage = 'look';
create table unlike (
  -- sha256 of the two, the smaller first
  a text not null,
  b text not null check (a < b),
  primary key (a, b)
) strict, without rowid;
create index unlike_by_b on unlike (b);

-- Edits keep the time of the shot they were made of.
create index photos_by_moment on checkpoints (json_extract(facts, '$.takenAt')) where stage = 'exif';
-- The few photos that are like one of another set, found without reading all facts.
create index likeness_elsewhere on checkpoints (photo_id)
  where stage = 'likeness' and json_array_length(facts, '$.elsewhere') > 0;
