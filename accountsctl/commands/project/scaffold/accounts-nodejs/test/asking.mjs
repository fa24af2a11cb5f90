// The API with a Data API that answers what it is told to, and with a clock that only sleeping moves.

import { respond } from '../src/respond.mjs';

export const RENT = { nickname: 'Rent', balance: 12.5, type: 'domestic', account_number: 'DE01' };
export const VERSION = '0b9a1b4e-6c3f-4f0e-9d3a-3f1f7b0f5a01';
export const ROW = { id: 1, ...RENT, balance: '12.50', version: VERSION };
const SETTINGS = { DB_ARN: 'arn:cluster', SECRET_ARN: 'arn:secret', DB_NAME: 'accounts', REGION: 'eu-west-1' };

/** Rows as the Data API gives them. */
const answered = (rows) => ({
  columnMetadata: Object.keys(rows[0] ?? {}).map((label) => ({ label })),
  records: rows.map((row) => Object.values(row).map(field)),
});

const field = (value) => {
  if (value === null) return { isNull: true };
  if (typeof value === 'boolean') return { booleanValue: value };
  return typeof value === 'number' ? { longValue: value } : { stringValue: value };
};

/** An error as the SDK throws it: one of the service, with a status. */
export const refusal = (name, message = '') =>
  Object.assign(new Error(message), { name, $metadata: { httpStatusCode: 400 } });

export const sqlError = (state, message = 'it broke') =>
  refusal('DatabaseErrorException', `ERROR: ${message}; SQLState: ${state}`);

/**
 * An API. `answers` are rows, errors, or functions from the parameters by name to rows: one for each statement.
 *
 * `requests` are the statements that it sent, `slept` the seconds that it waited, `log` the lines that it wrote.
 */
export const api = (answers = [], settings = {}) => {
  const waiting = [...answers];
  const requests = [];
  const slept = [];
  const log = [];
  const execute = async (request) => {
    requests.push(request);
    const next = waiting.shift();
    if (next instanceof Error) throw next;
    return answered(typeof next === 'function' ? next(values(request)) : next ?? []);
  };
  const ask = async (method, path = '/accounts', body = undefined, event = {}) => {
    const id = path.replace('/accounts', '').replace('/', '');
    const asked = {
      resource: id ? '/accounts/{id}' : path,
      path,
      httpMethod: method,
      headers: null,
      pathParameters: id ? { id } : null,
      body: body === undefined || typeof body === 'string' ? body : JSON.stringify(body),
      isBase64Encoded: false,
      requestContext: { path: `/dev${path}` },
      ...event,
    };
    const context = {
      awsRequestId: 'request-1',
      getRemainingTimeInMillis: () => 25_000 - 1000 * slept.reduce((sum, each) => sum + each, 0),
    };
    const sleep = async (seconds) => slept.push(seconds);
    const answer = await written(log, () => respond(asked, context, { ...SETTINGS, ...settings }, execute, sleep));
    return { ...answer, status: answer.statusCode, json: answer.body ? JSON.parse(answer.body) : undefined };
  };
  return Object.assign(ask, { requests, slept, log });
};

/** A statement's parameters by name. */
export const values = ({ parameters }) =>
  Object.fromEntries(parameters.map(({ name, value }) => [name, Object.values(value)[0]]));

/** The problem of each field that was refused. */
export const faults = ({ json }) => Object.fromEntries(json.faults.map(({ field: name, problem }) => [name, problem]));

/** Run `action`, and keep the lines that it writes to stdout. */
const written = async (lines, action) => {
  const { write } = process.stdout;
  process.stdout.write = (text) => lines.push(JSON.parse(text));
  try {
    return await action();
  } finally {
    process.stdout.write = write;
  }
};
