-- Another keeper.
--
--   kept      which of two photos that are alike a person keeps, by content, so that it holds wherever they come again

create table kept (
  -- sha256 of the photo that is kept, and of the one it is kept rather than
  keeper text not null,
  over text not null check (keeper <> over),
  -- rises with every choice: of two that contradict each other the later one holds
  sequence integer not null,
  primary key (keeper, over)
) strict, without rowid;

-- Words of a model that failed its test picture.
--
--   distrusted   keys of answers that are not to be believed; gone when the words with that key were forgotten
--   rewritten    photos whose words are written anew for it, until they are released

create table distrusted (
  key text primary key,
  why text not null,
  at integer not null
) strict, without rowid;

create table rewritten (
  photo_id integer primary key references photos (id) on delete cascade,
  why text not null,
  was_approved integer not null check (was_approved in (0, 1)),
  at integer not null
) strict;

-- The few words an answer stands behind, found without reading all facts.
create index words_by_answer on checkpoints (json_extract(facts, '$.evidence.key')) where stage = 'words';
