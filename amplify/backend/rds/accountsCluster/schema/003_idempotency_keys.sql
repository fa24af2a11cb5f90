-- The Idempotency-Keys of POST /accounts: what each one made, so that a repeated request is told the same again.
-- `digest` tells a repeated request from another one with the same key. The account may be gone since, so
-- nothing refers to it. Keys are kept for 24 hours at least; each new one sweeps some older ones away.
CREATE TABLE idempotency_keys (
    caller     text        NOT NULL,
    key        text        NOT NULL,
    digest     text        NOT NULL,
    account    bigint      NOT NULL,
    version    uuid        NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (caller, key)
);

CREATE INDEX idempotency_keys_created_at ON idempotency_keys (created_at);
