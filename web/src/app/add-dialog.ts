import { Component, inject } from '@angular/core';
import { takeUntilDestroyed } from '@angular/core/rxjs-interop';
import { FormControl, FormGroup, ReactiveFormsModule, Validators } from '@angular/forms';
import { MatButtonModule } from '@angular/material/button';
import { MatDialogModule } from '@angular/material/dialog';
import { MatFormFieldModule } from '@angular/material/form-field';
import { MatInputModule } from '@angular/material/input';
import { MatProgressBarModule } from '@angular/material/progress-bar';
import { MatSelectModule } from '@angular/material/select';

import { AccountType, TYPES } from './account';
import { AccountsStore } from './accounts-store';
import { Notice } from './notice';
import { Sending } from './sending';

const text = (longest: number) =>
  new FormControl('', { nonNullable: true, validators: [Validators.required, Validators.maxLength(longest)] });

/** 128 random bits. Not `randomUUID`, which a page served without TLS does not have. */
const key = () => [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');

/** A new account. The API has the last word on what it takes. */
@Component({
  selector: 'app-add-dialog',
  imports: [
    ReactiveFormsModule,
    MatButtonModule,
    MatDialogModule,
    MatFormFieldModule,
    MatInputModule,
    MatProgressBarModule,
    MatSelectModule,
    Notice,
  ],
  templateUrl: './add-dialog.html',
  styleUrl: './dialog.scss',
})
export class AddDialog {
  protected readonly types = TYPES;
  protected readonly sending = new Sending();
  protected readonly form = new FormGroup({
    nickname: text(100),
    account_number: text(34),
    type: new FormControl<AccountType>('domestic', { nonNullable: true }),
    balance: new FormControl(0, { nonNullable: true, validators: [Validators.required] }),
  });
  private readonly store = inject(AccountsStore);
  /** One wish, one key: what is sent again after a lost answer makes no second account. */
  private wish = key();

  constructor() {
    this.form.valueChanges.pipe(takeUntilDestroyed()).subscribe(() => (this.wish = key()));
  }

  protected save(): void {
    this.form.markAllAsTouched();
    if (this.form.invalid) return;
    void this.sending.send(() => this.store.create(this.form.getRawValue(), this.wish));
  }
}
