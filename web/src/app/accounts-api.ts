import { Injectable } from '@angular/core';
import { del, get, patch, post, put } from 'aws-amplify/api';
import { fetchAuthSession } from 'aws-amplify/auth';

import { Account, NewAccount, UnreadableError, parseAccount, parseAccounts } from './account';
import { Backend, backend } from './configuration';

const PATH = '/accounts';

/** There is no ID token, and none could be had. It has the name of Amplify's error for that: see `problemOf`. */
class SessionOver extends Error {
  override readonly name = 'UserUnAuthenticatedException';
}

interface Options {
  readonly headers?: Record<string, string>;
  readonly queryParams?: Record<string, string>;
  readonly body?: Record<string, string | number>;
}

/** An account, and its ETag. */
export interface Current {
  readonly account: Account;
  readonly etag?: string | undefined;
}

interface Response {
  readonly headers: Record<string, string>;
  readonly body: { json(): Promise<unknown> };
}

/** The accounts, through the REST API. Errors are Amplify's own, with the response in them: see `problemOf`. */
@Injectable({ providedIn: 'root' })
export class AccountsApi {
  /** Every account, of all pages; UnreadableError if the pages go in a circle. */
  async list(): Promise<Account[]> {
    const accounts: Account[] = [];
    const read = new Set<string>();
    let query: Record<string, string> | undefined = {};
    while (query) {
      if (read.has(JSON.stringify(query))) throw new UnreadableError('A page of accounts names one that was read before as the next.');
      read.add(JSON.stringify(query));
      const response: Response = await get(await this.input(PATH, { queryParams: query })).response;
      for (const account of parseAccounts(await json(response))) accounts.push(account);
      query = nextPage(response.headers['link']);
    }
    return accounts;
  }

  /** Add an account. A repeated request under the same `key` adds no second one, if the API supports that. */
  async create(account: NewAccount, key: string): Promise<Account> {
    const headers: Record<string, string> = this.backend.takes.idempotencyKey ? { 'Idempotency-Key': key } : {};
    return this.account(post(await this.input(PATH, { body: { ...account }, headers })).response);
  }

  /** An account as it is stored now, with its version; the same `account` again if the API does not compare versions. */
  async current(account: Account): Promise<Current> {
    if (!this.backend.takes.ifMatch) return { account };
    const response: Response = await get(await this.input(`${PATH}/${account.id}`, {})).response;
    return { account: parseAccount(await json(response)), etag: response.headers['etag'] };
  }

  /** Change some fields of an account. With an `etag` only if it has that version; or else the API answers 412. */
  async change(account: Account, changes: Partial<NewAccount>, etag?: string): Promise<Account> {
    const path = `${PATH}/${account.id}`;
    const headers = condition(etag);
    if (this.backend.takes.patch) {
      return this.account(patch(await this.input(path, { body: { ...changes }, headers })).response);
    }
    const { id: _, ...fields } = { ...account, ...changes };
    return this.account(put(await this.input(path, { body: fields, headers })).response);
  }

  /** Delete an account. `etag`: see `change`. */
  async remove(account: Account, etag?: string): Promise<void> {
    await del(await this.input(`${PATH}/${account.id}`, { headers: condition(etag) })).response;
  }

  private get backend(): Backend {
    return backend()!;
  }

  private async account(response: Promise<Response>): Promise<Account> {
    return parseAccount(await json(await response));
  }

  /**
   * A request with the ID token, without "Bearer", as a Cognito authorizer reads it. Amplify does not retry: the page
   * does, and says so.
   */
  private async input(path: string, options: Options) {
    const token = (await fetchAuthSession()).tokens?.idToken?.toString();
    if (!token) {
      throw new SessionOver('It could not be renewed.');
    }
    const headers = { ...options.headers, Authorization: token };
    const retryStrategy = { strategy: 'no-retry' } as const;
    return { apiName: this.backend.apiName, path, options: { ...options, headers, retryStrategy } };
  }
}

/** `If-Match` (RFC 9110, 13.1.1). */
function condition(etag: string | undefined): Record<string, string> {
  return etag ? { 'If-Match': etag } : {};
}

/** The JSON of a response; UnreadableError if it is not valid. */
async function json(response: Response): Promise<unknown> {
  try {
    return await response.body.json();
  } catch {
    throw new UnreadableError('The response is not valid JSON.');
  }
}

/** The query of the next page, by a Link header (RFC 8288); undefined if there is no next page. */
export function nextPage(link: string | undefined): Record<string, string> | undefined {
  const target = /<([^>]*)>\s*;[^,]*\brel="?next"?/.exec(link ?? '')?.[1];
  return target === undefined ? undefined : Object.fromEntries(new URL(target, location.href).searchParams);
}
