import { Component, ElementRef, Injector, afterNextRender, afterRenderEffect, inject, input, output, signal, viewChild } from '@angular/core';
import { MatTree, MatTreeModule } from '@angular/material/tree';

import { Account, AccountType, Group, More, Node, Total, amount, cents, counted, money, written } from './account';

/**
 * The accounts as a tree. Arrow keys move and open, Enter opens a group or shows more or edits, Delete deletes;
 * a row's buttons can be reached by Tab while it has the focus, so that Tab does not stop at all of thousands.
 */
@Component({
  selector: 'app-accounts-tree',
  imports: [MatTreeModule],
  templateUrl: './accounts-tree.html',
  styleUrl: './accounts-tree.scss',
})
export class AccountsTree {
  readonly groups = input.required<readonly Group[]>();
  /** True where the head of the column names the currency, so that amounts need not. */
  readonly plain = input(true);
  readonly more = output<AccountType>();
  readonly edit = output<Account>();
  readonly remove = output<Account>();

  /** The key of the row that has the focus, or in which something has. */
  protected readonly active = signal('');
  /** The key of the account that was added or changed last. */
  protected readonly lit = signal('');
  protected readonly closed = signal<ReadonlySet<string>>(new Set());
  private readonly host = inject<ElementRef<HTMLElement>>(ElementRef);
  private readonly injector = inject(Injector);
  private readonly tree = viewChild.required<MatTree<Node, string>>(MatTree);

  protected readonly children = (node: Node): Node[] => (node.kind === 'group' ? [...node.children] : []);
  protected readonly key = (node: Node): string => node.key;
  protected readonly track = (_: number, node: Node): string => node.key;
  protected readonly isGroup = (_: number, node: Node): boolean => node.kind === 'group';
  protected readonly isMore = (_: number, node: Node): boolean => node.kind === 'more';
  protected readonly balance = (account: Account): string => (this.plain() ? amount(cents(account.balance)) : money(account));
  protected readonly counted = counted;
  protected readonly sum = (total: Total): string => (this.plain() ? amount(total.cents) : written(total));

  constructor() {
    // The tree learns of its groups while it is drawn; only after that can they be opened.
    afterRenderEffect(() => {
      for (const group of this.groups()) {
        if (this.closed().has(group.key)) this.tree().collapse(group);
        else this.tree().expand(group);
      }
    });
  }

  expandAll(): void {
    this.closed.set(new Set());
  }

  collapseAll(): void {
    this.closed.set(new Set(this.groups().map(({ key }) => key)));
  }

  /** The key of the account that stands below this one, or above it where it is the last of its group. */
  beside(account: Account): string | undefined {
    const rows = this.groups().find(({ type }) => type === account.type)?.children ?? [];
    const at = rows.findIndex((node) => node.kind === 'account' && node.account.id === account.id);
    return [rows[at + 1], rows[at - 1]].find((node) => node?.kind === 'account')?.key;
  }

  /** Show an account that was added or changed: its group is opened, it has the focus, and is lit up for a moment. */
  show(account: Account): void {
    const key = `account-${account.id}`;
    this.closed.update((closed) => new Set([...closed].filter((each) => each !== `group-${account.type}`)));
    this.lit.set(key);
    afterNextRender(() => this.focus(key), { injector: this.injector });
  }

  /** Give the focus to an account's row; to the first row where there is none. */
  focus(key: string | undefined): void {
    const rows: HTMLElement[] = [...this.host.nativeElement.querySelectorAll<HTMLElement>('mat-tree-node')];
    (rows.find((row) => row.dataset['key'] === key) ?? rows[0])?.focus();
  }

  /** Show more of a group. The row that was pressed moves away, or is gone; the first new one takes its place. */
  protected next({ type, key }: More): void {
    const shown = this.groups().find((group) => group.type === type)!.children.findIndex((node) => node.key === key);
    this.more.emit(type);
    const first = () => this.groups().find((group) => group.type === type)?.children[shown]?.key;
    afterNextRender(() => this.focus(first()), { injector: this.injector });
  }

  protected turned(node: Node, open: boolean): void {
    if (this.closed().has(node.key) !== open) return;
    this.closed.update((closed) => new Set(open ? [...closed].filter((key) => key !== node.key) : [...closed, node.key]));
  }

  protected toggle(node: Node): void {
    this.tree().toggle(node);
  }

  protected pressed(event: KeyboardEvent, account: Account): void {
    if (event.target !== event.currentTarget || event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.key === 'Enter' || event.key === 'F2') this.edit.emit(account);
    else if (event.key === 'Delete') this.remove.emit(account);
    else return;
    event.preventDefault();
  }
}
