// The accounts table: each method is one statement.

import { createHash, randomUUID } from 'node:crypto';

import { changedSince, fault, noSuchAccount, Refusal } from './answers.mjs';
import { DatabaseError, decimal, text, whole } from './database.mjs';

const COLUMNS = 'id, nickname, balance, type, account_number';
const VERSIONED = `${COLUMNS}, CAST(version AS text) AS version`;
/** What the columns of an order hold. */
const TYPES = { nickname: 'text', balance: 'numeric', account_number: 'text' };
const UNIQUE_VIOLATION = '23505';
const UNDEFINED_TABLE = '42P01';
const UNDEFINED_COLUMN = '42703';

const GET = `SELECT ${VERSIONED} FROM accounts WHERE id = :id`;
const ADD = 'INSERT INTO accounts (nickname, balance, type, account_number)'
  + ` VALUES (:nickname, :balance, :type, :account_number) RETURNING ${VERSIONED}`;
/**
 * One account for one key, however often and from wherever at once it is asked for.
 *
 * A second request waits at the key until the first one has ended, then sees what that one stored: a version other
 * than the one that it brought. If the account cannot be added the key is not kept either. Keys of which nobody
 * can need the answer any more go a few at a time; one that another request holds is left alone.
 */
const ADD_ONCE = `
  WITH wish AS (
    INSERT INTO idempotency_keys AS known (caller, key, digest, account, version)
    VALUES (:caller, :key, :digest, nextval(pg_get_serial_sequence('accounts', 'id')), CAST(:version AS uuid))
    ON CONFLICT (caller, key) DO UPDATE SET key = known.key
    RETURNING account, version, digest, version = CAST(:version AS uuid) AS fresh
  ), added AS (
    INSERT INTO accounts (id, version, nickname, balance, type, account_number) OVERRIDING SYSTEM VALUE
    SELECT account, version, :nickname, :balance, :type, :account_number FROM wish WHERE fresh
  ), swept AS (
    DELETE FROM idempotency_keys WHERE (caller, key) IN (
      SELECT caller, key FROM idempotency_keys
      WHERE created_at < now() - interval '24 hours' AND (caller, key) <> (:caller, :key)
      ORDER BY created_at LIMIT 100 FOR UPDATE SKIP LOCKED
    )
  )
  SELECT account AS id, CAST(version AS text) AS version, digest, fresh FROM wish`;

/** All accounts, as the API shows them. `{account, version}` is one account with its version. */
export class Accounts {
  #database;

  constructor(database) {
    this.#database = database;
  }

  /** A page of accounts, and `last`, its last row where another page comes after it. */
  async page({ type, column, descending, limit, after }) {
    const parameters = [whole('limit', limit + 1)];
    if (type) parameters.push(text('type', type));
    if (after) parameters.push(text('after', after.id));
    if (after?.value !== undefined) parameters.push(bind(column, 'value', after.value));
    const rows = await this.#rows(pageOf({ type, column, descending, after }), parameters);
    const page = rows.slice(0, limit);
    const last = rows.length > limit ? page.at(-1) : undefined;
    return { accounts: page.map((row) => versioned(row).account), last };
  }

  /** One account; 404 where there is none. */
  async get(id) {
    const [row] = await this.#rows(GET, [whole('id', id)]);
    if (!row) throw noSuchAccount();
    return versioned(row);
  }

  /** The new account, with its id; 409 where the account number is taken. */
  async add(account) {
    const [row] = await this.#rows(ADD, bound(account));
    return versioned(row);
  }

  /** The same, but a key makes one account only: `replayed` where it had been made. 422 where it was another. */
  async addOnce(account, caller, key) {
    const digest = createHash('sha256').update(canonical(account)).digest('hex');
    const wish = { caller, key, digest, version: randomUUID() };
    const parameters = [...Object.entries(wish).map(([name, value]) => text(name, value)), ...bound(account)];
    const [row] = await this.#rows(ADD_ONCE, parameters);
    if (row.digest !== digest) throw new Refusal(422, 'This Idempotency-Key was used for another request.');
    return { ...versioned({ ...account, id: row.id, version: row.version }), replayed: !row.fresh };
  }

  /**
   * The account as it is after `fields` are set; 404 where there is none, 409 where the account number is taken,
   * 412 where it has none of `versions` (undefined: any will do).
   */
  async change(id, fields, versions) {
    if (!Object.keys(fields).length) return this.#unchanged(id, versions);
    const assigned = Object.keys(fields).map((field) => `${field} = :${field}`).join(', ');
    const update = `UPDATE accounts SET ${assigned} WHERE id = :id${matching(versions)} RETURNING ${VERSIONED}`;
    return versioned(await this.#done(update, VERSIONED, [whole('id', id), ...bound(fields)], versions));
  }

  /** Delete an account; 404 where there is none, 412 where it has none of `versions`. */
  async remove(id, versions) {
    const removal = `DELETE FROM accounts WHERE id = :id${matching(versions)} RETURNING id`;
    await this.#done(removal, 'id', [whole('id', id)], versions);
  }

  async #unchanged(id, versions) {
    const found = await this.get(id);
    if (versions && !versions.includes(found.version)) throw changedSince();
    return found;
  }

  /** The row that a statement changed. Where it changed none, the row as it is tells 412 from 404. */
  async #done(change, columns, parameters, versions) {
    const sql = `WITH changed AS (${change}) SELECT true AS done, * FROM changed UNION ALL`
      + ` SELECT false, ${columns} FROM accounts WHERE id = :id AND NOT EXISTS (SELECT FROM changed)`;
    const [row] = await this.#rows(sql, [...parameters, ...(versions ? [text('versions', versions.join(','))] : [])]);
    if (row?.done) return row;
    // Asked for no version, and yet unchanged: it was deleted while this statement waited for it.
    throw row && versions ? changedSince() : noSuchAccount();
  }

  async #rows(sql, parameters) {
    try {
      return await this.#database.rows(sql, parameters);
    } catch (error) {
      throw (error instanceof DatabaseError && REFUSALS[error.code]?.(error)) || error;
    }
  }
}

/** The Data API has no arrays: versions travel as one text. */
const matching = (versions) => (versions ? " AND CAST(version AS text) = ANY (string_to_array(:versions, ','))" : '');

const pageOf = ({ type, column, descending, after }) => {
  const direction = descending ? 'DESC' : 'ASC';
  const columns = column === 'id' ? ['id'] : [column, 'id'];
  const values = ['CAST(:after AS bigint)'];
  if (column !== 'id') values.unshift(`CAST(:value AS ${TYPES[column]})`);
  const conditions = [
    ...(type ? ['type = :type'] : []),
    ...(after ? [`(${columns.join(', ')}) ${descending ? '<' : '>'} (${values.join(', ')})`] : []),
  ];
  const where = conditions.length ? ` WHERE ${conditions.join(' AND ')}` : '';
  const order = columns.map((each) => `${each} ${direction}`).join(', ');
  return `SELECT ${COLUMNS} FROM accounts${where} ORDER BY ${order} LIMIT :limit`;
};

/** A value of `column` as the parameter `name`. */
const bind = (column, name, value) => (column === 'balance' ? decimal : text)(name, value);

const bound = (fields) => Object.entries(fields).map(([name, value]) => bind(name, name, value));

/** What makes two requests the same one. */
const canonical = ({ nickname, balance, type, account_number: number }) =>
  JSON.stringify({ account_number: number, balance, nickname, type });

/** A row as an account and its version. A balance of numeric(15,2) survives as a number: a double keeps 15 digits. */
const versioned = ({ id, nickname, balance, type, account_number, version }) => ({
  account: { id, nickname, balance: balance === null ? null : Number(balance), type, account_number },
  version,
});

const taken = (cause) => {
  const faults = [fault('account_number', 'is taken by another account')];
  return new Refusal(409, 'This account number is taken.', { faults, cause });
};

const noTable = (cause) => {
  const message = 'The table of accounts does not exist yet, or not all of it; create it with `accountsctl db init`.';
  return new Refusal(500, message, { cause });
};

const REFUSALS = { [UNIQUE_VIOLATION]: taken, [UNDEFINED_TABLE]: noTable, [UNDEFINED_COLUMN]: noTable };
