import { Component, inject } from '@angular/core';
import { MatButtonModule } from '@angular/material/button';
import { MAT_DIALOG_DATA, MatDialogModule } from '@angular/material/dialog';
import { MatProgressBarModule } from '@angular/material/progress-bar';

import { Account, amount, cents } from './account';
import { AccountsStore } from './accounts-store';
import { Notice } from './notice';
import { Sending } from './sending';

/** An account goes for good, so its reader is asked. */
@Component({
  selector: 'app-remove-dialog',
  imports: [MatButtonModule, MatDialogModule, MatProgressBarModule, Notice],
  styleUrl: './dialog.scss',
  template: `
    <h2 mat-dialog-title>Delete <bdi>{{ account.nickname }}</bdi>?</h2>
    <mat-dialog-content>
      <p>This deletes the account <bdi>{{ account.account_number }}</bdi>, with its balance of {{ balance }}, for good.</p>
      @if (sending.busy()) {
        <mat-progress-bar mode="indeterminate" aria-label="Deleting" />
      }
      @if (sending.problem(); as found) {
        <app-notice [problem]="found" />
      }
    </mat-dialog-content>
    <mat-dialog-actions align="end">
      <button matButton type="button" mat-dialog-close cdkFocusInitial [disabled]="sending.busy()">Cancel</button>
      <button matButton="filled" type="button" [disabled]="sending.busy()" disabledInteractive (click)="remove()">Delete</button>
    </mat-dialog-actions>
  `,
})
export class RemoveDialog {
  protected readonly account = inject<Account>(MAT_DIALOG_DATA);
  protected readonly balance = amount(cents(this.account.balance));
  protected readonly sending = new Sending();
  private readonly store = inject(AccountsStore);

  protected remove(): void {
    void this.sending.send(() => this.store.remove(this.account));
  }
}
