-- Deciding before the words are there.
--
--   wishes    photos a person wants to approve once their words are there; apart from the verdicts, so that nothing that
--             asks for approvals takes one for it

create table wishes (
  photo_id integer primary key references photos (id) on delete cascade,
  at integer not null
) strict;
