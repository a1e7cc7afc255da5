-- Sets that were split.
--
--   split_off  sets whose photos belonged to another one before; files that come late join that one, not these

create table split_off (
  set_id text primary key references sets (id) on delete cascade,
  at integer not null
) strict, without rowid;
