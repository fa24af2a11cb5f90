import { Component, inject } from '@angular/core';
import { FormControl, FormGroup, ReactiveFormsModule, Validators } from '@angular/forms';
import { MatButtonModule } from '@angular/material/button';
import { MAT_DIALOG_DATA, MatDialogModule } from '@angular/material/dialog';
import { MatFormFieldModule } from '@angular/material/form-field';
import { MatInputModule } from '@angular/material/input';
import { MatProgressBarModule } from '@angular/material/progress-bar';

import { Account } from './account';
import { AccountsStore } from './accounts-store';
import { Notice } from './notice';
import { Sending } from './sending';

/** Another nickname for an account. */
@Component({
  selector: 'app-rename-dialog',
  imports: [ReactiveFormsModule, MatButtonModule, MatDialogModule, MatFormFieldModule, MatInputModule, MatProgressBarModule, Notice],
  styleUrl: './dialog.scss',
  template: `
    <h2 mat-dialog-title>Rename account</h2>
    <form [formGroup]="form" (ngSubmit)="save()">
      <mat-dialog-content>
        <mat-form-field appearance="outline">
          <mat-label>Nickname</mat-label>
          <input matInput formControlName="nickname" name="nickname" maxlength="100" autocomplete="off" required>
          <mat-error>Give it a nickname.</mat-error>
        </mat-form-field>
        @if (sending.busy()) {
          <mat-progress-bar mode="indeterminate" aria-label="Renaming" />
        }
        @if (sending.problem(); as found) {
          <app-notice [problem]="found" />
        }
      </mat-dialog-content>
      <mat-dialog-actions align="end">
        <button matButton type="button" mat-dialog-close [disabled]="sending.busy()">Cancel</button>
        <button matButton="filled" type="submit" [disabled]="sending.busy()" disabledInteractive>Rename</button>
      </mat-dialog-actions>
    </form>
  `,
})
export class RenameDialog {
  protected readonly account = inject<Account>(MAT_DIALOG_DATA);
  protected readonly sending = new Sending();
  protected readonly form = new FormGroup({
    nickname: new FormControl(this.account.nickname, {
      nonNullable: true,
      validators: [Validators.required, Validators.maxLength(100)],
    }),
  });
  private readonly store = inject(AccountsStore);

  protected save(): void {
    if (this.form.invalid) return;
    void this.sending.send(() => this.store.rename(this.account, this.form.getRawValue().nickname));
  }
}
