-- Deciding before the words are there.
--
--   wishes    photos a person wants to approve once their words are there; apart from the verdicts, so that nothing that
--             asks for approvals takes one for it

create table wishes (
  photo_id integer primary key references photos (id) on delete cascade,
  at integer not null
) strict;

-- What cards and rows ask of the facts of all photos, found without reading them: figures without all of their metrics, and
-- how bright each photo of a set is.
create index partial_quality on checkpoints (photo_id)
  where stage = 'quality' and json_array_length(facts, '$.missing') > 0;
create index exposures on checkpoints (photo_id, json_extract(facts, '$.brightness')) where stage = 'look';
