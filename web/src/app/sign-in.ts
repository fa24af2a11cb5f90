import { NgTemplateOutlet } from '@angular/common';
import { Component, ElementRef, afterRenderEffect, computed, inject, signal } from '@angular/core';
import { FormControl, FormGroup, ReactiveFormsModule, Validators } from '@angular/forms';
import { MatButtonModule } from '@angular/material/button';
import { MatFormFieldModule } from '@angular/material/form-field';
import { MatInputModule } from '@angular/material/input';
import { MatProgressBarModule } from '@angular/material/progress-bar';

import { backend } from './configuration';
import { demoUser } from './demo-user';
import { EnvironmentBadge } from './environment';
import { check, forgetRefusals } from './forms';
import { Notice } from './notice';
import { PasswordField } from './password-field';
import { NETWORK, Problem } from './problem';
import { Session, Step } from './session';

const field = () => new FormControl('', { nonNullable: true, validators: [Validators.required] });

/** An error of a control: what the user pool said about its value. */
const REFUSED = 'refused';

/** The form to sign in, and those for the steps that the user pool requires after it. */
@Component({
  selector: 'app-sign-in',
  imports: [
    NgTemplateOutlet,
    ReactiveFormsModule,
    MatButtonModule,
    MatFormFieldModule,
    MatInputModule,
    MatProgressBarModule,
    EnvironmentBadge,
    Notice,
    PasswordField,
  ],
  templateUrl: './sign-in.html',
  styleUrl: './sign-in.scss',
})
export class SignIn {
  protected readonly session = inject(Session);
  protected readonly step = signal<Step>({ kind: 'password' });
  protected readonly busy = signal(false);
  protected readonly problem = signal<Problem | null>(null);
  protected readonly form = new FormGroup({ username: field(), password: field() });
  protected readonly reply = new FormGroup({ answer: field() });
  protected readonly replacement = new FormGroup({ code: field(), password: field() });
  protected readonly demoUser = computed(() => backend()?.page?.demoUser);
  protected readonly local = computed(() => backend()?.page?.cloud === 'local');
  private readonly host = inject<ElementRef<HTMLElement>>(ElementRef);

  constructor() {
    afterRenderEffect(() => {
      this.step();
      this.host.nativeElement.querySelector('input')?.focus();
    });
  }

  protected async signIn(): Promise<void> {
    const { username, password } = this.form.getRawValue();
    if (check(this.form)) await this.proceed(() => this.session.signIn(username.trim(), password), this.form.controls.password);
  }

  /** Have a code sent to the user whose name was typed. */
  protected async forgot(): Promise<void> {
    const { username } = this.form.controls;
    forgetRefusals(this.form);
    username.markAsTouched();
    if (username.valid) await this.proceed(() => this.session.forgot(username.value.trim()), username);
  }

  /** Replace the forgotten password. */
  protected async reset(username: string): Promise<void> {
    const { code, password } = this.replacement.controls;
    if (!check(this.replacement)) return;
    const fieldOf = (error: Error) => (error.name === 'InvalidPasswordException' ? password : code);
    await this.proceed(() => this.session.reset(username, code.value.trim(), password.value), fieldOf);
  }

  /** Sign in as the embedded cloud's user. The password is read when the button is pressed, and not stored. */
  protected async useDemoUser(): Promise<void> {
    forgetRefusals(this.form);
    await this.proceed(async () => {
      const { username, password } = await demoUser();
      return this.session.signIn(username, password);
    }, this.form.controls.password);
  }

  protected async sendReply(): Promise<void> {
    const { answer } = this.reply.controls;
    if (check(this.reply)) await this.proceed(() => this.session.answer(answer.value), answer);
  }

  /** Leave a step that cannot be completed, or that is another user's. */
  protected startAgain(): void {
    forgetRefusals(this.form);
    this.step.set({ kind: 'password' });
    this.problem.set(null);
  }

  /** What is wrong at a field: what the user pool said, or else that it is `missing`. */
  protected errorAt(control: FormControl<string>, missing: string): string {
    return (control.getError(REFUSED) as string | null) ?? missing;
  }

  /** Go to the next step. `field` is where a refusal is shown. */
  private async proceed(request: () => Promise<Step>, field: FormControl | ((refusal: Error) => FormControl)): Promise<void> {
    if (this.busy()) return;
    this.busy.set(true);
    this.problem.set(null);
    try {
      this.step.set(await request());
      this.reply.reset();
      this.replacement.reset();
    } catch (error) {
      this.showError(error as Error, field instanceof FormControl ? field : field(error as Error));
    } finally {
      this.busy.set(false);
    }
  }

  /** Cognito's own words if it refuses; a network that is down is not a refusal. */
  private showError(error: Error, field: FormControl): void {
    if (error.name === NETWORK) {
      this.problem.set({
        kind: 'network',
        what: 'The user pool gave no answer.',
        why: 'It is not reachable from this browser.',
        next: this.local() ? 'Check that the embedded cloud runs: accountsctl dev starts it' : 'Check the network, and try again.',
      });
      return;
    }
    field.setErrors({ [REFUSED]: error.message || error.name });
    field.markAsTouched();
  }
}
