import { Component, DestroyRef, ElementRef, Injector, afterNextRender, computed, inject, viewChild } from '@angular/core';
import { MatButtonModule } from '@angular/material/button';
import { MatDialog } from '@angular/material/dialog';
import { MatFormFieldModule } from '@angular/material/form-field';
import { MatInputModule } from '@angular/material/input';
import { MatProgressBarModule } from '@angular/material/progress-bar';

import { Account, counted } from './account';
import { AccountsStore } from './accounts-store';
import { AccountsTree } from './accounts-tree';
import { AddDialog } from './add-dialog';
import { Notice } from './notice';
import { RemoveDialog } from './remove-dialog';
import { RenameDialog } from './rename-dialog';
import { Session } from './session';

const WIDTH = '28rem';

/** The accounts of whoever is signed in, and what can be done with them. */
@Component({
  selector: 'app-accounts-page',
  imports: [AccountsTree, MatButtonModule, MatFormFieldModule, MatInputModule, MatProgressBarModule, Notice],
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

  /** What there is to say while nothing is on show yet. */
  protected readonly patience = computed(() => {
    if (this.store.state() !== 'loading' || this.store.problem()) return '';
    if (this.store.slow()) return 'This takes a while. A database that was paused needs up to half a minute to wake up.';
    return this.store.loaded() ? '' : 'Loading the accounts …';
  });

  constructor() {
    void this.store.load();
    this.keepPlace();
    // A session can end while a dialog is open.
    inject(DestroyRef).onDestroy(() => this.dialog.closeAll());
  }

  protected async attempt(): Promise<void> {
    await this.store.attempt();
    this.keepPlace();
  }

  protected expand(): void {
    this.tree()?.expandAll();
  }

  protected collapse(): void {
    this.tree()?.collapseAll();
  }

  /** What is found is shown, in whatever group it is. */
  protected search(text: string): void {
    this.store.search(text);
    if (this.store.filter()) this.expand();
  }

  protected add(): void {
    this.dialog.open(AddDialog, { width: WIDTH, autoFocus: 'input' });
  }

  protected rename(account: Account): void {
    this.dialog.open(RenameDialog, { data: account, width: WIDTH, autoFocus: 'input' });
  }

  protected remove(account: Account): void {
    const next = this.tree()?.beside(account);
    const asked = this.dialog.open<RemoveDialog, Account, boolean>(RemoveDialog, { data: account, width: WIDTH, role: 'alertdialog' });
    // The row that had the focus is gone.
    asked.afterClosed().subscribe((deleted) => deleted && this.tree()?.focus(next));
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
