-- Messages that wait to be published; rows are deleted once the broker has acknowledged them.
create sequence outbox_seq increment by 50;

create table outbox (
    id          bigint primary key,
    topic       text        not null,
    message_key text        not null,
    event_id    text        not null,
    wire_type   text        not null,
    subject     text,
    node        text,
    correlation text,
    traceparent text,
    data        text        not null,
    created_at  timestamptz not null
);

-- Commands that were executed, with the reply that repetitions get.
create table inbox (
    command_key text primary key,
    reply_type  text,
    reply       text,
    handled_at  timestamptz not null
);

create index inbox_handled_at on inbox (handled_at);
