-- What a person likes.
--
--   preferences  how the pages look and which keys they hear, by name

create table preferences (
  name text primary key,
  value text not null
) strict, without rowid;
