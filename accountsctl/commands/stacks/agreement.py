"""What has to be agreed to before a push, and how: `--yes` covers changes, and never the loss of data.

Whatever loses data is agreed to by its name: with `--allow-data-loss`, or typed at a terminal; in a protected
environment both are needed.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from accountsctl.model.environment import Cloud, Environment
from accountsctl.model.errors import Declined, UsageError
from accountsctl.model.names import ROOT_CATEGORY
from accountsctl.model.plan import Action, Change, Plan
from accountsctl.model.template_body import STACK
from accountsctl.planning.stateful import HOLDS_DATA
from accountsctl.ports.stacks import IntendedChange, Review

FLAG = "--allow-data-loss"


class Questions(Protocol):
    """Someone at a terminal."""

    def confirm(self, question: str) -> bool:
        """The answer to a yes-or-no question."""

    def text(self, question: str) -> str:
        """What is typed in answer to a question."""


@dataclass(frozen=True)
class Agreement:
    """What the flags agree to: `yes` to changes, `allowed` to the loss of these resources' data (``category/name``).

    `terminal` is asked for what is missing; None if there is none.
    """

    yes: bool
    allowed: Collection[str]
    terminal: Questions | None

    def settle(self, plan: Plan) -> None:
        """Return if the plan is agreed to; raises UsageError if an agreement is missing, Declined if it is refused."""
        environment = plan.assembly.environment
        self._require_flags(plan.losses, environment)
        typed = [change for change in plan.losses if self._must_be_typed(change, environment)]
        for change in typed:
            self._type(change)
        question = question_for(plan)
        if question and not typed and not self.yes:
            self._confirm(question)

    def _require_flags(self, losses: Sequence[Change], environment: Environment) -> None:
        """Refuse all losses at once that neither a flag nor anyone at a terminal can agree to."""
        missing = [
            change
            for change in losses
            if str(change.id) not in self.allowed and (environment.protected or self.terminal is None)
        ]
        if missing:
            flags = " ".join(f"{FLAG} {change.id}" for change in missing)
            raise UsageError(
                f"This push would lose data of {', '.join(str(change.id) for change in missing)}; nothing was changed.",
                why="\n".join(sentence for change in missing for sentence in loss_sentences(change)),
                hint=f"If that is intended, pass {flags} (--yes does not cover it).",
            )
        if losses and environment.protected and self.terminal is None:
            raise UsageError(
                f"The environment {environment.name} is protected, and this push would lose data.",
                why=f"{FLAG} is not enough here: the names must be typed too, and there is no terminal to ask at.",
                hint=f'Push from a terminal, or first remove "protected" from {environment.name}.json.',
            )

    def _must_be_typed(self, change: Change, environment: Environment) -> bool:
        return environment.protected or str(change.id) not in self.allowed

    def _type(self, change: Change) -> None:
        assert self.terminal is not None
        if self.terminal.text(f"Type {change.id} to agree to the loss of its data") != str(change.id):
            raise Declined("Nothing was changed.", why=f"That was not {change.id}.")

    def _confirm(self, question: str) -> None:
        if self.terminal is None:
            raise UsageError(
                "This needs a confirmation, and there is no terminal to ask at.",
                why=question,
                hint="Pass --yes to confirm.",
            )
        if not self.terminal.confirm(question):
            raise Declined("Nothing was changed.", why="You said no.")


def question_for(plan: Plan) -> str | None:
    """The question to confirm before a push; None if it needs no confirmation.

    On the embedded cloud a push needs none: what loses data is agreed to by name.
    """
    environment = plan.assembly.environment
    return None if environment.cloud is Cloud.LOCAL or plan.empty else f"Push to {environment.stack_name}?"


def loss_sentences(change: Change) -> Iterator[str]:
    """One sentence for each data-holding resource that goes with a change, and what is kept of it."""
    for replacement in change.replaces:
        if replacement.holds_data:
            verb = "is" if replacement.certain else "may be"
            how = f"{verb} replaced by {replacement.by} ({', '.join(replacement.properties)})"
            yield f"{change.id}: {replacement.logical_id} ({replacement.type}) {how}; {replacement.remains}."
    for deletion in change.deletes:
        if deletion.holds_data:
            verb = "is" if deletion.certain else "may be"
            yield f"{change.id}: {deletion.logical_id} ({deletion.type}) {verb} deleted; {deletion.remains}."


def review_of(plan: Plan, allowed: Collection[str]) -> Review:
    """What a change set is checked against before it is executed."""

    def review(intended: Sequence[IntendedChange]) -> None:
        check_intended(plan, allowed, intended)
        if plan.assembly.adopted:
            check_frozen(plan, intended)

    return review


def check_frozen(plan: Plan, intended: Sequence[IntendedChange]) -> None:
    """UsageError if AWS would change something in an adopted backend that the plan leaves as it is.

    A nested stack of the root may change: its template stands at another address. What AWS calls dynamic changes only
    if an output does.
    """
    changing = {
        (_stack(change), change.id.name) for change in plan.changes if change.action is not Action.NONE
    }
    stacks = {stack for stack, _ in changing}
    for change in intended:
        stack, name = change.stack, change.name
        planned = stack in stacks if stack else ("", name) in changing or name in stacks
        if change.dynamic or planned or (not stack and change.type == STACK and change.action == "Modify"):
            continue
        where = f"{stack}.{name}" if stack else name
        raise UsageError(
            f"AWS would {change.action.lower()} {where} ({change.type}), which is adopted; nothing was changed.",
            why="An adopted backend stays as it is, but for what you changed; the plan leaves this resource alone.",
            hint="Adopt the environment again, in case Amplify deployed it meanwhile: accountsctl adopt",
        )


def check_intended(plan: Plan, allowed: Collection[str], intended: Sequence[IntendedChange]) -> None:
    """UsageError if AWS would replace or delete what holds data and the plan did not name.

    Only what AWS is sure of counts: a change set calls every consumer of a changed output "Conditional".
    """
    known = {(_stack(change), name) for change in plan.changes for name in _named(change)}
    stacks = {child.id.logical_id: str(child.id) for child in plan.assembly.children}
    for change in intended:
        stack, name = change.stack, change.name
        owner = stacks.get(stack, f"{ROOT_CATEGORY}/{name}")
        if (
            change.ends_resource
            and change.type in HOLDS_DATA
            and (stack, name) not in known
            and owner not in allowed
        ):
            action = "delete" if change.action == "Remove" else "replace"
            raise UsageError(
                f"AWS would {action} {name} ({change.type}) of {owner}, which holds data; nothing was changed.",
                why="The change set states it; the templates do not show it.",
                hint=f"If that is intended, pass {FLAG} {owner}.",
            )


def _stack(change: Change) -> str:
    return "" if change.id.category == ROOT_CATEGORY else change.id.logical_id


def _named(change: Change) -> Iterator[str]:
    yield from (replacement.logical_id for replacement in change.replaces)
    yield from (deletion.logical_id for deletion in change.deletes)
