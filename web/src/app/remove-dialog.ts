import { Component, computed, inject } from '@angular/core';
import { MatButtonModule } from '@angular/material/button';
import { MAT_DIALOG_DATA, MatDialogModule } from '@angular/material/dialog';
import { MatProgressBarModule } from '@angular/material/progress-bar';

import { Account, balanceText } from './account';
import { AccountsStore } from './accounts-store';
import { backend, critical } from './configuration';
import { Latest } from './latest';
import { Notice } from './notice';
import { Sending } from './sending';

/** Asks before an account is deleted, and shows it as it is stored now. */
@Component({
  selector: 'app-remove-dialog',
  imports: [MatButtonModule, MatDialogModule, MatProgressBarModule, Notice],
  styleUrl: './dialog.scss',
  template: `
    <h2 mat-dialog-title>Delete <bdi>{{ account().nickname }}</bdi>?</h2>
    <mat-dialog-content>
      <p>
        This deletes the account <bdi>{{ account().account_number }}</bdi>, with its balance of {{ balance() }}, for good{{ where }}.
      </p>
      @if (sending.problem(); as found) {
        <app-notice [problem]="found" />
      }
    </mat-dialog-content>
    <div class="bar">
      @if (sending.busy()) {
        <mat-progress-bar mode="indeterminate" aria-label="Deleting" />
      }
    </div>
    <mat-dialog-actions align="end">
      <button matButton type="button" mat-dialog-close cdkFocusInitial [disabled]="sending.busy()">Cancel</button>
      <button matButton="filled" class="danger" type="button" [disabled]="sending.busy()" disabledInteractive (click)="remove()">Delete</button>
    </mat-dialog-actions>
  `,
})
export class RemoveDialog {
  private readonly latest = new Latest(inject<Account>(MAT_DIALOG_DATA));
  protected readonly account = this.latest.account;
  protected readonly balance = computed(() => balanceText(this.account()));
  /** Names the environment if a mistake is expensive there. */
  protected readonly where = critical(backend()?.page) ? `, in ${backend()!.page!.environment}` : '';
  protected readonly sending = new Sending<true>(async (problem) => {
    if (problem.kind === 'changed') await this.latest.refresh();
    return problem;
  });
  private readonly store = inject(AccountsStore);

  protected remove(): void {
    void this.sending.send(async () => {
      await this.latest.ready;
      await this.store.remove(this.account(), this.latest.etag);
      return true;
    });
  }
}
