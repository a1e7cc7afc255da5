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

-- What became of the words of a photo, found without reading them.
create index word_outcomes on checkpoints (photo_id, json_extract(facts, '$.proof.outcome')) where stage = 'words';
