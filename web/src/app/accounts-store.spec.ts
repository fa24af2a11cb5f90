import { TestBed } from '@angular/core/testing';
import { vi } from 'vitest';

import { Account } from './account';
import { AccountsApi, nextPage } from './accounts-api';
import { AccountsStore, SLOW, TRIES } from './accounts-store';
import { Session } from './session';

const RENT: Account = { id: 1, nickname: 'Rent', balance: 1, type: 'domestic', account_number: 'A' };

const failing = (statusCode: number, headers = {}) =>
  Promise.reject(Object.assign(new Error(), { response: { statusCode, headers, body: '{}' } }));

/** An API in memory: each `list` takes the next answer, the last one again and again. */
class FakeApi {
  answers: (() => Promise<Account[]>)[] = [async () => [RENT]];
  asked = 0;
  list = () => {
    this.asked++;
    const [answer] = this.answers.length > 1 ? this.answers.splice(0, 1) : this.answers;
    return answer!();
  };
  create = async (account: object, _key: string) => ({ ...RENT, ...account, id: 2 });
  change = async (account: Account, changes: object) => ({ ...account, ...changes });
  remove = async () => undefined;
}

class FakeSession {
  reasons: string[] = [];
  signOut = async (reason: string) => void this.reasons.push(reason);
}

describe('the accounts on the page', () => {
  let api: FakeApi;
  let session: FakeSession;
  let store: AccountsStore;

  beforeEach(() => {
    vi.useFakeTimers();
    api = new FakeApi();
    session = new FakeSession();
    TestBed.configureTestingModule({
      providers: [
        { provide: AccountsApi, useValue: api },
        { provide: Session, useValue: session },
      ],
    });
    store = TestBed.inject(AccountsStore);
  });

  afterEach(() => vi.useRealTimers());

  it('are ready once they are loaded', async () => {
    await store.load();
    expect([store.state(), store.count()]).toEqual(['ready', 1]);
  });

  it('are asked for again when a sleeping database said so', async () => {
    api.answers = [() => failing(503, { 'retry-after': '3' }), async () => [RENT]];
    await store.load();
    expect([store.state(), store.countdown(), store.retries()]).toEqual(['problem', 3, true]);
    await vi.advanceTimersByTimeAsync(2000);
    expect([store.countdown(), api.asked]).toEqual([1, 1]);
    await vi.advanceTimersByTimeAsync(1000);
    expect([store.state(), store.problem(), api.asked]).toEqual(['ready', null, 2]);
  });

  it('that are long in coming are excused, until they are there', async () => {
    let answer: (accounts: Account[]) => void;
    api.answers = [() => new Promise((resolve) => (answer = resolve))];
    const loading = store.load();
    await vi.advanceTimersByTimeAsync(SLOW - 1);
    expect(store.slow()).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    expect(store.slow()).toBe(true);
    answer!([RENT]);
    await loading;
    await vi.advanceTimersByTimeAsync(SLOW);
    expect([store.slow(), store.state()]).toEqual([false, 'ready']);
  });

  it('stay on show while they are reloaded, and when that fails', async () => {
    await store.load();
    api.answers = [() => failing(500)];
    const loading = store.load();
    expect([store.state(), store.loaded(), store.count()]).toEqual(['loading', true, 1]);
    await loading;
    expect([store.state(), store.loaded(), store.count()]).toEqual(['problem', true, 1]);
    store.forget();
    expect([store.loaded(), store.count()]).toEqual([false, 0]);
  });

  it('are not asked for without end', async () => {
    api.answers = [() => failing(503, { 'retry-after': '1' })];
    await store.load();
    await vi.advanceTimersByTimeAsync(3600_000);
    expect([api.asked, store.countdown(), store.retries()]).toEqual([TRIES + 1, null, false]);
  });

  it('are forgotten when the session is over', async () => {
    await store.load();
    api.answers = [() => failing(401)];
    await store.load();
    expect([store.count(), session.reasons.length]).toEqual([0, 1]);
  });

  it('cannot be changed once the session is over', async () => {
    await store.load();
    api.remove = () => failing(401) as Promise<never>;
    await expect(store.remove(RENT)).rejects.toThrow();
    expect([store.count(), session.reasons.length]).toEqual([0, 1]);
  });

  it('are read again if one was changed while they were read: the list may be older than the change', async () => {
    await store.load();
    const old = [RENT];
    let answer: (accounts: Account[]) => void;
    api.answers = [() => new Promise((resolve) => (answer = resolve)), async () => [{ ...RENT, nickname: 'House' }]];
    const loading = store.load();
    await store.change(RENT, { nickname: 'House' });
    answer!(old);
    await loading;
    expect(store.groups()[0]?.children).toMatchObject([{ account: { nickname: 'House' } }]);
    expect(api.asked).toBe(3);
  });

  it('that have no path are not an account that is gone', async () => {
    api.answers = [() => failing(404)];
    await store.load();
    expect(store.problem()).toMatchObject({ kind: 'failed', what: 'The API has no accounts to list.' });
  });

  it('of whoever signed out meanwhile are not shown', async () => {
    const loading = store.load();
    store.forget();
    await loading;
    expect([store.state(), store.count()]).toEqual(['loading', 0]);
  });

  it('follow what was added, changed and deleted', async () => {
    await store.load();
    const { id: _, ...fields } = RENT;
    const made = await store.create({ ...fields, nickname: 'Villa' }, 'key');
    await store.create({ ...fields, nickname: 'Villa' }, 'key');
    expect([store.count(), store.news()]).toEqual([2, 'Villa was added.']);
    await store.change(made, { nickname: 'House' });
    expect(store.news()).toBe('House was saved.');
    await store.remove(RENT);
    expect(store.news()).toBe('Rent was deleted.');
    expect(store.groups()[0]?.children).toEqual([{ kind: 'account', key: 'account-2', account: { ...made, nickname: 'House' } }]);
  });

  it('offer the values of one that was deleted last, and to whoever deleted it only', async () => {
    await store.load();
    await store.remove(RENT);
    expect(store.deleted()).toEqual(RENT);
    await store.change({ ...RENT, id: 2 }, { nickname: 'House' });
    expect(store.deleted()).toBeNull();
    await store.remove(RENT);
    store.forget();
    expect([store.news(), store.deleted()]).toEqual(['', null]);
  });

  it('have long nicknames shortened in messages, which say what was done', async () => {
    await store.remove({ ...RENT, nickname: 'Rent 🏠 '.repeat(14) });
    expect(store.news()).toBe(`${'Rent 🏠 '.repeat(5)}Rent… was deleted.`);
  });
});

describe('an account that was changed', () => {
  let store: AccountsStore;
  let api: FakeApi;
  const many = Array.from({ length: 120 }, (_, at): Account => ({ ...RENT, id: at + 1, nickname: `N${at + 1}`, account_number: `A${at + 1}` }));

  beforeEach(async () => {
    api = new FakeApi();
    api.answers = [async () => many];
    TestBed.configureTestingModule({
      providers: [
        { provide: AccountsApi, useValue: api },
        { provide: Session, useValue: new FakeSession() },
      ],
    });
    store = TestBed.inject(AccountsStore);
    await store.load();
  });

  const shown = (id: number) => store.groups().some((group) => group.children.some((node) => node.key === `account-${id}`));

  it('is on show, however many stand before it, and whatever was searched for', async () => {
    expect(shown(120)).toBe(false);
    store.search('N1 A1');
    const changed = await store.change(many[119]!, { nickname: 'Z' });
    store.reveal(changed);
    expect([store.filter(), shown(120), store.news()]).toEqual(['', true, 'Z was saved.']);
  });

  it('keeps a search that finds it', () => {
    store.search('N120');
    store.reveal(many[119]!);
    expect([store.filter(), shown(120)]).toEqual(['N120', true]);
  });

  it('and is gone already counts as deleted', async () => {
    api.remove = () => failing(404) as Promise<never>;
    await store.remove(many[0]!);
    expect([store.count(), store.news()]).toEqual([119, 'N1 was deleted.']);
  });

  it('by somebody else is not deleted', async () => {
    api.remove = () => failing(412) as Promise<never>;
    await expect(store.remove(many[0]!, '"1"')).rejects.toThrow();
    expect(store.count()).toBe(120);
  });

  it('sorts by a column, and the other way round once more', () => {
    store.sort('balance');
    expect(store.order()).toEqual({ by: 'balance', descending: false });
    store.sort('balance');
    expect(store.order()).toEqual({ by: 'balance', descending: true });
    store.sort('nickname');
    expect(store.order()).toEqual({ by: 'nickname', descending: false });
  });
});

describe('the next page', () => {
  it.each([
    [undefined, undefined],
    ['</dev/accounts?limit=2&after=9>; rel="next"', { limit: '2', after: '9' }],
    ['<https://x/a?after=1>; rel="prev", <https://x/a?after=3>; rel=next', { after: '3' }],
    ['<https://x/a?after=1>; rel="prev"', undefined],
  ])('of %j', (link, query) => {
    expect(nextPage(link)).toEqual(query);
  });
});
