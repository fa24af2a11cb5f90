import { Component, DestroyRef, ElementRef, Injector, afterNextRender, computed, effect, inject, viewChild } from '@angular/core';
import { MatButtonModule } from '@angular/material/button';
import { MatDialog } from '@angular/material/dialog';
import { MatProgressBarModule } from '@angular/material/progress-bar';

import { Account, NewAccount, Order, countText } from './account';
import { AccountDialog, Outcome } from './account-dialog';
import { AccountsStore } from './accounts-store';
import { AccountsTree } from './accounts-tree';
import { backend } from './configuration';
import { EnvironmentBadge } from './environment';
import { Notice } from './notice';
import { RemoveDialog } from './remove-dialog';
import { Session } from './session';

const WIDTH = '28rem';
/** Milliseconds for which the page says what was done, unless something else is done first. */
const NEWS_TIME = 8000;
/** The same, if there is something to press. */
const DELETED_TIME = 30_000;

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
  protected readonly countText = countText;
  private readonly dialog = inject(MatDialog);
  private readonly injector = inject(Injector);
  private readonly tree = viewChild(AccountsTree);
  private readonly heading = viewChild.required<ElementRef<HTMLElement>>('heading');
  private readonly news = viewChild.required<ElementRef<HTMLElement>>('news');
  private readonly query = viewChild<ElementRef<HTMLInputElement>>('query');
  protected readonly local = computed(() => backend()?.page?.cloud === 'local');
  protected readonly columns = computed((): { by: Order['by']; label: string }[] => [
    { by: 'nickname', label: 'Nickname' },
    { by: 'account_number', label: 'Number' },
    { by: 'balance', label: this.store.currency() ? `Balance (${this.store.currency()})` : 'Balance' },
  ]);

  /** What the page says while a response is awaited. */
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
      const timer = setInterval(() => this.endNews(), this.store.deleted() ? DELETED_TIME : NEWS_TIME);
      onCleanup(() => clearInterval(timer));
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

  /** Find accounts; closed groups are opened, so that every match can be seen. */
  protected search(text: string): void {
    this.store.search(text);
    if (this.store.filter()) this.expand();
  }

  /** Show all accounts again. The button that was pressed disappears, so the focus moves to the input. */
  protected clear(): void {
    this.store.search('');
    this.query()?.nativeElement.focus();
  }

  protected add(): void {
    this.openDialog(null);
  }

  /** A deleted account has no way back, as the API gives every account an id of its own; but its values need not be typed. */
  protected addAgain({ id: _, ...values }: Account): void {
    this.openDialog(values);
  }

  protected edit(account: Account): void {
    this.openDialog(account);
  }

  protected remove(account: Account): void {
    const next = this.tree()?.neighbour(account);
    const opened = this.dialog.open<RemoveDialog, Account, boolean>(RemoveDialog, { data: account, width: WIDTH, role: 'alertdialog' });
    // With the row the focus is gone.
    opened.afterClosed().subscribe((deleted) => deleted && this.focusTree(next));
  }

  /** Stop saying what was done; not while the button there is about to be pressed. */
  private endNews(): void {
    if (!this.news().nativeElement.matches(':hover, :focus-within')) this.store.news.set('');
  }

  /** Open the dialog of an account, or of a new one: with these values, or with none. */
  private openDialog(account: Account | NewAccount | null): void {
    const opened = this.dialog.open<AccountDialog, Account | NewAccount | null, Outcome>(AccountDialog, {
      data: account,
      width: WIDTH,
      autoFocus: 'input',
      // It closes itself, unless something was typed.
      disableClose: true,
    });
    opened.afterClosed().subscribe((outcome) => {
      if (outcome === 'remove' && account && 'id' in account) this.remove(account);
      else if (outcome && outcome !== 'remove') this.show(outcome);
      // What opened the dialog may be gone.
      else this.keepPlace();
    });
  }

  /** Show an account that was added or changed. The tree is rendered only after its first account. */
  private show(account: Account): void {
    this.store.reveal(account);
    afterNextRender(() => this.tree()?.show(account), { injector: this.injector });
  }

  /** Focus a row of the tree; the heading if the last account was deleted, and the tree with it. */
  private focusTree(key: string | undefined): void {
    this.tree()?.focus(key);
    this.keepPlace();
  }

  protected async signOut(): Promise<void> {
    this.store.forget();
    await this.session.signOut();
  }

  /** Focus the heading if the element that had the focus is gone: a keyboard or a screen reader would start at the top. */
  private keepPlace(): void {
    const focusHeading = () => document.activeElement === document.body && this.heading().nativeElement.focus();
    afterNextRender(focusHeading, { injector: this.injector });
  }
}
