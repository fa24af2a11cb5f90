import { inject, signal } from '@angular/core';

import { Account } from './account';
import { AccountsApi } from './accounts-api';

/**
 * An account as it is stored now, with the version on which a change is based. The list may be an hour old, and somebody
 * else may have changed the account since then: a change that names its version is then refused (412).
 */
export class Latest {
  readonly account;
  etag: string | undefined;
  /** Resolves when the account was read. Also when that failed: the change that follows fails too, and shows why. */
  readonly ready: Promise<unknown>;
  private readonly api = inject(AccountsApi);

  constructor(shown: Account) {
    this.account = signal(shown);
    this.ready = this.refresh().catch(() => undefined);
  }

  async refresh(): Promise<void> {
    const { account, etag } = await this.api.current(this.account());
    this.account.set(account);
    this.etag = etag;
  }
}
