// What goes wrong inside, and what stands on every answer. Run with: node --test
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { api, refusal, RENT, ROW, sqlError } from './asking.mjs';

const times = (count, make) => Array.from({ length: count }, make);

test('a sleeping database is waited for', async () => {
  const ask = api([...times(3, () => refusal('DatabaseResumingException')), [ROW]]);
  assert.equal((await ask('GET', '/accounts/1')).status, 200);
  assert.deepEqual(ask.slept, [0.5, 1, 2]);
});

test('a database that stays asleep is 503 with time left to answer', async () => {
  const ask = api(times(99, () => refusal('DatabaseResumingException')));
  const answer = await ask('GET');
  assert.deepEqual([answer.status, answer.headers['Retry-After']], [503, '10']);
  assert.equal(answer.headers['Access-Control-Allow-Origin'], '*');
  assert.ok(ask.slept.reduce((sum, each) => sum + each) <= 22);
});

test('an unavailable database is 503, and nothing is sent twice', async () => {
  const failures = [
    refusal('DatabaseUnavailableException'),
    refusal('StatementTimeoutException'),
    Object.assign(new Error('too slow'), { name: 'TimeoutError' }),
    Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' }),
  ];
  for (const failure of failures) {
    const ask = api([failure]);
    const answer = await ask('POST', '/accounts', RENT);
    assert.deepEqual([answer.status, answer.headers['Retry-After']], [503, '5'], failure.message);
    assert.equal(ask.requests.length, 1);
  }
});

test('missing tables, and missing columns, name the command that makes them', async () => {
  for (const state of ['42P01', '42703']) {
    const answer = await api([sqlError(state)])('GET');
    assert.equal(answer.status, 500);
    assert.match(answer.json.message, /accountsctl db init/);
  }
});

test('what nobody expected is 500 with CORS headers, and tells nothing', async () => {
  for (const failure of [new RangeError('secret DE01\n    DE01'), sqlError('XX000', 'secret DE01')]) {
    const ask = api([failure]);
    const answer = await ask('GET');
    assert.deepEqual([answer.status, answer.json.requestId], [500, 'request-1']);
    assert.equal(answer.headers['Access-Control-Allow-Origin'], '*');
    assert.deepEqual([ask.log[0].level, ask.log[0].requestId], ['ERROR', 'request-1']);
    assert.ok(ask.log[0].stack.length > 0);
    assert.doesNotMatch(answer.body + JSON.stringify(ask.log), /secret|DE01/);
  }
});

test('a missing setting is 500 with CORS headers', async () => {
  const answer = await api([], { DB_ARN: '' })('GET');
  assert.deepEqual([answer.status, answer.headers['Access-Control-Allow-Origin']], [500, '*']);
});

test('the log is one line without anything of a client', async () => {
  const ask = api([[ROW]]);
  await ask('POST', '/accounts', RENT, { queryStringParameters: { secret: 'x' } });
  const [{ milliseconds, ...line }, ...more] = ask.log;
  assert.equal(typeof milliseconds, 'number');
  assert.deepEqual([line, more], [
    { level: 'INFO', requestId: 'request-1', method: 'POST', resource: '/accounts', status: 201 }, [],
  ]);
});

test('only listed origins are echoed, and caches are told', async () => {
  const ask = api([[], []], { CORS_ALLOW_ORIGINS: 'https://a.example, https://b.example/' });
  const listed = await ask('GET', '/accounts', undefined, { headers: { origin: 'https://b.example' } });
  assert.equal(listed.headers['Access-Control-Allow-Origin'], 'https://b.example');
  assert.equal(listed.headers.Vary, 'Origin');
  const other = await ask('GET', '/accounts', undefined, { headers: { Origin: 'https://evil.example' } });
  assert.equal(other.headers['Access-Control-Allow-Origin'], undefined);
  assert.equal(other.headers.Vary, 'Origin');
});

test('OPTIONS is answered too', async () => {
  const answer = await api()('OPTIONS');
  assert.equal(answer.status, 204);
  assert.match(answer.headers['Access-Control-Allow-Headers'], /Authorization.*Idempotency-Key.*If-Match/);
});
