// Entity tags: the version of an account as HTTP says it.
// Source: RFC 9110, 8.8.3 (ETag), 13.1.1 (If-Match), 13.1.2 (If-None-Match)

import { fault, invalid } from './answers.mjs';

const TAG = '(?:W/)?"[^\\x00-\\x20\\x7f"]*"';
const LIST = new RegExp(`^[ \\t,]*${TAG}(?:[ \\t]*,[ \\t,]*${TAG})*[ \\t,]*$`);
const TAGS = new RegExp(TAG, 'g');
const VERSION = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** A version as an entity tag. */
export const entityTag = (version) => `"${version}"`;

/** The versions that If-Match allows; undefined where every one does. 400 where it is no list of entity tags. */
export const versionsToMatch = (header) => {
  if (header === undefined || header.trim() === '*') return undefined;
  if (!LIST.test(header)) throw invalid([fault('If-Match', 'must be * or a list of entity tags, each in double quotes')]);
  // A weak tag matches nothing here; neither does one that is no version.
  const strong = header.match(TAGS).filter((tag) => !tag.startsWith('W/'));
  return strong.map(opaque).filter((tag) => VERSION.test(tag));
};

/** Whether If-None-Match names this version. What is no list of entity tags names none. */
export const isKnown = (header, version) => {
  if (header === undefined) return false;
  return header.trim() === '*' || (LIST.test(header) && header.match(TAGS).map(opaque).includes(version));
};

const opaque = (tag) => tag.replace(/^W\//, '').slice(1, -1);
