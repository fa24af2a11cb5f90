// The wall: whatever happens inside, the client gets JSON with CORS headers, because a browser hides any other
// answer from the page. What went wrong inside is logged, as one line of JSON with the request's id; no body, no
// account, no key, no value of a query and no message of the database is.

import { setTimeout as pause } from 'node:timers/promises';

import { Accounts } from './accounts.mjs';
import { Refusal } from './answers.mjs';
import { allowedOrigins, corsHeaders } from './cors.mjs';
import { Database, DatabaseError } from './database.mjs';
import { header } from './events.mjs';
import { answerTo } from './routes.mjs';

/** Answer one event. `execute` sends one ExecuteStatement; `sleep` waits for so many seconds. */
export const respond = async (event, context, settings, execute, sleep = (seconds) => pause(seconds * 1000)) => {
  const started = performance.now();
  const [result, trouble] = await outcome(event, context, settings, execute, sleep);
  log(event, context, result, performance.now() - started, trouble);
  return proxy(result, corsHeaders(allowedOrigins(settings.CORS_ALLOW_ORIGINS ?? ''), header(event, 'Origin')));
};

/** What the client gets, and what the log is told besides. */
const outcome = async (event, context, settings, execute, sleep) => {
  try {
    const database = new Database({
      execute,
      cluster: setting(settings, 'DB_ARN'),
      secret: setting(settings, 'SECRET_ARN'),
      name: setting(settings, 'DB_NAME'),
      remaining: () => context.getRemainingTimeInMillis() / 1000,
      sleep,
    });
    return [await answerTo(event, new Accounts(database)), {}];
  } catch (error) {
    if (error instanceof Refusal) {
      return [error.answer(context.awsRequestId), error.cause ? { cause: named(error.cause) } : {}];
    }
    return [failure().answer(context.awsRequestId), { error: named(error), stack: frames(error) }];
  }
};

const setting = (settings, name) => {
  if (!settings[name]) throw new Error(`${name} is not set`);
  return settings[name];
};

const failure = () => new Refusal(500, 'Something went wrong here; the log tells what.');

const proxy = ({ status, body, headers }, cors) => ({
  statusCode: status,
  headers: {
    ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
    'Cache-Control': 'no-store',
    ...headers,
    ...cors,
  },
  body: body === undefined ? '' : JSON.stringify(body),
  isBase64Encoded: false,
});

/** One line, past `console`, which would wrap it into another line of JSON. */
const log = (event, context, { status }, milliseconds, trouble) => {
  const line = {
    level: status === 500 ? 'ERROR' : 'INFO',
    requestId: context.awsRequestId,
    method: event.httpMethod,
    resource: event.resource,
    status,
    milliseconds: Math.round(milliseconds * 10) / 10,
    ...trouble,
  };
  process.stdout.write(`${JSON.stringify(line)}\n`);
};

/** An error's kind, and its code where it has one. Never its message: that may quote what a client sent. */
const named = (error) => {
  if (error instanceof DatabaseError) return `DatabaseError ${error.code}`;
  return error instanceof Error ? [error.name, error.code].filter(Boolean).join(' ') : typeof error;
};

/** Where an error comes from: its stack without its message. */
const frames = (error) => String(error?.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
