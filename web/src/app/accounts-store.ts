import { Injectable, computed, inject, signal } from '@angular/core';

import { Account, AccountType, BY_NICKNAME, NewAccount, Order, PAGE_SIZE, matching, inOrder, shortName, tree } from './account';
import { AccountsApi } from './accounts-api';
import { Problem, problemOf, problemOfList } from './problem';
import { Session } from './session';

/** Milliseconds after which the page explains why a response takes so long. */
export const SLOW = 3000;

/** How many times the page asks a paused database by itself. */
export const TRIES = 20;

type State = 'loading' | 'ready' | 'problem';

/** The accounts on the page: what was loaded, what went wrong, and what is shown. */
@Injectable({ providedIn: 'root' })
export class AccountsStore {
  private readonly api = inject(AccountsApi);
  private readonly session = inject(Session);
  private readonly accounts = signal<readonly Account[]>([]);
  private readonly limits = signal<Partial<Record<AccountType, number>>>({});
  private retryTimer: ReturnType<typeof setInterval> | undefined;
  private slowTimer: ReturnType<typeof setTimeout> | undefined;
  /** The number of the current load; a response to an earlier one is ignored. */
  private lastLoad = 0;
  /** How many changes were stored. */
  private changes = 0;

  readonly state = signal<State>('loading');
  readonly problem = signal<Problem | null>(null);
  /** Seconds until the page asks again by itself; null if it does not. */
  readonly countdown = signal<number | null>(null);
  readonly tries = signal(0);
  /** True while the page asks again by itself. */
  readonly retries = signal(false);
  /** True for a load that has no response after `SLOW`. */
  readonly slow = signal(false);
  /** True once accounts were loaded: they stay visible while they are reloaded, and when that fails. */
  readonly loaded = signal(false);
  /** What was done last. Shown as a text, because the row may have moved out of sight. */
  readonly news = signal('');
  /** The account that was deleted, if that was done last: its values can be used to add it again. */
  readonly deleted = signal<Account | null>(null);
  readonly filter = signal('');
  readonly count = computed(() => this.accounts().length);
  readonly order = signal<Order>(BY_NICKNAME);
  /** The currency of all accounts; empty if they have none, null if they have several. */
  readonly currency = computed(() => {
    const currencies = new Set(this.accounts().map(({ currency }) => currency ?? ''));
    return currencies.size > 1 ? null : ([...currencies][0] ?? '');
  });
  private readonly ordered = computed(() => inOrder(this.accounts(), this.order()));
  readonly groups = computed(() => tree(this.ordered(), this.filter(), this.limits()));
  readonly matchCount = computed(() => this.groups().reduce((sum, group) => sum + group.count, 0));

  /** Reload all accounts; while the database wakes, again and again. */
  async load(): Promise<void> {
    this.stopWaiting();
    this.tries.set(0);
    this.problem.set(null);
    this.news.set('');
    await this.attempt();
  }

  /** Ask again now, without waiting for the countdown; the problem stays visible until it is solved. */
  async attempt(): Promise<void> {
    this.stopWaiting();
    const load = ++this.lastLoad;
    const changes = this.changes;
    this.state.set('loading');
    this.slowTimer = setTimeout(() => this.slow.set(true), SLOW);
    try {
      const accounts = await this.api.list();
      if (load !== this.lastLoad) return;
      // The list may have been read before a change that was stored meanwhile.
      if (changes === this.changes) this.show(accounts);
      else await this.attempt();
    } catch (error) {
      if (load === this.lastLoad) await this.failed(problemOfList(error));
    }
  }

  async create(account: NewAccount, key: string): Promise<Account> {
    const made = await this.guarded(this.api.create(account, key));
    this.apply((all) => [...all.filter(({ id }) => id !== made.id), made], `${shortName(made)} was added.`);
    return made;
  }

  /** Change some fields of an account. With an `etag` only if it has that version; or else the API answers 412. */
  async change(account: Account, changes: Partial<NewAccount>, etag?: string): Promise<Account> {
    const changed = await this.guarded(this.api.change(account, changes, etag));
    this.apply((all) => all.map((other) => (other.id === changed.id ? changed : other)), `${shortName(changed)} was saved.`);
    return changed;
  }

  /** Delete an account; no error if somebody else did that already. `etag`: see `change`. */
  async remove(account: Account, etag?: string): Promise<void> {
    try {
      await this.guarded(this.api.remove(account, etag));
    } catch (error) {
      if (problemOf(error).kind !== 'gone') throw error;
    }
    this.apply((all) => all.filter(({ id }) => id !== account.id), `${shortName(account)} was deleted.`);
    this.deleted.set(account);
  }

  /** Make an account visible: drop a filter that hides it, and show as many accounts of its group as that takes. */
  reveal(account: Account): void {
    if (!matching(this.filter())(account)) this.filter.set('');
    const type = account.type;
    const matches = matching(this.filter());
    const at = this.ordered().filter((other) => other.type === type && matches(other)).findIndex(({ id }) => id === account.id);
    this.limits.update((limits) => ({ ...limits, [type]: Math.max(limits[type] ?? PAGE_SIZE, Math.ceil((at + 1) / PAGE_SIZE) * PAGE_SIZE) }));
  }

  /** Order by a column; the second time in descending order. */
  sort(by: Order['by']): void {
    this.news.set('');
    this.order.update((order) => ({ by, descending: order.by === by && !order.descending }));
  }

  /** Show the next accounts of a group. */
  more(type: AccountType): void {
    this.limits.update((limits) => ({ ...limits, [type]: (limits[type] ?? PAGE_SIZE) + PAGE_SIZE }));
  }

  search(text: string): void {
    this.limits.set({});
    this.news.set('');
    this.filter.set(text.trim());
  }

  /** Forget everything: the next person who signs in may be another one. */
  forget(): void {
    this.stopWaiting();
    this.lastLoad++;
    this.accounts.set([]);
    this.search('');
    this.deleted.set(null);
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

  /** Apply to the list what the API has stored, and say so. */
  private apply(update: (all: readonly Account[]) => readonly Account[], news: string): void {
    this.changes++;
    this.accounts.update(update);
    this.deleted.set(null);
    this.news.set(news);
  }

  /** Wait for a change. If it fails because the session is over, the session ends here too. */
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
    this.retries.set(problem.retryAfter !== undefined && this.tries() < TRIES);
    if (this.retries()) this.wait(problem.retryAfter!);
  }

  private wait(seconds: number): void {
    this.tries.update((tries) => tries + 1);
    this.countdown.set(seconds);
    this.retryTimer = setInterval(() => {
      const left = (this.countdown() ?? 1) - 1;
      this.countdown.set(left);
      if (left <= 0) void this.attempt();
    }, 1000);
  }

  private stopWaiting(): void {
    clearInterval(this.retryTimer);
    clearTimeout(this.slowTimer);
    this.slow.set(false);
    this.countdown.set(null);
  }
}
