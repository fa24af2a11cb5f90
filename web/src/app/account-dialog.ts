import { Component, ElementRef, inject } from '@angular/core';
import { takeUntilDestroyed } from '@angular/core/rxjs-interop';
import { AbstractControl, FormControl, FormGroup, ReactiveFormsModule, Validators } from '@angular/forms';
import { MatButtonModule } from '@angular/material/button';
import { MAT_DIALOG_DATA, MatDialogModule, MatDialogRef } from '@angular/material/dialog';
import { MatFormFieldModule } from '@angular/material/form-field';
import { MatInputModule } from '@angular/material/input';
import { MatProgressBarModule } from '@angular/material/progress-bar';
import { MatSelectModule } from '@angular/material/select';

import { Account, AccountType, NewAccount, TYPES, whole } from './account';
import { AccountsStore } from './accounts-store';
import { Latest } from './latest';
import { Notice } from './notice';
import { Fault, Problem } from './problem';
import { Sending } from './sending';

/** How the dialog ended: an account as it is now, or the wish to delete it. */
export type Outcome = Account | 'remove';

const FIELDS = ['nickname', 'account_number', 'type', 'balance'] as const;
type Field = (typeof FIELDS)[number];
const LABELS: Record<Field, string> = { nickname: 'The nickname', account_number: 'The account number', type: 'The type', balance: 'The balance' };

const text = (longest: number) =>
  new FormControl('', { nonNullable: true, validators: [Validators.required, Validators.maxLength(longest)] });

const balance = (control: AbstractControl) => (control.value === null || whole(control.value) ? null : { cents: true });

/** 128 random bits. Not `randomUUID`, which a page served without TLS does not have. */
const key = () => [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');

/** A new account, or all fields of one that there is. The API decides what it accepts; its faults stand at their fields. */
@Component({
  selector: 'app-account-dialog',
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
  templateUrl: './account-dialog.html',
  styleUrl: './dialog.scss',
})
export class AccountDialog {
  protected readonly types = TYPES;
  protected readonly sending = new Sending<Outcome>((problem) => this.placed(problem));
  protected readonly form = new FormGroup({
    nickname: text(100),
    account_number: text(34),
    type: new FormControl<AccountType>('domestic', { nonNullable: true }),
    balance: new FormControl(0, { nonNullable: true, validators: [Validators.required, balance] }),
  });
  /** The account that is edited; null for a new one. */
  protected readonly latest: Latest | null;
  private readonly store = inject(AccountsStore);
  private readonly host = inject<ElementRef<HTMLElement>>(ElementRef);
  private readonly dialog = inject<MatDialogRef<unknown, Outcome>>(MatDialogRef);
  /** One wish, one key: what is sent again after a lost answer makes no second account. */
  private wish = key();

  constructor() {
    const account = inject<Account | null>(MAT_DIALOG_DATA);
    this.latest = account && new Latest(account);
    this.show();
    void this.latest?.ready.then(() => this.show());
    this.form.valueChanges.pipe(takeUntilDestroyed()).subscribe(() => (this.wish = key()));
  }

  protected save(): void {
    this.form.markAllAsTouched();
    if (this.form.invalid) this.focusFault();
    else void this.sending.send(() => (this.latest ? this.change(this.latest) : this.store.create(this.form.getRawValue(), this.wish)));
  }

  protected remove(): void {
    this.dialog.close('remove');
  }

  /** What the API says about a field, as a sentence; empty where it says nothing. */
  protected refused(field: Field): string {
    return (this.form.controls[field].getError('refused') as string | undefined) ?? '';
  }

  private async change(latest: Latest): Promise<Account> {
    await latest.ready;
    const changes = this.changes(latest.account());
    return Object.keys(changes).length ? this.store.change(latest.account(), changes, latest.etag) : latest.account();
  }

  private changes(from: Account): Partial<NewAccount> {
    const to = this.form.getRawValue();
    return Object.fromEntries(FIELDS.filter((field) => to[field] !== from[field]).map((field) => [field, to[field]]));
  }

  /** The account's fields as they are stored; what was typed already stays. */
  private show(): void {
    for (const field of this.latest ? FIELDS : []) {
      const control: AbstractControl = this.form.controls[field];
      if (!control.dirty) control.setValue(this.latest!.account()[field]);
    }
  }

  /** Put faults at their fields; what remains of the problem, null where nothing does. */
  private async placed(problem: Problem): Promise<Problem | null> {
    if (problem.kind === 'changed') {
      await this.latest?.refresh();
      this.show();
    }
    const here = (fault: Fault): fault is Fault & { field: Field } => FIELDS.some((field) => field === fault.field);
    const faults = problem.faults ?? [];
    for (const { field, problem: what } of faults.filter(here)) {
      this.form.controls[field].setErrors({ refused: `${LABELS[field]} ${what}.` });
    }
    const others = faults.filter((fault) => !here(fault));
    if (faults.length === 0) return problem;
    this.focusFault();
    return others.length ? { ...problem, faults: others } : null;
  }

  private focusFault(): void {
    const first = FIELDS.find((field) => this.form.controls[field].invalid);
    this.host.nativeElement.querySelector<HTMLElement>(`[formControlName=${first}]`)?.focus();
  }
}
