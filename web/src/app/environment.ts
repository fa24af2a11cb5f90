import { Component, computed } from '@angular/core';

import { backend, critical } from './configuration';

/** The environment, as a badge whose colour warns, and the host of its API. */
@Component({
  selector: 'app-environment',
  template: `
    @if (page(); as shown) {
      <span class="badge" [class.aws]="shown.cloud === 'aws'" [class.critical]="critical()">
        <span class="cdk-visually-hidden">Environment</span> {{ shown.environment }}<span class="cloud"> · {{ shown.cloud === 'aws' ? 'AWS' : 'local' }}</span>
      </span>
    }
    <span class="host" [title]="endpoint()"><span class="cdk-visually-hidden">API at</span> {{ host() }}</span>
  `,
  styles: `
    :host {
      display: flex;
      align-items: center;
      gap: 10px;
      min-width: 0;
    }
    .badge {
      flex: none;
      padding: 1px 9px;
      border: 1px solid transparent;
      border-radius: 999px;
      background: light-dark(#d3efda, #1f4a2c);
      color: light-dark(#0b4520, #c8f1d3);
      font: var(--mat-sys-label-large);
      white-space: nowrap;
    }
    .cloud {
      font-weight: 400;
      white-space: pre;
    }
    .aws {
      background: light-dark(#ffe3bd, #573b06);
      color: light-dark(#472d00, #ffe0b0);
    }
    .critical {
      background: light-dark(#b3261e, #ffb4ab);
      color: light-dark(#ffffff, #5a0905);
    }
    .host {
      overflow: hidden;
      color: var(--mat-sys-on-surface-variant);
      font: var(--mat-sys-body-small);
      text-overflow: ellipsis;
      white-space: nowrap;
    }
    @media (width < 37.5rem) {
      :host {
        flex-direction: column;
        align-items: start;
        gap: 2px;
      }
      .badge {
        padding: 0 7px;
        font: var(--mat-sys-label-medium);
      }
      .host {
        max-width: 100%;
      }
    }
  `,
})
export class EnvironmentBadge {
  protected readonly page = computed(() => backend()?.page);
  protected readonly critical = computed(() => critical(this.page()));
  protected readonly endpoint = computed(() => backend()?.endpoint ?? '');
  protected readonly host = computed(() => (URL.canParse(this.endpoint()) ? new URL(this.endpoint()).host : ''));
}
