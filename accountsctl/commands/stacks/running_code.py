"""Which code runs: what a push does about functions whose code is not what their stack's template names.

CloudFormation compares templates, so it does not see code that was updated past it. `push --watch` does that on AWS:

    watched      before the first such update, the root gets a mark, in the update that deploys the first save
    compared     in a marked root, and for functions that are named, the hash of the code in Lambda is compared
    update       what differs and CloudFormation would leave as it is gets its code by UpdateFunctionCode

A push without `--watch` corrects the code first, then takes the mark away: if it is cut off, the next one begins again.
A root without the mark costs no call.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace

from accountsctl.model.assembly import Assembly, Child
from accountsctl.model.environment import Cloud
from accountsctl.model.events import Listener, Note
from accountsctl.model.names import BUCKET_LOGICAL_ID, ROOT_CATEGORY, WATCH_MARK, ResourceId
from accountsctl.model.plan import Action, Change, CodeUpdate, Plan
from accountsctl.model.template_body import nested_stacks
from accountsctl.planning.function_code import code_keys, differ_in_code_only, is_marked
from accountsctl.ports.artifacts import Artifacts
from accountsctl.ports.function_code import FunctionCodes
from accountsctl.ports.stack_repairs import StackRepairs
from accountsctl.ports.stacks import DeployedStack
from accountsctl.synth.watched import marked

BUCKET_OUTPUT = f"{BUCKET_LOGICAL_ID}Name"
PAST_THE_STACK = "Its code in Lambda is not what the stack deployed: `push --watch`, or someone, updated it."
WITHOUT_THE_STACK = (
    "Its code changed; Lambda gets it directly, and the stack with the next push without --watch."
)
MARK_NOTE = "It says that `push --watch` may update function code past the stack."


@dataclass(frozen=True)
class RunningCode:
    """The code of an environment's functions, over its ports. `watching`: the push is one of `push --watch`."""

    repairs: StackRepairs
    codes: FunctionCodes
    artifacts: Artifacts
    watching: bool = False

    def watched(self, assembly: Assembly, current: DeployedStack | None) -> Assembly:
        """The assembly with the mark, if `push --watch` deploys it to AWS; an adopted root gets none."""
        on_aws = assembly.environment.cloud is Cloud.AWS and not assembly.adopted
        if not (self.watching and on_aws and current is not None):
            return assembly
        changed = is_marked(current.template) or assembly.root.body != current.template
        return marked(assembly) if changed else assembly

    def compared(self, plan: Plan, current: DeployedStack | None, named: Collection[ResourceId]) -> Plan:
        """The plan with the functions that need their code past the stack."""
        if current is None or plan.assembly.adopted:
            return plan
        plan = replace(plan, changes=tuple(_explained(change) for change in plan.changes))
        known = is_marked(current.template)
        children = [
            child for child in plan.assembly.children if child.package and (known or child.id in named)
        ]
        if not children:
            return plan
        code_only = known and self.watching and _code_only(plan.assembly, current)
        found = [
            update
            for child in children
            if code_only or _same_key(child, current)
            for update in self._differing(plan.assembly, child, current)
        ]
        return _with_updates(plan, found, code_only=code_only)

    def update(self, plan: Plan, bucket: str, listen: Listener) -> None:
        """Update what differs; CloudError for the first that Lambda refuses."""
        for update in plan.code_updates:
            child = plan.assembly.child(update.id)
            if child is not None and child.package is not None:
                owner, package = plan.assembly.environment.stack_name, child.package
                self.artifacts.put(bucket, package.key, package.read, owner=owner, renew=True)
            self.codes.update(update.function, bucket, update.key)
            listen(Note(f"updated the code of {update.id} ({update.function})"))

    def _differing(self, assembly: Assembly, child: Child, current: DeployedStack) -> Iterator[CodeUpdate]:
        bucket, stack = current.outputs.get(BUCKET_OUTPUT), current.children.get(child.id.logical_id)
        keys = code_keys(assembly.root.body, child.id.logical_id, child.template.body)
        if bucket is None or stack is None or not keys:
            return
        for resource in self.repairs.resources(stack):
            key = keys.get(resource.logical_id)
            if key is not None and child.package is not None and key == child.package.key:
                actual = self.codes.digest(resource.physical_id)
                if actual is not None and actual != self.artifacts.digest(bucket, key):
                    yield CodeUpdate(child.id, resource.physical_id, key)


def _code_only(assembly: Assembly, current: DeployedStack) -> bool:
    templates = {child.id.logical_id: child.template.body for child in assembly.children}
    return differ_in_code_only(current.template, assembly.root.body, templates)


def _same_key(child: Child, current: DeployedStack) -> bool:
    """Whether the deployed root already names this code, so that CloudFormation finds nothing to update."""
    entry = nested_stacks(current.template).get(child.id.logical_id, {})
    given = entry.get("Properties", {}).get("Parameters", {})
    return child.package is not None and child.package.key in given.values()


def _with_updates(plan: Plan, updates: Sequence[CodeUpdate], *, code_only: bool) -> Plan:
    ids = {update.id for update in updates}
    changes = plan.changes
    if code_only:
        changes = tuple(_by_code(change, updated=change.id in ids) for change in changes)
    else:
        changes = tuple(_corrected(change) if change.id in ids else change for change in changes)
    return replace(plan, changes=changes, code_updates=tuple(updates), code_only=code_only)


def _by_code(change: Change, *, updated: bool) -> Change:
    """The change of a push that updates code only: what the stack does not name, but already runs, is none."""
    if not updated:
        return Change(change.id, change.service, Action.NONE, holds_data=change.holds_data)
    notes = (WITHOUT_THE_STACK,)
    return replace(change, action=Action.UPDATE, reasons=notes, notes=notes, properties=())


def _corrected(change: Change) -> Change:
    reasons, notes = (PAST_THE_STACK, *change.reasons), (PAST_THE_STACK, *change.notes)
    action = Action.UPDATE if change.action is Action.NONE else change.action
    return replace(change, action=action, reasons=reasons, notes=notes)


def _explained(change: Change) -> Change:
    """The change of the mark itself, with what it is."""
    if change.id != ResourceId(ROOT_CATEGORY, WATCH_MARK):
        return change
    return replace(change, reasons=(MARK_NOTE, *change.reasons), notes=(MARK_NOTE, *change.notes))
