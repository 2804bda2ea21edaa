-- What the clean-up looks for: that which has ended, by the time of its end.
create index saga_ended on saga (updated_at) where phase in ('COMPLETED', 'FAILED', 'CANCELLED', 'ROLLED_BACK');
create index restore_ended on restore (finished_at) where phase in ('COMPLETED', 'FAILED', 'CANCELLED', 'ROLLED_BACK');
