// GET /accounts: filter, order, pages. Run with: node --test
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { api, faults, RENT, ROW, values } from './asking.mjs';

const { version: _, ...LISTED } = ROW;
const asking = async (query, rows = []) => {
  const ask = api([rows]);
  const answer = await ask('GET', '/accounts', undefined, { queryStringParameters: query });
  return { answer, sql: ask.requests[0]?.sql, values: ask.requests[0] && values(ask.requests[0]) };
};

test('an empty table is an empty array without a link', async () => {
  const { answer, sql, values: sent } = await asking(null);
  assert.deepEqual([answer.status, answer.body, answer.headers.Link], [200, '[]', undefined]);
  assert.match(sql, /FROM accounts ORDER BY id ASC LIMIT :limit$/);
  assert.deepEqual(sent, { limit: 1001 });
});

test('one more than a page tells that there is another, and is not shown', async () => {
  const rows = [LISTED, { ...LISTED, id: 2 }];
  const { answer } = await asking({ limit: '1', type: 'domestic' }, rows);
  assert.deepEqual(answer.json, [{ id: 1, ...RENT }]);
  assert.equal(answer.headers.Link, '<?type=domestic&limit=1&after=id%3A1>; rel="next"');
  assert.equal((await asking({ limit: '2' }, rows)).answer.headers.Link, undefined);
});

test('the next page begins behind the last row, in its order, whatever its value', async () => {
  const last = { ...LISTED, nickname: 'a:b & ü' };
  const { answer } = await asking({ order: '-nickname', limit: '1' }, [last, last]);
  const after = new URLSearchParams(/<(.*)>/.exec(answer.headers.Link)[1]).get('after');
  assert.equal(after, '-nickname:1:a:b & ü');
  const { sql, values: sent } = await asking({ after });
  assert.match(sql, /WHERE \(nickname, id\) < \(CAST\(:value AS text\), CAST\(:after AS bigint\)\)/);
  assert.match(sql, /ORDER BY nickname DESC, id DESC/);
  assert.deepEqual(sent, { limit: 1001, after: '1', value: 'a:b & ü' });
});

test('an empty value is a value', async () => {
  assert.equal((await asking({ after: 'nickname:1:' })).values.value, '');
});

test('where a page ended decides the order', async () => {
  const after = 'balance:999999999999999999:-0.50';
  const { sql, values: sent } = await asking({ after, order: 'id', type: 'domestic' });
  assert.match(sql, /WHERE type = :type AND \(balance, id\) > .* ORDER BY balance ASC, id ASC/);
  const { limit: _limit, ...rest } = sent;
  assert.deepEqual(rest, { type: 'domestic', after: '999999999999999999', value: '-0.50' });
});

test('what a query may not say is refused by name, all at once', async () => {
  const query = { colour: 'red', __proto: '', type: 'foreign', order: 'size', limit: '0', after: '17' };
  const { answer } = await asking(query);
  assert.equal(answer.status, 400);
  assert.deepEqual(Object.keys(faults(answer)), ['colour', '__proto', 'type', 'order', 'limit', 'after']);
  for (const limit of ['1001', '07', '1.5', '', '１']) assert.equal((await asking({ limit })).answer.status, 400, limit);
  const places = ['id:0', 'id:1:', 'balance:1', 'balance:1:1e5', 'type:1:x', 'nickname:1:a\0', 'id:1 or 1=1'];
  for (const after of places) {
    assert.deepEqual(Object.keys(faults((await asking({ after })).answer)), ['after'], after);
  }
});

test('a parameter that is given twice is refused', async () => {
  const event = { queryStringParameters: { limit: '2' }, multiValueQueryStringParameters: { limit: ['1', '2'] } };
  assert.deepEqual(faults(await api()('GET', '/accounts', undefined, event)), { limit: 'is given twice' });
});

test('other methods ignore the query', async () => {
  const event = { queryStringParameters: { colour: 'red' } };
  assert.equal((await api([[ROW]])('GET', '/accounts/1', undefined, event)).status, 200);
});
