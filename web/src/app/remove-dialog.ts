import { Component, inject, signal } from '@angular/core';
import { MatButtonModule } from '@angular/material/button';
import { MAT_DIALOG_DATA, MatDialogModule, MatDialogRef } from '@angular/material/dialog';

import { Account, amount, cents } from './account';
import { AccountsStore } from './accounts-store';
import { Notice } from './notice';
import { Problem, problemOf } from './problem';

/** An account goes for good, so its reader is asked. */
@Component({
  selector: 'app-remove-dialog',
  imports: [MatButtonModule, MatDialogModule, Notice],
  template: `
    <h2 mat-dialog-title>Delete {{ account.nickname }}?</h2>
    <mat-dialog-content>
      <p>{{ account.account_number }}, balance {{ balance }}. It cannot be brought back.</p>
      @if (problem(); as found) {
        <app-notice [problem]="found" />
      }
    </mat-dialog-content>
    <mat-dialog-actions align="end">
      <button matButton type="button" mat-dialog-close cdkFocusInitial>Cancel</button>
      <button matButton="filled" type="button" [disabled]="busy()" (click)="remove()">Delete</button>
    </mat-dialog-actions>
  `,
})
export class RemoveDialog {
  protected readonly account = inject<Account>(MAT_DIALOG_DATA);
  protected readonly balance = amount(cents(this.account.balance));
  protected readonly busy = signal(false);
  protected readonly problem = signal<Problem | null>(null);
  private readonly store = inject(AccountsStore);
  private readonly dialog = inject<MatDialogRef<RemoveDialog>>(MatDialogRef);

  protected async remove(): Promise<void> {
    this.busy.set(true);
    try {
      await this.store.remove(this.account);
      this.dialog.close();
    } catch (error) {
      this.problem.set(problemOf(error));
    } finally {
      this.busy.set(false);
    }
  }
}
