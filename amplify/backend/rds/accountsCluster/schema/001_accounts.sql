-- The accounts that the API serves.
--
-- numeric(15,2): every such number survives a JSON number (an IEEE 754 double keeps 15 decimal digits),
-- so clients in JavaScript see the balance that is stored here.
CREATE TABLE accounts (
    id             bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    nickname       varchar(100)  NOT NULL,
    balance        numeric(15,2) NOT NULL,
    type           varchar(13)   NOT NULL CHECK (type IN ('domestic', 'international')),
    account_number varchar(34)   NOT NULL,
    created_at     timestamptz   NOT NULL DEFAULT now(),
    updated_at     timestamptz   NOT NULL DEFAULT now(),
    CONSTRAINT accounts_account_number_key UNIQUE (account_number)
);

COMMENT ON TABLE accounts IS 'Bank accounts, as GET /accounts shows them';
