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
