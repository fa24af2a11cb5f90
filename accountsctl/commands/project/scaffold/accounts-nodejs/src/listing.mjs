// The query of GET /accounts, checked, and the link to the page after this one.

import { invalid } from './answers.mjs';
import { query } from './events.mjs';
import { accountType, collect, printable, Wrong } from './validation.mjs';

export const LONGEST_PAGE = 1000;
const ORDERS = ['id', 'nickname', 'balance', 'account_number'].flatMap((column) => [column, `-${column}`]);
const LIMIT = /^[1-9][0-9]{0,3}$/;
const ID = '[1-9][0-9]{0,17}';
/** Where a page ended: its order, its last id, and before that its value in the column, whatever that may hold. */
const AFTER = new RegExp(
  `^-?(?:id:${ID}|balance:${ID}:-?[0-9]{1,13}\\.[0-9]{2}`
    + `|(?:nickname|account_number):${ID}:[^\\u0000]{0,100})$`,
  'u',
);

/**
 * What a client wants to see: `{type?, column, descending, limit, after?: {id, value?}, given}`.
 *
 * `given` are the parameters as they came. 400 with every fault.
 */
export const listing = (event) => {
  const faults = [];
  const given = Object.entries(query(event)).map(([name, values]) => [printable(name), values]);
  const values = collect(given, one, faults);
  if (faults.length) throw invalid(faults);
  const [order, id, ...value] = (values.after ?? values.order ?? 'id').split(':');
  return {
    type: values.type,
    column: order.replace('-', ''),
    descending: order.startsWith('-'),
    limit: Number(values.limit ?? LONGEST_PAGE),
    after: id && { id, value: value.length ? value.join(':') : undefined },
    given: values,
  };
};

/** The header that leads to what comes after `row`, the last of its page: relative, so right behind any host. */
export const nextLink = ({ column, descending, given }, row) => {
  const place = column === 'id' ? `id:${row.id}` : `${column}:${row.id}:${row[column]}`;
  const after = `${descending ? '-' : ''}${place}`;
  const names = ['type', 'order', 'limit'].filter((name) => name in given);
  const pairs = [...names.map((name) => [name, given[name]]), ['after', after]];
  const text = pairs.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join('&');
  return `<?${text}>; rel="next"`;
};

/** The one value of a parameter, checked. */
const one = (name, values) => {
  if (!Object.hasOwn(PARAMETERS, name)) throw new Wrong('is not a parameter of this request');
  if (values.length !== 1) throw new Wrong('is given twice');
  return PARAMETERS[name](values[0]);
};

const among = (problem, test) => (value) => {
  if (!test(value)) throw new Wrong(problem);
  return value;
};

const PARAMETERS = {
  type: accountType,
  order: among(`must be one of: ${ORDERS.join(', ')}`, (value) => ORDERS.includes(value)),
  limit: among(
    `must be a whole number from 1 to ${LONGEST_PAGE}`,
    (value) => LIMIT.test(value) && Number(value) <= LONGEST_PAGE,
  ),
  after: among('must be what the Link of a page says', (value) => AFTER.test(value)),
};
