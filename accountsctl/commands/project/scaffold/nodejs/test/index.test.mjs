// Run with: node --test
import assert from 'node:assert/strict';
import { test } from 'node:test';

process.env.CORS_ALLOW_ORIGINS = 'https://app.example.com';
const { handler } = await import('../src/index.mjs');
const ask = (event = {}) => handler({ httpMethod: 'GET', path: '/', ...event }, {});

test('it greets', async () => {
  const answer = await ask({ path: '/hello' });
  assert.equal(answer.statusCode, 200);
  assert.equal(JSON.parse(answer.body).path, '/hello');
});

test('an allowed origin may read the answer', async () => {
  const { headers } = await ask({ headers: { Origin: 'https://app.example.com' } });
  assert.equal(headers['Access-Control-Allow-Origin'], 'https://app.example.com');
});

test('another origin may not', async () => {
  const { headers } = await ask({ headers: { origin: 'https://elsewhere.example.com' } });
  assert.equal(headers['Access-Control-Allow-Origin'], undefined);
});
