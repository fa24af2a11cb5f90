import { Component, inject, signal } from '@angular/core';
import { MatButtonModule } from '@angular/material/button';
import { MatProgressBarModule } from '@angular/material/progress-bar';

import { AccountsPage } from './accounts-page';
import { configure } from './configuration';
import { Notice } from './notice';
import { Problem, problemOf } from './problem';
import { Session } from './session';
import { SignIn } from './sign-in';

/** The page: the configuration first, then the session, then the accounts. */
@Component({
  selector: 'app-root',
  imports: [AccountsPage, MatButtonModule, MatProgressBarModule, Notice, SignIn],
  template: `
    @if (problem(); as found) {
      <main>
        <h1>Accounts</h1>
        <app-notice [problem]="found"><button matButton (click)="start()">Try again</button></app-notice>
      </main>
    } @else if (session.user() === undefined) {
      <mat-progress-bar mode="indeterminate" aria-label="Loading" />
    } @else if (session.user() === null) {
      <app-sign-in />
    } @else {
      <app-accounts-page />
    }
  `,
  styles: `
    main {
      max-width: 40rem;
      margin: 0 auto;
      padding: 12vh 16px 16px;
    }
  `,
})
export class App {
  protected readonly session = inject(Session);
  protected readonly problem = signal<Problem | null>(null);

  constructor() {
    void this.start();
  }

  protected async start(): Promise<void> {
    this.problem.set(null);
    try {
      await configure();
      await this.session.restore();
    } catch (error) {
      this.problem.set(problemOf(error));
    }
  }
}
