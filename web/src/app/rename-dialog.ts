import { Component, inject, signal } from '@angular/core';
import { FormControl, FormGroup, ReactiveFormsModule, Validators } from '@angular/forms';
import { MatButtonModule } from '@angular/material/button';
import { MAT_DIALOG_DATA, MatDialogModule, MatDialogRef } from '@angular/material/dialog';
import { MatFormFieldModule } from '@angular/material/form-field';
import { MatInputModule } from '@angular/material/input';

import { Account } from './account';
import { AccountsStore } from './accounts-store';
import { Notice } from './notice';
import { Problem, problemOf } from './problem';

/** Another nickname for an account. */
@Component({
  selector: 'app-rename-dialog',
  imports: [ReactiveFormsModule, MatButtonModule, MatDialogModule, MatFormFieldModule, MatInputModule, Notice],
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
        @if (problem(); as found) {
          <app-notice [problem]="found" />
        }
      </mat-dialog-content>
      <mat-dialog-actions align="end">
        <button matButton type="button" mat-dialog-close>Cancel</button>
        <button matButton="filled" type="submit" [disabled]="busy()">Rename</button>
      </mat-dialog-actions>
    </form>
  `,
})
export class RenameDialog {
  protected readonly account = inject<Account>(MAT_DIALOG_DATA);
  protected readonly busy = signal(false);
  protected readonly problem = signal<Problem | null>(null);
  protected readonly form = new FormGroup({
    nickname: new FormControl(this.account.nickname, {
      nonNullable: true,
      validators: [Validators.required, Validators.maxLength(100)],
    }),
  });
  private readonly store = inject(AccountsStore);
  private readonly dialog = inject<MatDialogRef<RenameDialog>>(MatDialogRef);

  protected async save(): Promise<void> {
    if (this.form.invalid || this.busy()) return;
    this.busy.set(true);
    try {
      await this.store.rename(this.account, this.form.getRawValue().nickname);
      this.dialog.close();
    } catch (error) {
      this.problem.set(problemOf(error));
    } finally {
      this.busy.set(false);
    }
  }
}
