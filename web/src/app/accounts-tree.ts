import { Component, afterRenderEffect, input, output, signal, viewChild } from '@angular/core';
import { MatTree, MatTreeModule } from '@angular/material/tree';

import { Account, AccountType, Group, Node, amount, cents, counted } from './account';

/**
 * The accounts as a tree. Arrow keys move and open, Enter opens a group or shows more, F2 renames, Delete deletes;
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
  readonly more = output<AccountType>();
  readonly rename = output<Account>();
  readonly remove = output<Account>();

  /** The key of the row that has the focus, or in which something has. */
  protected readonly active = signal('');
  protected readonly closed = signal<ReadonlySet<string>>(new Set());
  private readonly tree = viewChild.required<MatTree<Node, string>>(MatTree);

  protected readonly children = (node: Node): Node[] => (node.kind === 'group' ? [...node.children] : []);
  protected readonly key = (node: Node): string => node.key;
  protected readonly track = (_: number, node: Node): string => node.key;
  protected readonly isGroup = (_: number, node: Node): boolean => node.kind === 'group';
  protected readonly isMore = (_: number, node: Node): boolean => node.kind === 'more';
  protected readonly balance = (account: Account): string => amount(cents(account.balance));
  protected readonly counted = counted;
  protected readonly total = (group: Group): string => amount(group.cents);

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

  protected turned(node: Node, open: boolean): void {
    if (this.closed().has(node.key) !== open) return;
    this.closed.update((closed) => new Set(open ? [...closed].filter((key) => key !== node.key) : [...closed, node.key]));
  }

  protected toggle(node: Node): void {
    this.tree().toggle(node);
  }

  protected pressed(event: KeyboardEvent, account: Account): void {
    if (event.target !== event.currentTarget || event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.key === 'F2') this.rename.emit(account);
    else if (event.key === 'Delete') this.remove.emit(account);
    else return;
    event.preventDefault();
  }
}
