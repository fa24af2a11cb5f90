import { Injectable } from '@angular/core';
import { del, get, patch, post, put } from 'aws-amplify/api';
import { fetchAuthSession } from 'aws-amplify/auth';

import { Account, NewAccount, UnreadableError, accountOf, accountsOf } from './account';
import { Backend } from './configuration';

const PATH = '/accounts';

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

interface Answer {
  readonly headers: Record<string, string>;
  readonly body: { json(): Promise<unknown> };
}

/** The accounts, through the REST API. Errors are Amplify's own, with the answer in them: see `problemOf`. */
@Injectable({ providedIn: 'root' })
export class AccountsApi {
  private backend!: Backend;

  use(backend: Backend): void {
    this.backend = backend;
  }

  /** Every account; an API that answers in pages names the next one by a Link header. */
  async list(): Promise<Account[]> {
    const found: Account[] = [];
    let query: Record<string, string> | undefined = {};
    while (query) {
      const answer: Answer = await get(await this.input(PATH, { queryParams: query })).response;
      found.push(...accountsOf(await read(answer)));
      query = nextPage(answer.headers['link']);
    }
    return found;
  }

  /** Make an account. `key` names this wish: sent again under the same key it makes no second account. */
  async create(account: NewAccount, key: string): Promise<Account> {
    const headers: Record<string, string> = this.backend.takes.idempotencyKey ? { 'Idempotency-Key': key } : {};
    return this.account(post(await this.input(PATH, { body: { ...account }, headers })).response);
  }

  /** An account as it is now, with its version; the account that is known where the API has no versions to compare. */
  async current(account: Account): Promise<Current> {
    if (!this.backend.takes.ifMatch) return { account };
    const answer: Answer = await get(await this.input(`${PATH}/${account.id}`, {})).response;
    return { account: accountOf(await read(answer)), etag: answer.headers['etag'] };
  }

  /** Change some fields of an account; with a version, only where it is of that one (else 412). */
  async change(account: Account, changes: Partial<NewAccount>, etag?: string): Promise<Account> {
    const path = `${PATH}/${account.id}`;
    const headers = condition(etag);
    if (this.backend.takes.patch) {
      return this.account(patch(await this.input(path, { body: { ...changes }, headers })).response);
    }
    const { id: _, ...whole } = { ...account, ...changes };
    return this.account(put(await this.input(path, { body: whole, headers })).response);
  }

  /** Delete an account; with a version, only where it is of that one (else 412). */
  async remove(account: Account, etag?: string): Promise<void> {
    await del(await this.input(`${PATH}/${account.id}`, { headers: condition(etag) })).response;
  }

  private async account(response: Promise<Answer>): Promise<Account> {
    return accountOf(await read(await response));
  }

  /** A request with the ID token, bare, as the API's authorizer reads it. We retry ourselves, and tell it. */
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

/** What an answer of JSON says. */
async function read(answer: Answer): Promise<unknown> {
  try {
    return await answer.body.json();
  } catch {
    throw new UnreadableError('The response is not valid JSON.');
  }
}

/** The query of the next page, out of a Link header (RFC 8288); undefined where there is none. */
export function nextPage(link: string | undefined): Record<string, string> | undefined {
  const target = /<([^>]*)>\s*;[^,]*\brel="?next"?/.exec(link ?? '')?.[1];
  return target === undefined ? undefined : Object.fromEntries(new URL(target, location.href).searchParams);
}
