import { Amplify } from 'aws-amplify';
import { vi } from 'vitest';

import { Account, UnreadableError } from './account';
import { AccountsApi } from './accounts-api';
import { Takes, backend } from './configuration';

const RENT: Account = { id: 7, nickname: 'Rent', balance: 1, type: 'domestic', account_number: 'A' };
const { id: _, ...FIELDS } = RENT;
const ENDPOINT = 'https://api.example/dev';
const TOKEN = { toString: () => 'the-token', payload: {} };

interface Sent {
  readonly method: string;
  readonly url: string;
  readonly headers: Record<string, string>;
  readonly body: unknown;
}

describe('the API is sent', () => {
  let sent: Sent[];

  beforeEach(() => {
    sent = [];
    vi.stubGlobal('fetch', async (url: URL | string, { method, headers, body }: RequestInit) => {
      sent.push({
        method: method!,
        url: String(url),
        headers: headers as Record<string, string>,
        body: body ? JSON.parse(body as string) : undefined,
      });
      return new Response(JSON.stringify(RENT), { status: 200 });
    });
    Amplify.configure(
      { API: { REST: { web: { endpoint: ENDPOINT, region: 'eu-west-1' } } } },
      { Auth: { tokenProvider: { getTokens: async () => ({ accessToken: TOKEN, idToken: TOKEN }) } } },
    );
  });

  afterEach(() => {
    vi.unstubAllGlobals();
    backend.set(undefined);
  });

  const api = (takes: Partial<Takes> = {}): AccountsApi => {
    backend.set({ apiName: 'web', endpoint: ENDPOINT, takes: { idempotencyKey: false, patch: false, ifMatch: false, ...takes } });
    return new AccountsApi();
  };

  it('a key with a new account where it takes one', async () => {
    await api({ idempotencyKey: true }).create(FIELDS, 'wish-1');
    expect(sent).toMatchObject([{ method: 'POST', url: `${ENDPOINT}/accounts`, headers: { 'idempotency-key': 'wish-1' }, body: FIELDS }]);
  });

  it('no key where it takes none', async () => {
    await api().create(FIELDS, 'wish-1');
    expect(Object.keys(sent[0]!.headers)).not.toContain('idempotency-key');
    expect(sent[0]!.headers['authorization']).toBe('the-token');
  });

  it('what has changed where it takes PATCH', async () => {
    await api({ patch: true }).change(RENT, { nickname: 'House' });
    expect(sent).toMatchObject([{ method: 'PATCH', url: `${ENDPOINT}/accounts/7` }]);
    expect(sent[0]!.body).toEqual({ nickname: 'House' });
  });

  it('the version that a change is based on, where it compares versions', async () => {
    vi.stubGlobal('fetch', async (url: URL | string, { method, headers }: RequestInit) => {
      sent.push({ method: method!, url: String(url), headers: headers as Record<string, string>, body: undefined });
      return new Response(JSON.stringify({ ...RENT, balance: 2 }), { status: 200, headers: { etag: '"v2"' } });
    });
    const current = await api({ ifMatch: true }).current(RENT);
    expect(current).toEqual({ account: { ...RENT, balance: 2 }, etag: '"v2"' });
    await api({ patch: true }).change(RENT, { nickname: 'House' }, current.etag);
    await api().change(RENT, { nickname: 'House' }, current.etag);
    await api().remove(RENT, current.etag);
    expect(sent.map(({ method, headers }) => [method, headers['if-match']])).toEqual([
      ['GET', undefined],
      ['PATCH', '"v2"'],
      ['PUT', '"v2"'],
      ['DELETE', '"v2"'],
    ]);
  });

  it('nothing to learn a version where it compares none', async () => {
    expect(await api().current(RENT)).toEqual({ account: RENT });
    expect(sent).toEqual([]);
  });

  it.each(['<html>', '{"accounts": []}', ''])('and answers %j: that is reported', async (body) => {
    vi.stubGlobal('fetch', async () => new Response(body, { status: 200 }));
    await expect(api().list()).rejects.toThrow(UnreadableError);
  });

  it('no request for a page that was read already', async () => {
    vi.stubGlobal('fetch', async (url: URL | string) => {
      sent.push({ method: 'GET', url: String(url), headers: {}, body: undefined });
      return new Response('[]', { status: 200, headers: { link: '</dev/accounts?after=9>; rel="next"' } });
    });
    await expect(api().list()).rejects.toThrow(UnreadableError);
    expect(sent.length).toBe(2);
  });

  it('the whole account where it does not', async () => {
    await api().change(RENT, { nickname: 'House' });
    expect(sent).toMatchObject([{ method: 'PUT', url: `${ENDPOINT}/accounts/7` }]);
    expect(sent[0]!.body).toEqual({ ...FIELDS, nickname: 'House' });
  });
});
