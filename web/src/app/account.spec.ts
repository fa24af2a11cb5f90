import { Account, PAGE, UnreadableError, accountsOf, amount, cents, matching, sorted, total, tree } from './account';

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

  it('shows one page of a group and says how many are left', () => {
    const many = Array.from({ length: PAGE + 7 }, (_, id) => account(id + 1));
    const [domestic] = tree(many);
    expect(domestic?.children.length).toBe(PAGE + 1);
    expect(domestic?.children.at(-1)).toEqual({ kind: 'more', key: 'more-domestic', type: 'domestic', left: 7 });
    expect(tree(many, '', { domestic: 2 * PAGE })[0]?.children.length).toBe(PAGE + 7);
  });

  it('counts and sums what is not shown, too', () => {
    const [domestic] = tree(Array.from({ length: 1000 }, (_, id) => account(id + 1, { balance: 0.1 })));
    expect([domestic?.count, domestic?.cents]).toEqual([1000, 10000n]);
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
    expect(total([account(1, { balance: 0.1 }), account(2, { balance: 0.2 })])).toBe(30n);
    expect(total([account(1, { balance: 9999999999999.99 }), account(2, { balance: 0.01 })])).toBe(1000000000000000n);
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
