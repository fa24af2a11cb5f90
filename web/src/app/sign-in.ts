import { Component, ElementRef, afterRenderEffect, computed, inject, signal, viewChild } from '@angular/core';
import { FormControl, FormGroup, ReactiveFormsModule, Validators } from '@angular/forms';
import { MatButtonModule } from '@angular/material/button';
import { MatFormFieldModule } from '@angular/material/form-field';
import { MatInputModule } from '@angular/material/input';
import { MatProgressBarModule } from '@angular/material/progress-bar';

import { backend } from './configuration';
import { demoUser } from './demo-user';
import { EnvironmentBadge } from './environment';
import { Notice } from './notice';
import { NETWORK, Problem } from './problem';
import { Session, Step } from './session';

const field = () => new FormControl('', { nonNullable: true, validators: [Validators.required] });

/** Forget what the pool refused: it may have been changed there, or typed again. */
function recheck(form: FormGroup): void {
  for (const control of Object.values(form.controls)) control.updateValueAndValidity();
}

/** The form to sign in with, and the one for what the user pool asks after that. */
@Component({
  selector: 'app-sign-in',
  imports: [ReactiveFormsModule, MatButtonModule, MatFormFieldModule, MatInputModule, MatProgressBarModule, EnvironmentBadge, Notice],
  templateUrl: './sign-in.html',
  styleUrl: './sign-in.scss',
})
export class SignIn {
  protected readonly session = inject(Session);
  protected readonly step = signal<Step>({ ask: 'password' });
  protected readonly busy = signal(false);
  protected readonly refusal = signal('');
  protected readonly visible = signal(false);
  protected readonly demoUser = computed(() => backend()?.page?.demoUser);
  protected readonly problem = signal<Problem | null>(null);
  protected readonly form = new FormGroup({
    username: field(),
    password: field(),
  });
  protected readonly reply = new FormGroup({ answer: field() });
  protected readonly replacement = new FormGroup({ code: field(), password: field() });
  protected readonly local = computed(() => backend()?.page?.cloud === 'local');
  private readonly first = viewChild<ElementRef<HTMLElement>>('first');

  constructor() {
    afterRenderEffect(() => this.first()?.nativeElement.focus());
  }

  protected async signIn(): Promise<void> {
    const { username, password } = this.form.getRawValue();
    recheck(this.form);
    if (this.form.valid) await this.ask(() => this.session.signIn(username.trim(), password), this.form.controls.password);
  }

  /** Have a code sent to whoever forgot the password; the name that was typed says to whom. */
  protected async forgot(): Promise<void> {
    const { username } = this.form.controls;
    recheck(this.form);
    username.markAsTouched();
    if (username.valid) await this.ask(() => this.session.forgot(username.value.trim()), username);
  }

  /** Replace the forgotten password. */
  protected async reset(username: string): Promise<void> {
    const { code, password } = this.replacement.controls;
    recheck(this.replacement);
    if (!this.replacement.valid) return;
    const refused = (error: Error) => (error.name === 'InvalidPasswordException' ? password : code);
    await this.ask(() => this.session.reset(username, code.value.trim(), password.value), refused);
  }

  /** Sign in as the embedded cloud's user. Its password is read for this one press, and kept nowhere. */
  protected async useDemoUser(): Promise<void> {
    await this.ask(async () => {
      const { username, password } = await demoUser();
      return this.session.signIn(username, password);
    }, this.form.controls.password);
  }

  protected async answer(): Promise<void> {
    const { answer } = this.reply.controls;
    recheck(this.reply);
    if (this.reply.valid) await this.ask(() => this.session.answer(answer.value), answer);
  }

  /** What the pool asked for cannot be answered any more, or is another user's: sign in again. */
  protected again(): void {
    this.step.set({ ask: 'password' });
    this.refusal.set('');
    this.problem.set(null);
  }

  /** `at` is the field at which a refusal stands. */
  private async ask(question: () => Promise<Step>, at: FormControl | ((refusal: Error) => FormControl)): Promise<void> {
    if (this.busy()) return;
    this.busy.set(true);
    this.refusal.set('');
    this.problem.set(null);
    try {
      this.step.set(await question());
      this.reply.reset();
      this.replacement.reset();
    } catch (error) {
      this.tell(error as Error, at instanceof FormControl ? at : at(error as Error));
    } finally {
      this.busy.set(false);
    }
  }

  /** Cognito's own words where it refuses; a network that is down is not a refusal. */
  private tell(error: Error, refused: FormControl): void {
    if (error.name === NETWORK) {
      this.problem.set({
        kind: 'network',
        what: 'The user pool gave no answer.',
        why: 'It is not reachable from this browser.',
        next: 'Check the network, and that the backend runs: accountsctl dev starts it',
      });
      return;
    }
    this.refusal.set(error.message || error.name);
    refused.setErrors({ refused: true });
    refused.markAsTouched();
  }
}
