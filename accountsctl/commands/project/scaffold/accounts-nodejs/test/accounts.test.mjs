// What a client sends, and what it gets. Run with: node --test
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { api, faults, RENT, ROW, sqlError, values, VERSION } from './asking.mjs';

const ETAG = `"${VERSION}"`;
const OTHER = '11111111-2222-4333-8444-555555555555';
const conditional = (tags, name = 'If-Match') => ({ headers: { [name]: tags } });

test('an added account comes back with its id, its place and its version', async () => {
  const ask = api([[ROW]]);
  const answer = await ask('POST', '/accounts', RENT);
  assert.deepEqual([answer.status, answer.json], [201, { id: 1, ...RENT }]);
  assert.deepEqual([answer.headers.Location, answer.headers.ETag], ['accounts/1', ETAG]);
});

test('the place of a new account is right behind a path that ends in a slash', async () => {
  const answer = await api([[ROW]])('POST', '/accounts', RENT, { requestContext: { path: '/dev/accounts/' } });
  assert.equal(answer.headers.Location, '1');
});

test('values travel as bound parameters only', async () => {
  const ask = api([[ROW]]);
  await ask('POST', '/accounts', { ...RENT, nickname: "x'); DROP TABLE accounts; --" });
  const [request] = ask.requests;
  assert.doesNotMatch(request.sql, /DROP/);
  assert.deepEqual(
    request.parameters.find(({ name }) => name === 'balance'),
    { name: 'balance', value: { stringValue: '12.50' }, typeHint: 'DECIMAL' },
  );
  const { resourceArn, secretArn, database } = request;
  assert.deepEqual([resourceArn, secretArn, database], ['arn:cluster', 'arn:secret', 'accounts']);
});

test('null is null and not true', async () => {
  const answer = await api([[{ ...ROW, nickname: null, balance: null }]])('GET', '/accounts/1');
  assert.deepEqual(answer.json, { id: 1, ...RENT, nickname: null, balance: null });
});

test('an account that cannot be is not found, and not looked for', async () => {
  for (const id of ['0', 'abc', '-1', '1.5', '9007199254740992', '9'.repeat(40), '\uff11', '1;']) {
    const ask = api();
    assert.equal((await ask('GET', `/accounts/${id}`)).status, 404, id);
    assert.equal(ask.requests.length, 0, id);
  }
});

test('a known version needs no body', async () => {
  for (const tags of ['*', ETAG, `W/${ETAG}`, `"x", ${ETAG}`]) {
    const answer = await api([[ROW]])('GET', '/accounts/1', undefined, conditional(tags, 'if-none-match'));
    assert.deepEqual([answer.status, answer.body, answer.headers.ETag], [304, '', ETAG], tags);
  }
  assert.equal((await api([[ROW]])('GET', '/accounts/1', undefined, conditional('"x"', 'If-None-Match'))).status, 200);
});

test('only the strong tags of If-Match reach the statement, and those of all its lines', async () => {
  const ask = api([[{ done: true, ...ROW }]]);
  const multiValueHeaders = { 'if-match': [`W/"${OTHER}"`, `"none", ${ETAG}`] };
  assert.equal((await ask('PUT', '/accounts/1', RENT, { multiValueHeaders })).status, 200);
  assert.equal(values(ask.requests[0]).versions, VERSION);
});

test('a change of another version is refused, and of no account it is another refusal', async () => {
  for (const method of ['PUT', 'PATCH', 'DELETE']) {
    const there = [{ done: false, ...ROW }];
    assert.equal((await api([there])(method, '/accounts/1', RENT, conditional(`"${OTHER}"`))).status, 412, method);
    assert.equal((await api([[]])(method, '/accounts/1', RENT, conditional(`"${OTHER}"`))).status, 404, method);
    assert.equal((await api([[]])(method, '/accounts/1', RENT, conditional('*'))).status, 404, method);
    // Without a condition: the row that the statement still saw was deleted while it waited.
    assert.equal((await api([there])(method, '/accounts/1', RENT)).status, 404, method);
  }
});

test('a condition that is no list of entity tags is refused by name', async () => {
  for (const tags of ['', 'abc', `${VERSION}`, '"a" "b"', '"a']) {
    const answer = await api()('DELETE', '/accounts/1', undefined, conditional(tags));
    assert.deepEqual([answer.status, Object.keys(faults(answer))], [400, ['If-Match']], tags);
  }
});

test('a patch sets what it names and nothing else', async () => {
  const ask = api([[{ done: true, ...ROW }]]);
  assert.equal((await ask('PATCH', '/accounts/1', { balance: 3, id: 1 })).status, 200);
  assert.match(ask.requests[0].sql, /SET balance = :balance WHERE/);
  assert.deepEqual(values(ask.requests[0]), { id: 1, balance: '3.00' });
});

test('an empty patch changes nothing, but minds its condition', async () => {
  const ask = api([[ROW]]);
  assert.deepEqual((await ask('PATCH', '/accounts/1', {}, conditional(ETAG))).json, { id: 1, ...RENT });
  assert.match(ask.requests[0].sql, /^SELECT/);
  assert.equal((await api([[ROW]])('PATCH', '/accounts/1', {}, conditional(`"${OTHER}"`))).status, 412);
});

test('a patch cannot take a field away', async () => {
  const answer = await api()('PATCH', '/accounts/1', { nickname: null, type: 'foreign', colour: null });
  assert.deepEqual(faults(answer), {
    nickname: 'cannot be removed',
    type: 'must be one of: domestic, international',
    colour: 'is not a field of an account',
  });
});

const keyed = (key, claims) => ({ headers: { 'idempotency-key': key }, requestContext: { authorizer: { claims } } });
const kept = ({ digest, version }) => [{ id: 7, version, digest, fresh: true }];

test('a request with a key is told the same again', async () => {
  const first = api([kept]);
  const made = await first('POST', '/accounts', RENT, keyed('k 1', { sub: 'someone' }));
  const { caller, key, digest, version } = values(first.requests[0]);
  assert.deepEqual([caller, key], ['someone', 'k 1']);
  const again = await api([[{ id: 7, version, digest, fresh: false }]])(
    'POST', '/accounts', JSON.stringify(RENT).replace('12.5', '12.50'), keyed('k 1'),
  );
  assert.equal(again.headers['Idempotency-Replayed'], 'true');
  for (const answer of [made, again]) {
    assert.deepEqual([answer.status, answer.json, answer.headers.ETag], [201, { id: 7, ...RENT }, `"${version}"`]);
  }
  assert.equal(made.headers['Idempotency-Replayed'], undefined);
});

test('a key that was used for another account is refused', async () => {
  const answer = await api([[{ id: 7, version: VERSION, digest: 'other', fresh: false }]])(
    'POST', '/accounts', RENT, keyed('k'),
  );
  assert.equal(answer.status, 422);
});

test('what cannot be a key is refused by name', async () => {
  for (const key of ['', ' k', 'k ', 'schlüssel', 'a'.repeat(256)]) {
    const answer = await api()('POST', '/accounts', RENT, keyed(key));
    assert.deepEqual([answer.status, Object.keys(faults(answer))], [400, ['Idempotency-Key']], key);
  }
});

test('a taken account number is a conflict and quotes nothing', async () => {
  const ask = api([sqlError('23505', 'Key (account_number)=(DE01) already exists.')]);
  const answer = await ask('POST', '/accounts', RENT);
  assert.equal(answer.status, 409);
  assert.deepEqual(faults(answer), { account_number: 'is taken by another account' });
  assert.doesNotMatch(answer.body + JSON.stringify(ask.log), /DE01/);
});

test('a method that is not offered is 405 and says which are', async () => {
  const answer = await api()('PATCH');
  assert.deepEqual([answer.status, answer.headers.Allow], [405, 'GET,OPTIONS,POST']);
});

test('an unknown resource is 404, and a bare event no crash', async () => {
  assert.equal((await api()('GET', '/elsewhere', undefined, { resource: '/elsewhere' })).status, 404);
  const bare = { resource: null, httpMethod: null, requestContext: null };
  assert.equal((await api()('GET', '/', undefined, bare)).status, 404);
});
