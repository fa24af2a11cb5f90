import { Component, ElementRef, Injector, afterNextRender, inject, signal } from '@angular/core';
import { takeUntilDestroyed } from '@angular/core/rxjs-interop';
import { AbstractControl, FormControl, FormGroup, ReactiveFormsModule, Validators } from '@angular/forms';
import { MatButtonModule } from '@angular/material/button';
import { MAT_DIALOG_DATA, MatDialogModule, MatDialogRef } from '@angular/material/dialog';
import { MatFormFieldModule } from '@angular/material/form-field';
import { MatInputModule } from '@angular/material/input';
import { MatProgressBarModule } from '@angular/material/progress-bar';
import { MatSelectModule } from '@angular/material/select';

import { Account, AccountType, CURRENCY, NewAccount, TYPES, storable } from './account';
import { AccountsStore } from './accounts-store';
import { check } from './forms';
import { Latest } from './latest';
import { Notice } from './notice';
import { Fault, Problem } from './problem';
import { Sending } from './sending';

/** The result of the dialog: the account as it is stored now, or the wish to delete it. */
export type Outcome = Account | 'remove';

const FIELDS = ['nickname', 'account_number', 'type', 'balance', 'currency'] as const;
type Field = (typeof FIELDS)[number];
const LABELS: Record<Field, string> = {
  nickname: 'The nickname',
  account_number: 'The account number',
  type: 'The type',
  balance: 'The balance',
  currency: 'The currency',
};

/** An error of a control: what the API said about its value. */
const REFUSED = 'refused';

const text = (maxLength: number) =>
  new FormControl('', { nonNullable: true, validators: [Validators.required, Validators.maxLength(maxLength)] });

const balance = (control: AbstractControl) => (control.value === null || storable(control.value) ? null : { cents: true });

/** 128 random bits in hexadecimal. Not `randomUUID`, which a page that is served without TLS does not have. */
const randomKey = () => [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');

/** A new account, or all fields of an existing one. The API decides what it accepts; its faults are shown at their fields. */
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
  protected readonly sending = new Sending<Outcome>((problem) => this.showFaults(problem));
  protected readonly form = new FormGroup({
    nickname: text(100),
    account_number: text(34),
    type: new FormControl<AccountType>('domestic', { nonNullable: true }),
    balance: new FormControl(0, { nonNullable: true, validators: [Validators.required, balance] }),
    currency: new FormControl('', { nonNullable: true, validators: [Validators.pattern(CURRENCY)] }),
  });
  /** The account that is edited; null for a new one. */
  protected readonly latest: Latest | null;
  /** True for an API that has currencies. */
  protected readonly hasCurrency;
  private readonly store = inject(AccountsStore);
  private readonly host = inject<ElementRef<HTMLElement>>(ElementRef);
  private readonly injector = inject(Injector);
  private readonly dialog = inject<MatDialogRef<unknown, Outcome>>(MatDialogRef);
  /** Changes with the values: what is sent again because its response was lost adds no second account. */
  private idempotencyKey = randomKey();

  constructor() {
    const account = inject<Account | NewAccount | null>(MAT_DIALOG_DATA);
    this.latest = account && 'id' in account ? new Latest(account) : null;
    this.hasCurrency = signal(this.store.currency() !== '' || account?.currency !== undefined);
    this.form.controls.currency.setValue(this.store.currency() ?? '');
    this.showValues(account);
    // Values of a new account are as if they were typed: a click outside does not lose them.
    if (account && !this.latest) this.form.markAsDirty();
    void this.latest?.ready.then(() => this.showStored());
    this.form.valueChanges.pipe(takeUntilDestroyed()).subscribe(() => (this.idempotencyKey = randomKey()));
    this.closeByItsUserOnly();
  }

  protected save(): void {
    if (!check(this.form)) this.focusFault();
    else void this.sending.send(() => (this.latest ? this.change(this.latest) : this.store.create(this.values(), this.idempotencyKey)));
  }

  protected remove(): void {
    this.dialog.close('remove');
  }

  /** What the API says about a field, as a sentence; empty if it says nothing. */
  protected refused(field: Field): string {
    return (this.form.controls[field].getError(REFUSED) as string | undefined) ?? '';
  }

  /** A click outside is easily made by mistake, so it closes the dialog only while nothing was typed; Escape always does. */
  private closeByItsUserOnly(): void {
    const close = (allowed: boolean) => allowed && !this.sending.busy() && this.dialog.close();
    this.dialog.backdropClick().subscribe(() => close(!this.form.dirty));
    this.dialog.keydownEvents().subscribe(({ key }) => close(key === 'Escape'));
  }

  private async change(latest: Latest): Promise<Account> {
    await latest.ready;
    const changes = this.changes(latest.account());
    return Object.keys(changes).length ? this.store.change(latest.account(), changes, latest.etag) : latest.account();
  }

  /** What was typed; an account without a currency has no such field. */
  private values(): NewAccount {
    const { currency, ...fields } = this.form.getRawValue();
    return currency ? { ...fields, currency } : fields;
  }

  private changes(stored: Account): Partial<NewAccount> {
    const typed = this.values();
    return Object.fromEntries(FIELDS.filter((field) => typed[field] !== stored[field]).map((field) => [field, typed[field]]));
  }

  /** Show the fields as they are stored, except those that were edited. */
  private showStored(): void {
    const account = this.latest?.account();
    this.showValues(account);
    // The API's way to take a currency away is not known.
    if (account?.currency) this.form.controls.currency.addValidators(Validators.required);
  }

  private showValues(account: NewAccount | null | undefined): void {
    if (!account) return;
    for (const field of FIELDS) {
      const control: AbstractControl = this.form.controls[field];
      if (!control.dirty) control.setValue(account[field] ?? '');
    }
  }

  /** Show faults at their fields; returns what remains of the problem, null if nothing does. */
  private async showFaults(problem: Problem): Promise<Problem | null> {
    if (problem.kind === 'changed') {
      await this.latest?.refresh();
      this.showStored();
    }
    const hasField = (fault: Fault): fault is Fault & { field: Field } => FIELDS.some((field) => field === fault.field);
    const faults = problem.faults ?? [];
    if (faults.length === 0) return problem;
    // An API may have currencies though none of its accounts is on the page. Rendering a field validates it, so that comes first.
    if (faults.some(({ field }) => field === 'currency')) await this.renderCurrency();
    for (const { field, problem: what } of faults.filter(hasField)) {
      this.form.controls[field].setErrors({ [REFUSED]: `${LABELS[field]} ${what}.` });
    }
    this.focusFault();
    const others = faults.filter((fault) => !hasField(fault));
    return others.length ? { ...problem, faults: others } : null;
  }

  private renderCurrency(): Promise<void> {
    this.hasCurrency.set(true);
    return new Promise((resolve) => afterNextRender(resolve, { injector: this.injector }));
  }

  private focusFault(): void {
    const first = FIELDS.find((field) => this.form.controls[field].invalid);
    this.host.nativeElement.querySelector<HTMLElement>(`[formControlName=${first}]`)?.focus();
  }
}
