import { Component, DestroyRef, inject, viewChild } from '@angular/core';
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
  private readonly tree = viewChild(AccountsTree);

  constructor() {
    void this.store.load();
    // A session can end while a dialog is open.
    inject(DestroyRef).onDestroy(() => this.dialog.closeAll());
  }

  protected expand(): void {
    this.tree()?.expandAll();
  }

  protected collapse(): void {
    this.tree()?.collapseAll();
  }

  protected add(): void {
    this.dialog.open(AddDialog, { autoFocus: 'input' });
  }

  protected rename(account: Account): void {
    this.dialog.open(RenameDialog, { data: account, autoFocus: 'input' });
  }

  protected remove(account: Account): void {
    this.dialog.open(RemoveDialog, { data: account, role: 'alertdialog' });
  }

  protected async signOut(): Promise<void> {
    this.store.forget();
    await this.session.signOut();
  }
}
