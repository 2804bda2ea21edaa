-- What the clean-up looks for: that which has ended, by the time of its end.
create index saga_ended on saga (updated_at) where phase in ('COMPLETED', 'FAILED', 'CANCELLED', 'ROLLED_BACK');
create index snapshot_unsuccessful on snapshot (finished_at) where phase in ('FAILED', 'CANCELLED');
create index snapshot_deletion on snapshot (deletion_id) where deletion_id is not null;
create index quiesce_lease_closed on quiesce_lease (resumed_at) where resumed_at is not null;
