// What a client sent, as an account, as changes of one, or as a list of everything that is wrong with it.

import { isUtf8 } from 'node:buffer';

import { fault, invalid, Refusal } from './answers.mjs';
import { namesGivenTwice } from './json.mjs';

export const TYPES = ['domestic', 'international'];
const LONGEST_BODY = 10_000;
const LONGEST_NICKNAME = 100;
const LONGEST_ACCOUNT_NUMBER = 34;
/** A balance is a numeric(15,2): thirteen digits before the point, two after it. */
const LIMIT = 1e13;
/** What a double keeps of a decimal number, whatever it is. */
const SIGNIFICANT_DIGITS = 15;

// White space as the API's other implementation has it: String.prototype.trim knows others.
const SPACE = '[\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]';
const AROUND = new RegExp(`^${SPACE}+|${SPACE}+$`, 'g');
/** Control characters, and halves of surrogate pairs. */
const BAD = /[\p{Cc}\p{Cs}]/u;
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;
const KEY = /^[\x21-\x7e](?:[\x20-\x7e]{0,253}[\x21-\x7e])?$/;

/** One value's problem, on its way to the list of all. */
export class Wrong extends Error {}

const wrong = (problem) => {
  throw new Wrong(problem);
};

/** The id in a path; undefined where it can be no account's, or JavaScript has no such number. */
export const accountId = (text) => {
  const number = /^[0-9]{1,19}$/.test(text ?? '') ? Number(text) : 0;
  return number > 0 && Number.isSafeInteger(number) ? number : undefined;
};

/**
 * The account in a request's body, the balance as text; 400 with every fault.
 *
 * `ownId` is the id in the path: a client may send back the id that it was given, but no other.
 */
export const account = (event, ownId) => checked(event, ownId, Object.keys(FIELDS));

/** The fields of an account that a merge patch (RFC 7396) changes, perhaps none; 400 with every fault. */
export const changes = (event, ownId) => checked(event, ownId, []);

/** An Idempotency-Key; 400 where it cannot be one. */
export const idempotencyKey = (header) => {
  if (KEY.test(header)) return header;
  const problem = 'must be 1 to 255 printable ASCII characters, without spaces around them';
  throw invalid([fault('Idempotency-Key', problem)]);
};

/** The values of `given` after their checks, by field. `check` throws Wrong, which becomes a fault. */
export const collect = (given, check, faults) => {
  const values = {};
  for (const [field, value] of given) {
    try {
      values[field] = check(field, value);
    } catch (error) {
      if (!(error instanceof Wrong)) throw error;
      faults.push(fault(field, error.message));
    }
  }
  return values;
};

/** A name that a client made up, fit to be sent back. */
export const printable = (name) =>
  [...name].slice(0, 100).map((each) => (each.codePointAt(0) < 0x80 ? each : escaped(each.codePointAt(0)))).join('');

const escaped = (code) => {
  if (code < 0x100) return `\\x${code.toString(16).padStart(2, '0')}`;
  return code < 0x10000 ? `\\u${code.toString(16).padStart(4, '0')}` : `\\U${code.toString(16).padStart(8, '0')}`;
};

const checked = (event, ownId, required) => {
  const [sent, faults] = object(textOf(event));
  const fields = Object.keys(FIELDS).filter((field) => Object.hasOwn(sent, field) || required.includes(field));
  const check = (field) => {
    if (!Object.hasOwn(sent, field)) wrong('is missing');
    if (sent[field] === null && !required.length) wrong('cannot be removed');
    return FIELDS[field](sent[field]);
  };
  const values = collect(fields.map((field) => [field]), check, faults);
  faults.push(...strangers(sent, ownId));
  if (faults.length) throw invalid(faults);
  return values;
};

const strangers = (sent, ownId) => Object.entries(sent).flatMap(([field, value]) => {
  if (field === 'id') return value === ownId ? [] : [fault(field, 'cannot be set: the server gives it')];
  return Object.hasOwn(FIELDS, field) ? [] : [fault(printable(field), 'is not a field of an account')];
});

/** The body's text, which may come in base64; 413 where it is too long. */
const textOf = ({ body, isBase64Encoded }) => {
  const text = body ?? '';
  const readable = isBase64Encoded ? BASE64.test(text) : text.isWellFormed();
  const bytes = Buffer.from(text, isBase64Encoded ? 'base64' : 'utf8');
  if (readable && bytes.length > LONGEST_BODY) throw new Refusal(413, 'The body is too large.');
  if (!readable || !isUtf8(bytes)) throw invalid([fault('', 'The body is not UTF-8 text.')]);
  return bytes.toString();
};

/** The JSON object in `text`, and a fault for every name that it gives twice. */
const object = (text) => {
  let sent;
  try {
    sent = JSON.parse(text);
  } catch {
    throw invalid([fault('', 'The body is not JSON.')]);
  }
  if (typeof sent !== 'object' || sent === null || Array.isArray(sent)) {
    throw invalid([fault('', 'The body is not a JSON object.')]);
  }
  return [sent, [...namesGivenTwice(text)].map((name) => fault(printable(name), 'is given twice'))];
};

const line = (value, longest) => {
  if (typeof value !== 'string') wrong('must be a string');
  const text = value.replace(AROUND, '');
  if (!text) wrong('must not be empty');
  if ([...text].length > longest) wrong(`must have at most ${longest} characters`);
  if (BAD.test(text)) wrong('must not contain control characters');
  return text;
};

/** The exact decimal number as text, such as "12.50". */
const balance = (value) => {
  if (typeof value !== 'number') wrong('must be a number');
  const kept = Number(value.toPrecision(SIGNIFICANT_DIGITS));
  if (Math.abs(kept) >= LIMIT) wrong('must be less than 10,000,000,000,000 either way');
  const text = kept.toFixed(2);
  if (Number(text) !== kept) wrong('must have at most two decimals');
  return text;
};

/** One of the types of accounts. */
export const accountType = (value) =>
  (TYPES.includes(value) ? value : wrong(`must be one of: ${TYPES.join(', ')}`));

const FIELDS = {
  nickname: (value) => line(value, LONGEST_NICKNAME),
  balance,
  type: accountType,
  account_number: (value) => line(value, LONGEST_ACCOUNT_NUMBER),
};
