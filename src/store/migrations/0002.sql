-- Identity by content, sets that grow while they are not reviewed, inboxes that are known by their volume.
--
--   aliases   other places where the very bytes of a photo were dropped
--   volumes   inboxes by what tells one card or disk from another
--   arrivals  folders a person holds back from closing
--   ignored   notes about files that a person does not want to see any more
--   let_go    photos whose file in the inbox a person took away on purpose
--   clearings sets a person wants cleared, until they are
--   cleared   sets whose working copies are gone, but for the small previews
--   restored  photos of a cleared set that were asked to be worked on again

-- sha256 of the source as it settled; null for photos of before this, and for files whose name no program can open
alter table photos add column sha256 text;
-- the photo whose file this one replaced
alter table photos add column revises integer references photos (id) on delete set null;
create unique index photos_by_content on photos (sha256) where sha256 is not null;

-- the set whose review had begun when these files came late
alter table sets add column follows text;
-- the marker of the card or disk it came from: the next card has the same names in it; null where none could be left
alter table sets add column volume text;

create table aliases (
  path text primary key,
  inbox text not null,
  bytes integer not null,
  mtime_ms real not null,
  photo_id integer not null references photos (id) on delete cascade,
  at integer not null
) strict, without rowid;
create index aliases_by_photo on aliases (photo_id);
create index aliases_by_inbox on aliases (inbox);

create table volumes (
  -- how an inbox was last seen online
  inbox text primary key,
  -- null where no marker could be left
  marker text,
  device text not null,
  seen_at integer not null
) strict, without rowid;

create table arrivals (
  inbox text not null,
  folder text not null,
  held_at integer not null,
  primary key (inbox, folder)
) strict, without rowid;

create table let_go (
  photo_id integer primary key references photos (id) on delete cascade,
  at integer not null
) strict;

create table ignored (
  path text primary key,
  bytes integer not null,
  mtime_ms real not null,
  code text not null,
  at integer not null
) strict, without rowid;

create table clearings (
  set_id text primary key references sets (id) on delete cascade,
  move_originals integer not null check (move_originals in (0, 1)),
  by text not null,
  -- of its working files when it was asked for
  bytes integer not null,
  at integer not null
) strict, without rowid;

create table cleared (
  set_id text primary key references sets (id) on delete cascade,
  -- that were freed, over all clearings
  bytes integer not null,
  at integer not null
) strict, without rowid;

create table restored (
  photo_id integer primary key references photos (id) on delete cascade,
  at integer not null
) strict;

-- The few facts that a person must hear of, found without reading all of them.
create index uncopied_companions on checkpoints (photo_id)
  where stage = 'ingest' and json_array_length(facts, '$.uncopied') > 0;
create index kept_originals on checkpoints (photo_id)
  where stage = 'archive' and json_array_length(facts, '$.kept') > 0;
