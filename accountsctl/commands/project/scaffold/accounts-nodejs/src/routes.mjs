// Which request means what: resource and method to an action on the accounts.

import { answer, noSuchAccount, Refusal } from './answers.mjs';
import { caller, header, path, pathParameter } from './events.mjs';
import { listing, nextLink } from './listing.mjs';
import { entityTag, isKnown, versionsToMatch } from './tags.mjs';
import { account, accountId, changes, idempotencyKey } from './validation.mjs';

/** Do what the request asks; Refusal where it cannot be done. */
export const answerTo = async (event, accounts) => {
  const methods = ROUTES.get(String(event.resource ?? '').replace(/\/+$/, ''));
  if (!methods) throw new Refusal(404, 'There is nothing here.');
  const action = Object.hasOwn(methods, event.httpMethod) && methods[event.httpMethod];
  if (!action) {
    const headers = { Allow: Object.keys(methods).sort().join(',') };
    throw new Refusal(405, 'This method is not offered.', { headers });
  }
  return action(event, accounts);
};

const list = async (event, accounts) => {
  const wanted = listing(event);
  const page = await accounts.page(wanted);
  return answer(200, page.accounts, page.last ? { Link: nextLink(wanted, page.last) } : {});
};

const add = async (event, accounts) => {
  const wanted = account(event);
  const key = header(event, 'Idempotency-Key');
  const made = key === undefined
    ? await accounts.add(wanted)
    : await accounts.addOnce(wanted, caller(event), idempotencyKey(key));
  return answer(201, made.account, {
    Location: location(event, made.account.id),
    ETag: entityTag(made.version),
    ...(made.replayed ? { 'Idempotency-Replayed': 'true' } : {}),
  });
};

const get = async (event, accounts) => {
  const found = await accounts.get(idOf(event));
  if (isKnown(header(event, 'If-None-Match'), found.version)) {
    return answer(304, undefined, { ETag: entityTag(found.version) });
  }
  return shown(found);
};

const replace = async (event, accounts) => {
  const id = idOf(event);
  return shown(await accounts.change(id, account(event, id), wantedVersions(event)));
};

const patch = async (event, accounts) => {
  const id = idOf(event);
  return shown(await accounts.change(id, changes(event, id), wantedVersions(event)));
};

const remove = async (event, accounts) => {
  await accounts.remove(idOf(event), wantedVersions(event));
  return answer(204);
};

const options = async () => answer(204);

const shown = (found) => answer(200, found.account, { ETag: entityTag(found.version) });

const wantedVersions = (event) => versionsToMatch(header(event, 'If-Match'));

const idOf = (event) => {
  const found = accountId(pathParameter(event, 'id', 'proxy'));
  if (found === undefined) throw noSuchAccount();
  return found;
};

/** Where the new account is, relative to where the client posted: right behind any stage and any domain. */
const location = (event, id) => (path(event).endsWith('/') ? `${id}` : `accounts/${id}`);

const COLLECTION = { GET: list, POST: add, OPTIONS: options };
const ITEM = { GET: get, PUT: replace, PATCH: patch, DELETE: remove, OPTIONS: options };
const ROUTES = new Map([['/accounts', COLLECTION], ['/accounts/{id}', ITEM], ['/accounts/{proxy+}', ITEM]]);
