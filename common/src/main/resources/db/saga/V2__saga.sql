-- One row a saga. The state is JSON; what is searched for stands in columns.
create table saga (
    id         uuid primary key,
    type       text        not null,
    name       text        not null,
    phase      text        not null,
    wake_at    timestamptz,
    state      text        not null,
    traceparent text,
    updated_at timestamptz not null
);

create index saga_wake_at on saga (wake_at) where wake_at is not null;
