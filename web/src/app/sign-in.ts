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
  private readonly first = viewChild<ElementRef<HTMLElement>>('first');

  constructor() {
    afterRenderEffect(() => this.first()?.nativeElement.focus());
  }

  protected async signIn(): Promise<void> {
    const { username, password } = this.form.getRawValue();
    // What the pool refused is asked again: it may have been changed there.
    this.form.controls.password.updateValueAndValidity();
    if (this.form.valid) await this.ask(() => this.session.signIn(username.trim(), password));
  }

  /** Sign in as the embedded cloud's user. Its password is read for this one press, and kept nowhere. */
  protected async useDemoUser(): Promise<void> {
    await this.ask(async () => {
      const { username, password } = await demoUser();
      return this.session.signIn(username, password);
    });
  }

  protected async answer(): Promise<void> {
    const { answer } = this.reply.getRawValue();
    this.reply.controls.answer.updateValueAndValidity();
    if (this.reply.valid) await this.ask(() => this.session.answer(answer));
  }

  /** What the pool asked for cannot be answered any more, or is another user's: sign in again. */
  protected again(): void {
    this.step.set({ ask: 'password' });
    this.refusal.set('');
    this.problem.set(null);
  }

  private async ask(question: () => Promise<Step>): Promise<void> {
    if (this.busy()) return;
    this.busy.set(true);
    this.refusal.set('');
    this.problem.set(null);
    try {
      this.step.set(await question());
      this.reply.reset();
    } catch (error) {
      this.tell(error as Error);
    } finally {
      this.busy.set(false);
    }
  }

  /** Cognito's own words where it refuses; a network that is down is not a refusal. */
  private tell(error: Error): void {
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
    // The pool does not say which of the two is wrong; the error stands at the one that is typed again.
    const refused = this.step().ask === 'password' ? this.form.controls.password : this.reply.controls.answer;
    refused.setErrors({ refused: true });
    refused.markAsTouched();
  }
}
