import { Component, computed, input } from '@angular/core';

import { Problem } from './problem';

/** A problem, in three lines: what, why, what next. */
@Component({
  selector: 'app-notice',
  template: `
    <div class="notice" [class.passing]="passing()" [attr.role]="passing() ? 'status' : 'alert'">
      <h2>{{ problem().what }}</h2>
      <p>{{ problem().why }}</p>
      @for (fault of problem().faults; track $index) {
        <p>{{ fault.field.replaceAll('_', ' ') }} {{ fault.problem }}</p>
      }
      <p class="next">{{ next() ?? problem().next }}</p>
      <div class="more"><ng-content /></div>
      @if (problem().detail; as detail) {
        <details>
          <summary>Details</summary>
          {{ detail }}
        </details>
      }
    </div>
  `,
  styles: `
    .notice {
      margin: 16px 0;
      padding: 12px 16px;
      border-inline-start: 4px solid var(--mat-sys-error);
      border-radius: 8px;
      background: var(--mat-sys-error-container);
      color: var(--mat-sys-on-error-container);
      overflow-wrap: anywhere;
    }
    .passing {
      border-color: var(--mat-sys-secondary);
      background: var(--mat-sys-secondary-container);
      color: var(--mat-sys-on-secondary-container);
    }
    p {
      margin: 6px 0 0;
    }
    .more {
      display: flex;
      flex-direction: column;
      align-items: start;
      gap: 8px;
      margin-top: 12px;
    }
    .more:empty {
      display: none;
    }
    details {
      margin-top: 8px;
      font: var(--mat-sys-body-small);
    }
    summary {
      width: fit-content;
      cursor: pointer;
    }
    .next {
      font-weight: 600;
    }
  `,
})
export class Notice {
  readonly problem = input.required<Problem>();
  /** What to do next, if it is not what the problem says. */
  readonly next = input<string>();
  /** True for a problem that will pass by itself, which needs no alarm. */
  protected readonly passing = computed(() => this.problem().retryAfter !== undefined);
}
