import { Injectable, computed, inject, signal } from '@angular/core';

import { Account, AccountType, BY_NICKNAME, NewAccount, Order, PAGE, matching, sorted, tree } from './account';
import { AccountsApi } from './accounts-api';
import { Problem, problemOf } from './problem';
import { Session } from './session';

/** A first answer that takes longer than this is explained. */
export const SLOW = 3000;

type State = 'loading' | 'ready' | 'problem';

/** How often a sleeping database is asked before the page leaves it to its reader. */
export const TRIES = 20;

/** The accounts on the page: what was loaded, what went wrong, and what is on show. */
@Injectable({ providedIn: 'root' })
export class AccountsStore {
  private readonly api = inject(AccountsApi);
  private readonly session = inject(Session);
  private readonly accounts = signal<readonly Account[]>([]);
  private readonly limits = signal<Partial<Record<AccountType, number>>>({});
  private timer: ReturnType<typeof setInterval> | undefined;
  private slowly: ReturnType<typeof setTimeout> | undefined;
  private loads = 0;

  readonly state = signal<State>('loading');
  readonly problem = signal<Problem | null>(null);
  /** Seconds until the page asks again by itself; null where it does not. */
  readonly countdown = signal<number | null>(null);
  readonly tries = signal(0);
  /** True while the page asks again by itself. */
  readonly persists = signal(false);
  /** True for a load that has no answer yet, and should have one. */
  readonly slow = signal(false);
  /** True once accounts were loaded: they stay on show while they are reloaded, and when that fails. */
  readonly loaded = signal(false);
  /** What was changed last, for its reader: the row may have moved out of sight. */
  readonly news = signal('');
  readonly filter = signal('');
  readonly count = computed(() => this.accounts().length);
  readonly order = signal<Order>(BY_NICKNAME);
  /** The currency of all accounts; empty where they have none, null where they have several. */
  readonly currency = computed(() => {
    const found = new Set(this.accounts().map(({ currency }) => currency ?? ''));
    return found.size > 1 ? null : ([...found][0] ?? '');
  });
  private readonly ordered = computed(() => sorted(this.accounts(), this.order()));
  readonly groups = computed(() => tree(this.ordered(), this.filter(), this.limits()));
  readonly found = computed(() => this.groups().reduce((sum, group) => sum + group.count, 0));

  /** Reload all accounts; while the database wakes, again and again. */
  async load(): Promise<void> {
    this.stopWaiting();
    this.tries.set(0);
    this.problem.set(null);
    this.news.set('');
    await this.attempt();
  }

  /** Ask again now, without waiting for the countdown; the problem stays on show until it is solved. */
  async attempt(): Promise<void> {
    this.stopWaiting();
    const load = ++this.loads;
    this.state.set('loading');
    this.slowly = setTimeout(() => this.slow.set(true), SLOW);
    try {
      const accounts = await this.api.list();
      if (load === this.loads) this.show(accounts);
    } catch (error) {
      if (load === this.loads) await this.failed(problemOf(error));
    }
  }

  async create(account: NewAccount, key: string): Promise<Account> {
    const made = await this.guarded(this.api.create(account, key));
    this.accounts.update((all) => [...all.filter(({ id }) => id !== made.id), made]);
    this.news.set(`${made.nickname} was added.`);
    return made;
  }

  /** Change an account. `etag`: only where it is of that version. */
  async change(account: Account, changes: Partial<NewAccount>, etag?: string): Promise<Account> {
    const changed = await this.guarded(this.api.change(account, changes, etag));
    this.accounts.update((all) => all.map((each) => (each.id === changed.id ? changed : each)));
    this.news.set(`${changed.nickname} was saved.`);
    return changed;
  }

  /** Delete an account; one that is gone already is what was wished for. */
  async remove(account: Account, etag?: string): Promise<void> {
    try {
      await this.guarded(this.api.remove(account, etag));
    } catch (error) {
      if (problemOf(error).kind !== 'gone') throw error;
    }
    this.accounts.update((all) => all.filter(({ id }) => id !== account.id));
    this.news.set(`${account.nickname} was deleted.`);
  }

  /** Have an account on show: no filter hides it, and its group shows as many as it takes. */
  reveal(account: Account): void {
    if (!matching(this.filter())(account)) this.filter.set('');
    const type = account.type;
    const at = this.ordered().filter((each) => each.type === type && matching(this.filter())(each)).findIndex(({ id }) => id === account.id);
    this.limits.update((limits) => ({ ...limits, [type]: Math.max(limits[type] ?? PAGE, Math.ceil((at + 1) / PAGE) * PAGE) }));
  }

  /** Order by a column; once more turns it round. */
  sort(by: Order['by']): void {
    this.news.set('');
    this.order.update((order) => ({ by, descending: order.by === by && !order.descending }));
  }

  /** Show the next accounts of a group. */
  more(type: AccountType): void {
    this.limits.update((limits) => ({ ...limits, [type]: (limits[type] ?? PAGE) + PAGE }));
  }

  search(text: string): void {
    this.limits.set({});
    this.news.set('');
    this.filter.set(text.trim());
  }

  /** Forget everything: the next to sign in may be somebody else. */
  forget(): void {
    this.stopWaiting();
    this.loads++;
    this.accounts.set([]);
    this.search('');
    this.news.set('');
    this.problem.set(null);
    this.loaded.set(false);
    this.state.set('loading');
  }

  private show(accounts: readonly Account[]): void {
    this.stopWaiting();
    this.accounts.set(accounts);
    this.problem.set(null);
    this.loaded.set(true);
    this.state.set('ready');
  }

  /** A change's outcome; one that fails because the session is over ends the session. */
  private async guarded<T>(change: Promise<T>): Promise<T> {
    try {
      return await change;
    } catch (error) {
      const problem = problemOf(error);
      if (problem.kind === 'session') await this.failed(problem);
      throw error;
    }
  }

  private async failed(problem: Problem): Promise<void> {
    if (problem.kind === 'session') {
      this.forget();
      await this.session.signOut(`${problem.what} ${problem.why}`);
      return;
    }
    this.stopWaiting();
    this.problem.set(problem);
    this.state.set('problem');
    this.persists.set(problem.retryAfter !== undefined && this.tries() < TRIES);
    if (this.persists()) this.wait(problem.retryAfter!);
  }

  private wait(seconds: number): void {
    this.tries.update((tries) => tries + 1);
    this.countdown.set(seconds);
    this.timer = setInterval(() => {
      const left = (this.countdown() ?? 1) - 1;
      this.countdown.set(left);
      if (left <= 0) void this.attempt();
    }, 1000);
  }

  private stopWaiting(): void {
    clearInterval(this.timer);
    clearTimeout(this.slowly);
    this.slow.set(false);
    this.countdown.set(null);
  }
}
