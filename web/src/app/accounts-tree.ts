import { Component, ElementRef, Injector, afterNextRender, afterRenderEffect, computed, inject, input, output, signal, viewChild } from '@angular/core';
import { MatTree, MatTreeModule } from '@angular/material/tree';

import { Account, AccountType, Group, More, Node, Total, accountKey, amount, balanceText, cents, countText, groupKey, totalText } from './account';

/**
 * The accounts as a tree. Arrow keys move and open; Enter opens a group, shows more or edits; Delete deletes. Tab
 * reaches the buttons of the row that has the focus only, because there may be thousands of rows.
 */
@Component({
  selector: 'app-accounts-tree',
  imports: [MatTreeModule],
  templateUrl: './accounts-tree.html',
  styleUrl: './accounts-tree.scss',
})
export class AccountsTree {
  readonly groups = input.required<readonly Group[]>();
  /** True if amounts need no currency: the head of the column names it, or there is none. */
  readonly plain = input(true);
  readonly more = output<AccountType>();
  readonly edit = output<Account>();
  readonly remove = output<Account>();

  /** The key of the row that has the focus, or contains it. */
  protected readonly active = signal('');
  /** The key of the account that was added or changed last. */
  protected readonly lit = signal('');
  protected readonly closed = signal<ReadonlySet<string>>(new Set());
  private readonly host = inject<ElementRef<HTMLElement>>(ElementRef);
  private readonly injector = inject(Injector);
  private readonly tree = viewChild.required<MatTree<Node, string>>(MatTree);

  /** The tree's own type of its data is mutable. */
  protected readonly dataSource = computed((): Node[] => [...this.groups()]);
  protected readonly children = (node: Node): Node[] => (node.kind === 'group' ? [...node.children] : []);
  protected readonly key = (node: Node): string => node.key;
  protected readonly track = (_: number, node: Node): string => node.key;
  protected readonly isGroup = (_: number, node: Node): boolean => node.kind === 'group';
  protected readonly isMore = (_: number, node: Node): boolean => node.kind === 'more';
  protected readonly balance = (account: Account): string => (this.plain() ? amount(cents(account.balance)) : balanceText(account));
  protected readonly countText = countText;
  protected readonly sum = (total: Total): string => (this.plain() ? amount(total.cents) : totalText(total));

  constructor() {
    // The tree registers its groups while it is rendered; before that they cannot be opened.
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

  /** The key of the account below this one, or above it if it is the last of its group. */
  neighbour(account: Account): string | undefined {
    const rows = this.groups().find(({ type }) => type === account.type)?.children ?? [];
    const at = rows.findIndex((node) => node.kind === 'account' && node.account.id === account.id);
    return [rows[at + 1], rows[at - 1]].find((node) => node?.kind === 'account')?.key;
  }

  /** Show an account that was added or changed: open its group, focus its row, and highlight it for a moment. */
  show(account: Account): void {
    const key = accountKey(account);
    this.setClosed(groupKey(account.type), false);
    this.lit.set(key);
    afterNextRender(() => this.focus(key), { injector: this.injector });
  }

  /** Focus an account's row, or the first row if there is none with this key. */
  focus(key: string | undefined): void {
    const rows: HTMLElement[] = [...this.host.nativeElement.querySelectorAll<HTMLElement>('mat-tree-node')];
    (rows.find((row) => row.dataset['key'] === key) ?? rows[0])?.focus();
  }

  /** Show more of a group, and focus the first new row: the row "Show more" has moved away, or is gone. */
  protected showMore({ type, key }: More): void {
    const rows = () => this.groups().find((group) => group.type === type)?.children ?? [];
    const at = rows().findIndex((node) => node.key === key);
    this.more.emit(type);
    afterNextRender(() => this.focus(rows()[at]?.key), { injector: this.injector });
  }

  protected setClosed(key: string, closed: boolean): void {
    if (this.closed().has(key) === closed) return;
    this.closed.update((keys) => new Set(closed ? [...keys, key] : [...keys].filter((other) => other !== key)));
  }

  protected toggle(node: Node): void {
    this.tree().toggle(node);
  }

  protected keyPressed(event: KeyboardEvent, account: Account): void {
    if (event.target !== event.currentTarget || event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.key === 'Enter' || event.key === 'F2') this.edit.emit(account);
    else if (event.key === 'Delete') this.remove.emit(account);
    else return;
    event.preventDefault();
  }
}
