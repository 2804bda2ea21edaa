-- The catalogue. A row's id is also the id of the saga that took the snapshot and the name of its directory on each node.
create table snapshot (
    id           uuid primary key,
    name         text        not null unique,
    namespace    text        not null,
    workload     text        not null,
    profile      text        not null,
    pause        boolean     not null,
    max_pause    bigint      not null,
    on_behalf_of text,
    phase        text        not null,
    manifest     text,
    deletion_id  uuid,
    failure      text,
    requested_at timestamptz not null,
    finished_at  timestamptz
);

create index snapshot_workload on snapshot (namespace, workload);

-- One operation at a time on a workload: whoever inserts the row may work.
create table workload_lock (
    namespace   text        not null,
    workload    text        not null,
    kind        text        not null,
    holder_id   text        not null,
    holder_name text        not null,
    since       timestamptz not null,
    primary key (namespace, workload)
);

-- Restores that use a snapshot and keep it from being deleted.
create table snapshot_hold (
    restore_id  text primary key,
    snapshot_id uuid        not null references snapshot (id),
    since       timestamptz not null
);

-- Clusters that were made passive, with the time at which they are resumed whoever has died.
create table quiesce_lease (
    snapshot_id    uuid primary key,
    profile        text        not null,
    members        text        not null,
    previous_state text,
    quiesced_at    timestamptz,
    lease_until    timestamptz not null,
    resumed_at     timestamptz,
    expired        boolean     not null
);

create index quiesce_lease_open on quiesce_lease (lease_until) where resumed_at is null;
