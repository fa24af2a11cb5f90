// The accounts' database through the RDS Data API: bound parameters in, plain objects out.
//
// A paused Aurora Serverless cluster answers DatabaseResumingException until it is awake. That statement was
// never run, so it is tried again as long as this invocation has time; after that the client is told when to
// come back. Nothing else is retried: an INSERT whose answer was lost may have been done.

import { tryLater } from './answers.mjs';

const SQLSTATE = /SQLState: ([0-9A-Z]{5})\s*$/;
const FIRST_DELAY = 0.5;
const LONGEST_DELAY = 4;
/** Kept back from the invocation's time to answer in, in seconds. */
const RESERVE = 3;
const WAKING = 10;
const UNAVAILABLE = 5;

const TRY_LATER = {
  DatabaseUnavailableException: 'The database is not available just now.',
  ServiceUnavailableError: 'The database is not available just now.',
  InvalidResourceStateException: 'The database is being changed just now.',
  StatementTimeoutException: 'The database took too long.',
  ThrottlingException: 'Too many requests just now.',
};
/** How Node names a network that failed. */
const UNREACHED = new Set([
  'EAI_AGAIN', 'ECONNABORTED', 'ECONNREFUSED', 'ECONNRESET', 'EHOSTUNREACH', 'ENETUNREACH', 'ENOTFOUND', 'EPIPE',
  'ETIMEDOUT',
]);

/** The database refused a statement. Its message is left out: it may quote values. */
export class DatabaseError extends Error {
  constructor(code, cause) {
    super(code, { cause });
    this.code = code;
  }
}

/** A parameter for `:name`: text, a whole number, an exact decimal number ("12.50"). */
export const text = (name, value) => ({ name, value: { stringValue: value } });
export const whole = (name, value) => ({ name, value: { longValue: value } });
export const decimal = (name, value) => ({ name, value: { stringValue: value }, typeHint: 'DECIMAL' });

/** One database. `execute` sends one ExecuteStatement; `remaining` gives the seconds that this invocation has left. */
export class Database {
  #settings;

  constructor(settings) {
    this.#settings = settings;
  }

  /** Run one statement; its rows by column name. DatabaseError carries the SQLSTATE; Refusal is a 503. */
  async rows(sql, parameters = []) {
    const { cluster, secret, name } = this.#settings;
    const answered = await this.#answer({
      resourceArn: cluster,
      secretArn: secret,
      database: name,
      sql,
      includeResultMetadata: true,
      parameters,
    });
    const names = (answered.columnMetadata ?? []).map((column) => column.label);
    return (answered.records ?? []).map((record) =>
      Object.fromEntries(record.map((field, index) => [names[index], valueOf(field)])));
  }

  async #answer(request) {
    const { execute, remaining, sleep } = this.#settings;
    for (let delay = FIRST_DELAY; ; delay = Math.min(delay * 2, LONGEST_DELAY)) {
      try {
        return await execute(request);
      } catch (error) {
        if (error.name !== 'DatabaseResumingException') throw refused(error);
        if (remaining() < delay + RESERVE) throw tryLater('The database is waking up.', WAKING, error);
      }
      await sleep(delay);
    }
  }
}

const refused = (error) => {
  if (Object.hasOwn(TRY_LATER, error.name)) return tryLater(TRY_LATER[error.name], UNAVAILABLE, error);
  if (error.name === 'TimeoutError' || UNREACHED.has(error.code)) {
    return tryLater('The database did not answer.', UNAVAILABLE, error);
  }
  // An error that has no status of a service is ours: a bug, or credentials that are not there.
  if (!error.$metadata?.httpStatusCode) return error;
  return new DatabaseError(SQLSTATE.exec(error.message)?.[1] ?? error.name, error);
};

/** A field's value. NULL is said by a key of its own, whose value is true: it must not become true. */
const valueOf = (field) => (field.isNull ? null : Object.values(field).find((value) => value !== undefined));
