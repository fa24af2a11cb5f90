-- A version of each account: the API's ETag. Any change makes another one, whoever makes it (psql included),
-- and an UPDATE that changes nothing makes none.
ALTER TABLE accounts ADD COLUMN version uuid NOT NULL DEFAULT gen_random_uuid();

CREATE FUNCTION accounts_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.version := gen_random_uuid();
    NEW.updated_at := now();
    RETURN NEW;
END
$$;

CREATE TRIGGER accounts_changed BEFORE UPDATE ON accounts
    FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION accounts_changed();

-- What the pages of GET /accounts are read by: each order with the id behind it, and one type by id.
-- Account numbers are unique, so their own index does.
CREATE INDEX accounts_nickname ON accounts (nickname, id);
CREATE INDEX accounts_balance ON accounts (balance, id);
CREATE INDEX accounts_type ON accounts (type, id);
