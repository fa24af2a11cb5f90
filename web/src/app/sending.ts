import { inject, signal } from '@angular/core';
import { MatDialogRef } from '@angular/material/dialog';

import { Problem, problemOf } from './problem';

/**
 * What a dialog sends: busy until the answer is there, closed when it was taken, shows why when it was not. While it
 * is busy the dialog stays: what was sent cannot be taken back, and its outcome has to be seen.
 */
export class Sending {
  readonly busy = signal(false);
  readonly problem = signal<Problem | null>(null);
  private readonly dialog = inject<MatDialogRef<unknown, boolean>>(MatDialogRef);

  /** Send it, unless that is being done; the dialog closes with true. */
  async send(request: () => Promise<unknown>): Promise<void> {
    if (this.busy()) return;
    this.turn(true);
    try {
      await request();
      this.dialog.close(true);
    } catch (error) {
      this.problem.set(problemOf(error));
    } finally {
      this.turn(false);
    }
  }

  private turn(busy: boolean): void {
    this.busy.set(busy);
    this.dialog.disableClose = busy;
  }
}
