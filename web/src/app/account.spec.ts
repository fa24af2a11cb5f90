import { Account, Order, PAGE, UnreadableError, accountsOf, amount, cents, matching, money, sorted, totals, tree, whole, written } from './account';

const account = (id: number, more: Partial<Account> = {}): Account => ({
  id,
  nickname: `Account ${id}`,
  balance: 1,
  type: 'domestic',
  account_number: `N${id}`,
  ...more,
});

describe('the tree', () => {
  it('has a group for each type, also for one without accounts', () => {
    const groups = tree([account(1)]);
    expect(groups.map(({ label, count }) => [label, count])).toEqual([
      ['Domestic', 1],
      ['International', 0],
    ]);
  });

  it('orders accounts by nickname, numbers by their value', () => {
    const ordered = sorted([account(10), account(9), account(1, { nickname: 'account 2' })]);
    expect(ordered.map(({ id }) => id)).toEqual([1, 9, 10]);
  });

  it.each([
    [{ by: 'nickname', descending: true }, [3, 2, 1]],
    [{ by: 'balance', descending: false }, [2, 1, 3]],
    [{ by: 'balance', descending: true }, [3, 1, 2]],
    [{ by: 'account_number', descending: false }, [3, 1, 2]],
  ] as [Order, number[]][])('is ordered by %j', (order, ids) => {
    const all = [
      account(1, { balance: 5, account_number: 'B' }),
      account(2, { balance: -7, account_number: 'C' }),
      account(3, { balance: 30, account_number: 'A' }),
    ];
    expect(sorted(all, order).map(({ id }) => id)).toEqual(ids);
  });

  it('has no group that a filter empties', () => {
    const all = [account(1), account(2, { type: 'international' })];
    expect(tree(all, 'n2').map(({ label }) => label)).toEqual(['International']);
    expect(tree(all, 'nothing')).toEqual([]);
  });

  it('shows one page of a group and says how many are left', () => {
    const many = Array.from({ length: PAGE + 7 }, (_, id) => account(id + 1));
    const [domestic] = tree(many);
    expect(domestic?.children.length).toBe(PAGE + 1);
    expect(domestic?.children.at(-1)).toEqual({ kind: 'more', key: 'more-domestic', type: 'domestic', left: 7 });
    expect(tree(many, '', { domestic: 2 * PAGE })[0]?.children.length).toBe(PAGE + 7);
  });

  it('counts and sums what is not shown, too', () => {
    const [domestic] = tree(Array.from({ length: 1000 }, (_, id) => account(id + 1, { balance: 0.1 })));
    expect([domestic?.count, domestic?.totals]).toEqual([1000, [{ currency: undefined, cents: 10000n }]]);
  });
});

describe('the filter', () => {
  it.each([
    ['', true],
    ['rent', true],
    ['RENT de89', true],
    ['de89 rent', true],
    ['rent fr', false],
  ])('%j', (filter, found) => {
    expect(matching(filter)(account(1, { nickname: 'Rent', account_number: 'DE89 1' }))).toBe(found);
  });
});

describe('an answer', () => {
  it('of accounts is taken as it is', () => {
    const all = [account(1), account(2, { type: 'international', balance: -9999999999999.99 })];
    expect(accountsOf(all)).toEqual(all);
  });

  it.each([
    null,
    {},
    account(1, { balance: '1.00' as never }),
    account(1, { balance: null as never }),
    account(1, { balance: 1e22 }),
    account(1, { type: 'savings' as never }),
    account(1, { nickname: undefined as never }),
  ])('with %j among them is refused before it is drawn', (value) => {
    expect(() => accountsOf([account(2), value])).toThrow(UnreadableError);
  });

  it('that is not a list is refused', () => {
    expect(() => accountsOf({ message: 'no list' })).toThrow(UnreadableError);
  });
});

describe('amounts', () => {
  it('are summed without a lost cent', () => {
    const sum = (...accounts: Account[]) => totals(accounts).map((total) => total.cents);
    expect(sum(account(1, { balance: 0.1 }), account(2, { balance: 0.2 }))).toEqual([30n]);
    expect(sum(account(1, { balance: 9999999999999.99 }), account(2, { balance: 0.01 }))).toEqual([1000000000000000n]);
  });

  it('of different currencies are never summed', () => {
    const all = [account(1, { currency: 'EUR' }), account(2, { currency: 'NOK' }), account(3, { currency: 'EUR' })];
    expect(totals(all).map((total) => written(total))).toEqual(['2.00 EUR', '1.00 NOK']);
    expect(totals([])).toEqual([{ currency: undefined, cents: 0n }]);
    expect([money(all[0]!), money(account(1))]).toEqual(['1.00 EUR', '1.00']);
  });

  it.each([
    [1.005, false],
    [0.1 + 0.2, false],
    [0.3, true],
    [-9999999999999.99, true],
    [1e13, false],
  ])('%d is one that the API keeps: %j', (balance, taken) => {
    expect(whole(balance)).toBe(taken);
  });

  it.each([
    [0, '0.00'],
    [0.01, '0.01'],
    [-0.5, '-0.50'],
    [1234.5, '1,234.50'],
    [-9999999999999.99, '-9,999,999,999,999.99'],
  ])('%d is written digit by digit', (balance, text) => {
    expect(amount(cents(balance), 'en')).toBe(text);
  });
});
