-- The installed licence: one row, there from the beginning, so that it can be locked also while there is no licence.
-- Whoever changes the licence or takes out a lease holds that lock.
create table installed_license (
    slot         smallint primary key check (slot = 1),
    license_id   text,
    document     bytea,
    source       text,
    installed_at timestamptz,
    check ((document is null) = (license_id is null)
        and (document is null) = (source is null)
        and (document is null) = (installed_at is null))
);

insert into installed_license (slot) values (1);

-- What running operations were granted; a lease that nobody gives back ends by itself.
create table license_lease (
    operation  text primary key,
    feature    text        not null,
    nodes      text[]      not null,
    pmem_bytes bigint      not null check (pmem_bytes >= 0),
    granted_at timestamptz not null,
    ends_at    timestamptz not null
);

create index license_lease_ends_at on license_lease (ends_at);

-- The latest report of each node.
create table node_usage (
    node           text primary key,
    live_bytes     bigint      not null check (live_bytes >= 0),
    snapshot_bytes bigint      not null check (snapshot_bytes >= 0),
    reported_at    timestamptz not null
);

-- What was told of a licence, so that it is told once.
create table license_notice (
    license_id text        not null,
    notice     text        not null,
    told_at    timestamptz not null,
    primary key (license_id, notice)
);
