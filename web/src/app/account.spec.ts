import { Account, Order, PAGE_SIZE, UnreadableError, parseAccounts, amount, cents, matching, balanceText, inOrder, totals, tree, storable, totalText } from './account';

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
    const ordered = inOrder([account(10), account(9), account(1, { nickname: 'account 2' })]);
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
    expect(inOrder(all, order).map(({ id }) => id)).toEqual(ids);
  });

  it('is ordered by balance within each currency: two of them cannot be compared', () => {
    const all = [account(1, { balance: 9, currency: 'NOK' }), account(2, { balance: 1, currency: 'NOK' }), account(3, { balance: 5, currency: 'EUR' })];
    expect(inOrder(all, { by: 'balance', descending: false }).map(({ id }) => id)).toEqual([3, 2, 1]);
    expect(inOrder(all, { by: 'balance', descending: true }).map(({ id }) => id)).toEqual([3, 1, 2]);
  });

  it('has no group that a filter empties', () => {
    const all = [account(1), account(2, { type: 'international' })];
    expect(tree(all, 'n2').map(({ label }) => label)).toEqual(['International']);
    expect(tree(all, 'nothing')).toEqual([]);
  });

  it('shows one page of a group and says how many are left', () => {
    const many = Array.from({ length: PAGE_SIZE + 7 }, (_, id) => account(id + 1));
    const [domestic] = tree(many);
    expect(domestic?.children.length).toBe(PAGE_SIZE + 1);
    expect(domestic?.children.at(-1)).toEqual({ kind: 'more', key: 'more-domestic', type: 'domestic', left: 7 });
    expect(tree(many, '', { domestic: 2 * PAGE_SIZE })[0]?.children.length).toBe(PAGE_SIZE + 7);
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
    expect(parseAccounts(all)).toEqual(all);
  });

  it('without a currency is one like with a currency of null', () => {
    const [parsed] = parseAccounts([{ ...account(1), currency: null }]);
    expect(parsed).toEqual(account(1));
    expect(totals([parsed!, account(2)])).toEqual([{ currency: undefined, cents: 200n }]);
  });

  it.each([
    null,
    {},
    account(1, { currency: 'eur' }),
    account(1, { currency: 978 as never }),
    account(1, { balance: '1.00' as never }),
    account(1, { balance: null as never }),
    account(1, { balance: 1e22 }),
    account(1, { type: 'savings' as never }),
    account(1, { nickname: undefined as never }),
  ])('with %j among them is refused before it is drawn', (value) => {
    expect(() => parseAccounts([account(2), value])).toThrow(UnreadableError);
  });

  it('that is not a list is refused', () => {
    expect(() => parseAccounts({ message: 'no list' })).toThrow(UnreadableError);
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
    expect(totals(all).map((total) => totalText(total))).toEqual(['2.00 EUR', '1.00 NOK']);
    expect(totals(all.toReversed().slice(1)).map((total) => totalText(total))).toEqual(['1.00 EUR', '1.00 NOK']);
    expect(totals([])).toEqual([{ currency: undefined, cents: 0n }]);
    expect([balanceText(all[0]!), balanceText(account(1))]).toEqual(['1.00 EUR', '1.00']);
  });

  it.each([
    [1.005, false],
    [0.1 + 0.2, false],
    [0.3, true],
    [-9999999999999.99, true],
    [1e13, false],
  ])('%d is one that the API keeps: %j', (balance, taken) => {
    expect(storable(balance)).toBe(taken);
  });

  it.each([
    [0, '0.00'],
    [0.01, '0.01'],
    [-0.5, '-0.50'],
    [1234.5, '1,234.50'],
    [-9999999999999.99, '-9,999,999,999,999.99'],
  ])('%d is totalText digit by digit', (balance, text) => {
    expect(amount(cents(balance), 'en')).toBe(text);
  });
});
