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
