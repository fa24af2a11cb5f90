import { inject, signal } from '@angular/core';
import { MatDialogRef } from '@angular/material/dialog';

import { Problem, problemOf } from './problem';

/**
 * What a dialog sends: busy until the answer is there, closed when it was taken, shows why when it was not. While it
 * is busy the dialog stays: what was sent cannot be taken back, and its outcome has to be seen.
 */
export class Sending<T> {
  readonly busy = signal(false);
  readonly problem = signal<Problem | null>(null);
  private readonly dialog = inject<MatDialogRef<unknown, T>>(MatDialogRef);

  /** `placed` shows parts of a problem elsewhere, and returns what remains of it. */
  constructor(private readonly placed: (problem: Problem) => Promise<Problem | null> = async (problem) => problem) {}

  /** Send it, unless that is being done; the dialog closes with what the request returns. */
  async send(request: () => Promise<T>): Promise<void> {
    if (this.busy()) return;
    this.turn(true);
    this.problem.set(null);
    try {
      this.dialog.close(await request());
    } catch (error) {
      const problem = problemOf(error);
      this.problem.set(await this.placed(problem).catch(() => problem));
    } finally {
      this.turn(false);
    }
  }

  private turn(busy: boolean): void {
    this.busy.set(busy);
    this.dialog.disableClose = busy;
  }
}
