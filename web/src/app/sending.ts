import { inject, signal } from '@angular/core';
import { MatDialogRef } from '@angular/material/dialog';

import { Problem, problemOf } from './problem';

/**
 * The request of a dialog. The dialog closes when the request has succeeded, and shows the problem when it has not.
 * While the request is on its way the dialog cannot be closed, because its outcome must be seen.
 */
export class Sending<T> {
  readonly busy = signal(false);
  readonly problem = signal<Problem | null>(null);
  private readonly dialog = inject<MatDialogRef<unknown, T>>(MatDialogRef);

  /** `handle` may show parts of a problem elsewhere, and returns what remains of it. */
  constructor(private readonly handle: (problem: Problem) => Promise<Problem | null> = async (problem) => problem) {}

  /** Send the request, unless one is on its way; the dialog closes with what it returns. */
  async send(request: () => Promise<T>): Promise<void> {
    if (this.busy()) return;
    const { disableClose } = this.dialog;
    this.dialog.disableClose = true;
    this.busy.set(true);
    this.problem.set(null);
    try {
      this.dialog.close(await request());
    } catch (error) {
      const problem = problemOf(error);
      this.problem.set(await this.handle(problem).catch(() => problem));
    } finally {
      this.busy.set(false);
      this.dialog.disableClose = disableClose;
    }
  }
}
