-- The restores. A row's id is also the id of the saga that runs the restore, and the operation on the nodes.
create table restore (
    id           uuid primary key,
    name         text        not null,
    snapshot     text        not null,
    namespace    text,
    workload     text,
    phase        text        not null,
    requested_at timestamptz not null,
    finished_at  timestamptz,
    check ((namespace is null) = (workload is null))
);

create unique index restore_name on restore (name);

-- At most one restore runs on a workload. Null until the workload is known: then the snapshot's hold decides.
create unique index restore_running on restore (namespace, workload) where phase in ('RUNNING', 'COMPENSATING');
