import { Component, DestroyRef, ElementRef, Injector, afterNextRender, computed, effect, inject, viewChild } from '@angular/core';
import { MatButtonModule } from '@angular/material/button';
import { MatDialog } from '@angular/material/dialog';
import { MatProgressBarModule } from '@angular/material/progress-bar';

import { Account, Order, counted } from './account';
import { AccountDialog, Outcome } from './account-dialog';
import { AccountsStore } from './accounts-store';
import { AccountsTree } from './accounts-tree';
import { backend } from './configuration';
import { EnvironmentBadge } from './environment';
import { Notice } from './notice';
import { RemoveDialog } from './remove-dialog';
import { Session } from './session';

const WIDTH = '28rem';
/** How long the page says what was done, unless something else is done first. */
const NEWS = 8000;

/** The accounts of whoever is signed in, and what can be done with them. */
@Component({
  selector: 'app-accounts-page',
  imports: [AccountsTree, EnvironmentBadge, MatButtonModule, MatProgressBarModule, Notice],
  templateUrl: './accounts-page.html',
  styleUrl: './accounts-page.scss',
})
export class AccountsPage {
  protected readonly store = inject(AccountsStore);
  protected readonly session = inject(Session);
  protected readonly counted = counted;
  private readonly dialog = inject(MatDialog);
  private readonly injector = inject(Injector);
  private readonly tree = viewChild(AccountsTree);
  private readonly heading = viewChild.required<ElementRef<HTMLElement>>('heading');

  private readonly query = viewChild<ElementRef<HTMLInputElement>>('query');
  protected readonly local = computed(() => backend()?.page?.cloud === 'local');
  protected readonly columns = computed((): { by: Order['by']; label: string }[] => [
    { by: 'nickname', label: 'Nickname' },
    { by: 'account_number', label: 'Number' },
    { by: 'balance', label: this.store.currency() ? `Balance (${this.store.currency()})` : 'Balance' },
  ]);

  /** What there is to say while nothing is on show yet. */
  protected readonly patience = computed(() => {
    if (this.store.state() !== 'loading' || this.store.problem()) return '';
    if (this.store.slow()) return 'This takes a while. A database that was paused needs up to half a minute to wake up.';
    return this.store.loaded() ? '' : 'Loading the accounts …';
  });

  constructor() {
    void this.store.load();
    this.keepPlace();
    effect((onCleanup) => {
      if (!this.store.news()) return;
      const timer = setTimeout(() => this.store.news.set(''), NEWS);
      onCleanup(() => clearTimeout(timer));
    });
    // A session can end while a dialog is open.
    inject(DestroyRef).onDestroy(() => this.dialog.closeAll());
  }

  protected async attempt(): Promise<void> {
    await this.store.attempt();
    this.keepPlace();
  }

  protected reload(): void {
    void this.store.load();
  }

  protected expand(): void {
    this.store.news.set('');
    this.tree()?.expandAll();
  }

  protected collapse(): void {
    this.store.news.set('');
    this.tree()?.collapseAll();
  }

  /** What is found is shown, in whatever group it is. */
  protected search(text: string): void {
    this.store.search(text);
    if (this.store.filter()) this.expand();
  }

  /** Show all again; the button that was pressed goes with that, so the focus goes to where one types. */
  protected clear(query?: HTMLInputElement): void {
    this.store.search('');
    const input = query ?? this.query()?.nativeElement;
    if (input) input.value = '';
    input?.focus();
  }

  protected add(): void {
    this.edited(null);
  }

  protected edit(account: Account): void {
    this.edited(account);
  }

  protected remove(account: Account): void {
    const next = this.tree()?.beside(account);
    const asked = this.dialog.open<RemoveDialog, Account, boolean>(RemoveDialog, { data: account, width: WIDTH, role: 'alertdialog' });
    // The row that had the focus is gone.
    asked.afterClosed().subscribe((deleted) => deleted && this.focusTree(next));
  }

  private edited(account: Account | null): void {
    const opened = this.dialog.open<AccountDialog, Account | null, Outcome>(AccountDialog, { data: account, width: WIDTH, autoFocus: 'input' });
    opened.afterClosed().subscribe((outcome) => {
      if (outcome === 'remove' && account) this.remove(account);
      else if (typeof outcome === 'object') this.show(outcome);
    });
  }

  /** What was added or changed is on show, wherever it belongs now. A first account makes the tree. */
  private show(account: Account): void {
    this.store.reveal(account);
    afterNextRender(() => this.tree()?.show(account), { injector: this.injector });
  }

  /** The tree's next row; with the last account the tree is gone, and the heading is where one goes on. */
  private focusTree(key: string | undefined): void {
    this.tree()?.focus(key);
    this.keepPlace();
  }

  protected async signOut(): Promise<void> {
    this.store.forget();
    await this.session.signOut();
  }

  /** Where the form or the button that had the focus is gone, a keyboard's or a screen reader's place would be lost. */
  private keepPlace(): void {
    const keep = () => document.activeElement === document.body && this.heading().nativeElement.focus();
    afterNextRender(keep, { injector: this.injector });
  }
}
