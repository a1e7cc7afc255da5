-- Another keeper; words a photo had before.
--
--   kept         which of two photos that are alike a person keeps, by content, so that it holds wherever they come again
--   generations  words that were forgotten, or had others put in their place, with all that was found and tried; append-only

create table kept (
  -- sha256 of the photo that is kept, and of the one it is kept rather than
  keeper text not null,
  over text not null check (keeper <> over),
  -- rises with every choice: of two that contradict each other the later one holds
  sequence integer not null,
  primary key (keeper, over)
) strict, without rowid;

-- What became of the words of a photo, found without reading them.
create index word_outcomes on checkpoints (photo_id, json_extract(facts, '$.proof.outcome')) where stage = 'words';
create table generations (
  sequence integer primary key autoincrement,
  -- no reference: it is kept when the set is rolled back, like the journal
  photo_id integer not null,
  facts text not null check (json_valid(facts)),
  -- when they were made; when they were forgotten, the journal says
  at integer not null
) strict;
create index generations_by_photo on generations (photo_id);
create trigger generations_keep_lines before update on generations begin select raise(abort, 'generations are append-only'); end;
create trigger generations_keep_all before delete on generations begin select raise(abort, 'generations are append-only'); end;

-- By triggers, because there are many ways to lose facts: redo, a new description, an update, a rollback.
create trigger words_forgotten after delete on checkpoints when old.stage = 'words'
begin insert into generations (photo_id, facts, at) values (old.photo_id, old.facts, old.at); end;
create trigger words_replaced after update of facts on checkpoints when old.stage = 'words' and old.facts <> new.facts
begin insert into generations (photo_id, facts, at) values (old.photo_id, old.facts, old.at); end;
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
