// The fields of an account, and the body that they come in. Run with: node --test
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { api, faults, RENT, ROW, values } from './asking.mjs';

const refused = async (body, event) => {
  const ask = api();
  const answer = await ask('POST', '/accounts', body, event);
  assert.equal(ask.requests.length, 0);
  return [answer.status, answer.json.faults ? faults(answer) : answer.json.message];
};
const fields = async (body) => Object.keys((await refused(body))[1]);

test('every fault is named at once', async () => {
  assert.deepEqual(await refused({ nickname: ' ', balance: '12', type: 'foreign', colour: 1, id: 3 }), [400, {
    nickname: 'must not be empty',
    balance: 'must be a number',
    type: 'must be one of: domestic, international',
    account_number: 'is missing',
    colour: 'is not a field of an account',
    id: 'cannot be set: the server gives it',
  }]);
});

test('a field that does not fit is refused by name', async () => {
  const wrong = {
    nickname: [5, null, 'a'.repeat(101), 'a\0b', '\ud800', '🏦'.repeat(101)],
    account_number: [['DE'], '1'.repeat(35)],
    balance: [true, null, 1.005, 1e13, -1e13],
    type: [[], 'Domestic'],
  };
  for (const [field, all] of Object.entries(wrong)) {
    for (const value of all) assert.deepEqual(await fields({ ...RENT, [field]: value }), [field], String(value));
  }
});

test('a balance is taken at the digits that a double keeps', async () => {
  const taken = {
    '0.30000000000000004': '0.30',
    '-0': '0.00',
    '1e2': '100.00',
    '9999999999999.99': '9999999999999.99',
    '-0.01': '-0.01',
  };
  for (const [written, stored] of Object.entries(taken)) {
    const ask = api([[ROW]]);
    await ask('POST', '/accounts', JSON.stringify(RENT).replace('12.5', written));
    assert.equal(values(ask.requests[0]).balance, stored, written);
  }
  for (const written of ['1e99', '-1e400', '0.001', '1.005', '9999999999999.999']) {
    assert.deepEqual(await fields(JSON.stringify(RENT).replace('12.5', written)), ['balance'], written);
  }
});

test('white space around a text is left out, as the other implementation has it', async () => {
  const ask = api([[ROW], [ROW]]);
  await ask('POST', '/accounts', { ...RENT, nickname: '\u001f\u0085 Bücher 🏦\u3000' });
  await ask('POST', '/accounts', { ...RENT, nickname: '\ufeffx' });
  assert.deepEqual(ask.requests.map((request) => values(request).nickname), ['Bücher 🏦', '\ufeffx']);
});

test('a body that is no JSON object is refused', async () => {
  const none = ['', '{', 'NaN', '{"balance": NaN}', '[]', '3', 'null', '"x"', '[['.repeat(4000), '\ufeff{}'];
  for (const body of [undefined, ...none]) {
    assert.deepEqual(await fields(body), [''], body);
  }
});

test('a name that is given twice is refused, wherever it stands and however it is written', async () => {
  const body = JSON.stringify(RENT).slice(0, -1);
  const twice = async (more) => Object.entries((await refused(`${body}, ${more}}`))[1])
    .filter(([, problem]) => problem === 'is given twice').map(([name]) => name);
  assert.deepEqual(await twice('"nick\\u006eame": "A"'), ['nickname']);
  assert.deepEqual(await twice('"x": [{"a": 1, "b": {"a": 2}, "a": "}"}]'), ['a']);
  assert.deepEqual(await twice('"x": "{\\"a\\": 1, \\"a\\": 2}", "y": [{"a": 1}, {"a": 2}]'), []);
});

test('names that JavaScript knows are no fields', async () => {
  const body = `${JSON.stringify(RENT).slice(0, -1)}, "__proto__": {}, "constructor": 1, "größe": 2}`;
  assert.deepEqual(await fields(body), ['__proto__', 'constructor', 'gr\\xf6\\xdfe']);
});

test('a base64 body is read, and a broken one refused', async () => {
  const base64 = (bytes) => [Buffer.from(bytes).toString('base64'), { isBase64Encoded: true }];
  const ask = api([[ROW]]);
  const [body, event] = base64(JSON.stringify({ ...RENT, nickname: 'Bücher' }));
  assert.equal((await ask('POST', '/accounts', body, event)).status, 201);
  assert.equal(values(ask.requests[0]).nickname, 'Bücher');
  for (const each of [['%%%', event], base64([0xff])]) {
    assert.deepEqual((await refused(...each))[1], { '': 'The body is not UTF-8 text.' });
  }
});

test('a body is too large by its bytes, not by its characters', async () => {
  const padded = (bytes) => JSON.stringify(RENT).padEnd(bytes);
  assert.equal((await api([[ROW]])('POST', '/accounts', padded(10_000))).status, 201);
  assert.deepEqual(await refused(padded(10_001)), [413, 'The body is too large.']);
  assert.deepEqual(await refused(`"${'é'.repeat(5000)}"`), [413, 'The body is too large.']);
  const encoded = Buffer.from(padded(10_001)).toString('base64');
  assert.equal((await refused(encoded, { isBase64Encoded: true }))[0], 413);
});
