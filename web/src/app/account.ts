/** An account as the API shows it; balances have at most two decimals (numeric(15,2)). */
export interface Account {
  readonly id: number;
  readonly nickname: string;
  readonly balance: number;
  readonly type: AccountType;
  readonly account_number: string;
  /** ISO 4217; undefined if the API has no currencies. Balances of different currencies are never summed. */
  readonly currency?: string;
}

export type AccountType = 'domestic' | 'international';
export type NewAccount = Omit<Account, 'id'>;

/** How many characters of a nickname a message has room for. */
const SHORT_NAME = 40;
/** The first amount that numeric(15,2) cannot store; a double is exact to the cent below it. */
const BALANCE_LIMIT = 1e13;
/** A currency by ISO 4217: three capital letters. */
export const CURRENCY = /^[A-Z]{3}$/;

export const TYPES: readonly { type: AccountType; label: string }[] = [
  { type: 'domestic', label: 'Domestic' },
  { type: 'international', label: 'International' },
];

/** The API's response is not one that this page can read; `message` says what is wrong with it. */
export class UnreadableError extends Error {
  override readonly name = 'UnreadableError';
}

/**
 * The account in a response; a currency of null is left out. UnreadableError if it is not an account: drawing it would
 * fail later, and say less.
 */
export function parseAccount(value: unknown): Account {
  const { currency, ...fields } = (value ?? {}) as Record<keyof Account, unknown>;
  const { id, nickname, balance, type, account_number } = fields;
  const texts = typeof nickname === 'string' && typeof account_number === 'string';
  const numbers = Number.isSafeInteger(id) && typeof balance === 'number' && Math.abs(balance) < BALANCE_LIMIT;
  const hasCurrency = currency !== undefined && currency !== null;
  const currencyIsValid = !hasCurrency || (typeof currency === 'string' && CURRENCY.test(currency));
  if (!texts || !numbers || !currencyIsValid || !TYPES.some((option) => option.type === type)) {
    throw new UnreadableError(`This is not an account: ${JSON.stringify(value)?.slice(0, 200)}`);
  }
  return (hasCurrency ? value : fields) as Account;
}

/** The nickname for a message: one of a hundred characters would leave no room for what happened to the account. */
export function shortName({ nickname }: NewAccount): string {
  const characters = [...nickname];
  return characters.length > SHORT_NAME ? `${characters.slice(0, SHORT_NAME).join('').trimEnd()}…` : nickname;
}

/** The accounts in a response; UnreadableError if it is not a list of them. */
export function parseAccounts(value: unknown): Account[] {
  if (!Array.isArray(value)) throw new UnreadableError('The response is not a list of accounts.');
  return value.map(parseAccount);
}

/** How many accounts of a group are drawn at first, and by each "Show more": thousands of rows would keep a browser busy. */
export const PAGE_SIZE = 50;

/** The sum of the balances of one currency, in cents: sums of many doubles would lose some. */
export interface Total {
  readonly currency: string | undefined;
  readonly cents: bigint;
}

/** The node of a type of accounts. `count` and `totals` are of all accounts that the filter matches, shown or not. */
export interface Group {
  readonly kind: 'group';
  readonly key: string;
  readonly type: AccountType;
  readonly label: string;
  readonly count: number;
  readonly totals: readonly Total[];
  readonly children: readonly Node[];
}

export interface Leaf {
  readonly kind: 'account';
  readonly key: string;
  readonly account: Account;
}

/** The row "Show more": `left` accounts of the group are not shown yet. */
export interface More {
  readonly kind: 'more';
  readonly key: string;
  readonly type: AccountType;
  readonly left: number;
}

export type Node = Group | Leaf | More;

/** What the accounts are ordered by. */
export interface Order {
  readonly by: 'nickname' | 'account_number' | 'balance';
  readonly descending: boolean;
}

export const BY_NICKNAME: Order = { by: 'nickname', descending: false };

/**
 * The accounts in an order; balances within each currency, as amounts of two currencies cannot be compared. Separate
 * from `tree`, because with thousands of accounts comparing names is what takes time, and a filter does not change it.
 */
export function inOrder(accounts: readonly Account[], { by, descending }: Order = BY_NICKNAME): readonly Account[] {
  const sign = descending ? -1 : 1;
  const byBalance = (one: Account, other: Account) =>
    collator.compare(one.currency ?? '', other.currency ?? '') || sign * (one.balance - other.balance);
  const byText = (by: 'nickname' | 'account_number') => (one: Account, other: Account) => sign * collator.compare(one[by], other[by]);
  const compare = by === 'balance' ? byBalance : byText(by);
  return accounts.toSorted((one, other) => compare(one, other) || one.id - other.id);
}

/**
 * The tree: one group for each type, its accounts in their order, at most `limits` of them and what is left. A filter
 * leaves out the groups that it empties.
 */
export function tree(
  accounts: readonly Account[],
  filter = '',
  limits: Partial<Record<AccountType, number>> = {},
): readonly Group[] {
  const matches = accounts.filter(matching(filter));
  const groups = TYPES.map(({ type, label }) => group(type, label, matches, limits[type] ?? PAGE_SIZE));
  return filter ? groups.filter(({ count }) => count > 0) : groups;
}

function group(type: AccountType, label: string, matches: readonly Account[], limit: number): Group {
  const ofType = matches.filter((account) => account.type === type);
  const shown = ofType.slice(0, limit).map((account): Node => ({ kind: 'account', key: accountKey(account), account }));
  const left = ofType.length - shown.length;
  const children = left > 0 ? [...shown, { kind: 'more', key: `more-${type}`, type, left } as const] : shown;
  return { kind: 'group', key: groupKey(type), type, label, count: ofType.length, totals: totals(ofType), children };
}

/** The key of an account's node. */
export function accountKey({ id }: Account): string {
  return `account-${id}`;
}

/** The key of a group's node. */
export function groupKey(type: AccountType): string {
  return `group-${type}`;
}

/** Returns the test for a filter: every word of it is part of the account's nickname or number. */
export function matching(filter: string): (account: Account) => boolean {
  const words = filter.toLowerCase().split(/\s+/);
  return ({ nickname, account_number }) => {
    const text = `${nickname} ${account_number}`.toLowerCase();
    return words.every((word) => text.includes(word));
  };
}

/** The sums of balances, one for each currency; 0.00 without a currency if there are no accounts. */
export function totals(accounts: readonly Account[]): readonly Total[] {
  const sums = new Map<string | undefined, bigint>();
  for (const { currency, balance } of accounts) sums.set(currency, (sums.get(currency) ?? 0n) + cents(balance));
  if (sums.size === 0) sums.set(undefined, 0n);
  const inOneOrder = [...sums].sort(([one = ''], [other = '']) => (one < other ? -1 : 1));
  return inOneOrder.map(([currency, cents]) => ({ currency, cents }));
}

/** Tells whether the API can store a balance: it has at most two decimals, and fits into numeric(15,2). */
export function storable(balance: number): boolean {
  return Math.abs(balance) < BALANCE_LIMIT && Number(balance.toFixed(2)) === balance;
}

/** An account's balance as text, with its currency if it has one. */
export function balanceText(account: Account): string {
  return totalText({ currency: account.currency, cents: cents(account.balance) });
}

/** A sum as text, with its currency if it has one. */
export function totalText({ currency, cents }: Total): string {
  return currency ? `${amount(cents)} ${currency}` : amount(cents);
}

/** A balance in cents. Exact: a double holds the 15 digits of numeric(15,2), and `toFixed` prints them. */
export function cents(balance: number): bigint {
  return BigInt(balance.toFixed(2).replace('.', ''));
}

/** Cents as text, in the notation of the locale (the browser's by default). Formatted as text, so that no digit is lost. */
export function amount(value: bigint, locale?: string): string {
  const digits = (value < 0n ? -value : value).toString().padStart(3, '0');
  const text = `${value < 0n ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`;
  return formatOf(locale).format(text as Intl.StringNumericLiteral);
}

/** The format of amounts. Cached: every row uses it, and creating one takes longer than using it. */
function formatOf(locale: string | undefined): Intl.NumberFormat {
  let format = formats.get(locale);
  if (!format) {
    format = new Intl.NumberFormat(locale, { minimumFractionDigits: 2, maximumFractionDigits: 2 });
    formats.set(locale, format);
  }
  return format;
}

const formats = new Map<string | undefined, Intl.NumberFormat>();

/** "1 account", "2,500 accounts". */
export function countText(count: number): string {
  return `${count.toLocaleString()} ${count === 1 ? 'account' : 'accounts'}`;
}

const collator = new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' });
