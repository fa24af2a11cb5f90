/** An account as the API shows it; balances have at most two decimals (numeric(15,2)). */
export interface Account {
  readonly id: number;
  readonly nickname: string;
  readonly balance: number;
  readonly type: AccountType;
  readonly account_number: string;
  /** ISO 4217, from an API that has it. Balances of different currencies are never summed. */
  readonly currency?: string;
}

export type AccountType = 'domestic' | 'international';
export type NewAccount = Omit<Account, 'id'>;

/** Beyond numeric(15,2), and beyond what a double keeps to the cent. */
const BALANCES_END = 1e13;

export const TYPES: readonly { type: AccountType; label: string }[] = [
  { type: 'domestic', label: 'Domestic' },
  { type: 'international', label: 'International' },
];

/** The API's answer is none that this page can read; `message` says what is odd about it. */
export class UnreadableError extends Error {
  override readonly name = 'UnreadableError';
}

/** An answer's account; UnreadableError where it is none. Drawing would fail at a later, darker place. */
export function accountOf(value: unknown): Account {
  const { id, nickname, balance, type, account_number, currency } = (value ?? {}) as Record<keyof Account, unknown>;
  const texts = typeof nickname === 'string' && typeof account_number === 'string';
  const numbers = Number.isSafeInteger(id) && typeof balance === 'number' && Math.abs(balance) < BALANCES_END;
  const known = currency === undefined || (typeof currency === 'string' && /^[A-Z]{3}$/.test(currency));
  if (!texts || !numbers || !known || !TYPES.some((each) => each.type === type)) {
    throw new UnreadableError(`This is not an account: ${JSON.stringify(value)?.slice(0, 200)}`);
  }
  return value as Account;
}

/** An answer's accounts. */
export function accountsOf(value: unknown): Account[] {
  if (!Array.isArray(value)) throw new UnreadableError('The response is not a list of accounts.');
  return value.map(accountOf);
}

/** How many accounts of a group are shown before somebody asks for more: a page is drawn in a moment. */
export const PAGE = 50;

/** The sum of the balances of one currency, in cents: sums of many doubles would lose some. */
export interface Total {
  readonly currency: string | undefined;
  readonly cents: bigint;
}

/** A type of accounts: its node in the tree, with all accounts that the filter lets through. */
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

/** What stands in for the accounts that are not shown yet. */
export interface More {
  readonly kind: 'more';
  readonly key: string;
  readonly type: AccountType;
  readonly left: number;
}

export type Node = Group | Leaf | More;

/** What accounts can be ordered by. */
export interface Order {
  readonly by: 'nickname' | 'account_number' | 'balance';
  readonly descending: boolean;
}

export const BY_NICKNAME: Order = { by: 'nickname', descending: false };

/** The accounts in an order. Comparing names is what takes time with thousands of them, so it is done apart. */
export function sorted(accounts: readonly Account[], { by, descending }: Order = BY_NICKNAME): readonly Account[] {
  const sign = descending ? -1 : 1;
  return accounts.toSorted((one, other) => sign * (by === 'balance' ? one.balance - other.balance : collator.compare(one[by], other[by])) || one.id - other.id);
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
  const found = accounts.filter(matching(filter));
  const groups = TYPES.map(({ type, label }) => group(type, label, found, limits[type] ?? PAGE));
  return filter ? groups.filter(({ count }) => count > 0) : groups;
}

function group(type: AccountType, label: string, found: readonly Account[], limit: number): Group {
  const own = found.filter((account) => account.type === type);
  const shown = own.slice(0, limit).map((account): Node => ({ kind: 'account', key: `account-${account.id}`, account }));
  const left = own.length - shown.length;
  const children = left > 0 ? [...shown, { kind: 'more', key: `more-${type}`, type, left } as const] : shown;
  return { kind: 'group', key: `group-${type}`, type, label, count: own.length, totals: totals(own), children };
}

/** Tells whether every word of a filter stands in an account's nickname or number. */
export function matching(filter: string): (account: Account) => boolean {
  const words = filter.toLowerCase().split(/\s+/);
  return ({ nickname, account_number }) => {
    const text = `${nickname} ${account_number}`.toLowerCase();
    return words.every((word) => text.includes(word));
  };
}

/** The sums of balances, by currency; one of nothing where there are no accounts. */
export function totals(accounts: readonly Account[]): readonly Total[] {
  const sums = new Map<string | undefined, bigint>();
  for (const { currency, balance } of accounts) sums.set(currency, (sums.get(currency) ?? 0n) + cents(balance));
  if (sums.size === 0) sums.set(undefined, 0n);
  return [...sums].map(([currency, sum]) => ({ currency, cents: sum }));
}

/** Whether a balance has at most two decimals, and is one that the API can keep. */
export function whole(balance: number): boolean {
  return Math.abs(balance) < BALANCES_END && Number(balance.toFixed(2)) === balance;
}

/** An account's balance with its currency, where it has one. */
export function money(account: Account): string {
  return written({ currency: account.currency, cents: cents(account.balance) });
}

/** A sum with its currency, where it has one. */
export function written({ currency, cents: sum }: Total): string {
  return currency ? `${amount(sum)} ${currency}` : amount(sum);
}

/** A balance in cents. Exact: a double keeps the 15 digits of numeric(15,2), and `toFixed` writes those. */
export function cents(balance: number): bigint {
  return BigInt(balance.toFixed(2).replace('.', ''));
}

/** Cents as an amount in the reader's own notation, digit by digit. */
export function amount(value: bigint, locale?: string): string {
  const digits = (value < 0n ? -value : value).toString().padStart(3, '0');
  const text = `${value < 0n ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`;
  return formatOf(locale).format(text as Intl.StringNumericLiteral);
}

/** A locale's way to write amounts. Made once: every drawn row asks for it, and to make one takes longer than to use it. */
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
export function counted(count: number): string {
  return `${count.toLocaleString()} ${count === 1 ? 'account' : 'accounts'}`;
}

const collator = new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' });
