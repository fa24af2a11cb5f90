import { inject, signal } from '@angular/core';

import { Account } from './account';
import { AccountsApi } from './accounts-api';

/**
 * An account as it is stored now, with the version that a change of it is based on. The list may be an hour old, and
 * somebody else may have changed the account since: a change that names its version is refused then (412).
 */
export class Latest {
  readonly account;
  etag: string | undefined;
  /** Settled once the account was read, or could not be: sending a change tells why. */
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
