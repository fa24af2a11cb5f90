"""Operations that change stacks: what callers may request, and how they are refused.

Each method is the operation of its name in snake case; it takes the parsed input and the region, and
gives the members of the operation's output. What has no method here is refused, not imitated.
"""

from __future__ import annotations

from dataclasses import replace

from accountsctl.localcloud.cloudformation.api.change_sets import ChangeSets
from accountsctl.localcloud.cloudformation.api.requests import (
    Input,
    Operations,
    Output,
    adopt,
    checked_name,
    is_repeated,
    read_options,
    read_submission,
    template_text,
)
from accountsctl.localcloud.cloudformation.errors import CloudFormationError
from accountsctl.localcloud.cloudformation.execution.engine import Engine
from accountsctl.localcloud.cloudformation.execution.waiting import place_of
from accountsctl.localcloud.cloudformation.planning import policy
from accountsctl.localcloud.cloudformation.runtime.artifacts import read_template
from accountsctl.localcloud.cloudformation.runtime.signals import Signal
from accountsctl.localcloud.cloudformation.runtime.state import Stack


class StackOperations:
    """Creates, updates and deletes stacks, as `operations` lists it."""

    def __init__(self, engine: Engine, change_sets: ChangeSets) -> None:
        self._engine = engine
        self._store = engine.store
        self._change_sets = change_sets
        self.operations: Operations = {
            "CancelUpdateStack": self.cancel_update_stack,
            "ContinueUpdateRollback": self.continue_update_rollback,
            "CreateStack": self.create_stack,
            "DeleteStack": self.delete_stack,
            "RollbackStack": self.rollback_stack,
            "SetStackPolicy": self.set_stack_policy,
            "SignalResource": self.signal_resource,
            "UpdateStack": self.update_stack,
            "UpdateTerminationProtection": self.update_termination_protection,
        }

    def create_stack(self, request: Input, region: str) -> Output:
        name = checked_name(request["StackName"], "stackName")
        text = template_text(request, self._engine.runtime.clients, region)
        with self._store.lock:
            existing = self._store.find(name, region)
            if existing and is_repeated(existing, request):
                return {"StackId": existing.id}
            reviewed = existing if existing and existing.status == "REVIEW_IN_PROGRESS" else None
            if existing and not reviewed:
                raise CloudFormationError(f"Stack [{name}] already exists", "AlreadyExistsException")
            stack = reviewed or self._engine.new_stack(name, region)
        try:
            adopt(stack, request)
            self._engine.create(stack, read_submission(request, text, None), read_options(request))
        except Exception:
            with self._store.lock:
                if not reviewed:
                    del self._store.stacks[stack.id]
            raise
        self._change_sets.make_obsolete(stack)
        return {"StackId": stack.id}

    def update_stack(self, request: Input, region: str) -> Output:
        stack = self._existing(request, region)
        if is_repeated(stack, request):
            return {"StackId": stack.id}
        text = template_text(request, self._engine.runtime.clients, region, stack)
        if "StackPolicyBody" in request or "StackPolicyURL" in request:
            self.set_stack_policy(request, region)
        override = self._policy(request, region, "StackPolicyDuringUpdate")
        options = replace(read_options(request), policy_during_update=override)
        self._engine.update(stack, read_submission(request, text, stack), options)
        self._change_sets.make_obsolete(stack)
        return {"StackId": stack.id}

    def delete_stack(self, request: Input, region: str) -> Output:
        stack = self._store.find(request["StackName"], region)
        if stack is None or stack.status == "DELETE_COMPLETE" or is_repeated(stack, request):
            return {}
        root = self._store.stacks.get(stack.root_id or "", stack)
        if root.protected:
            raise CloudFormationError(
                f"Stack [{stack.name}] cannot be deleted while TerminationProtection is enabled"
            )
        options = replace(read_options(request), deletion_mode=request.get("DeletionMode"))
        self._engine.delete(stack, options, list(request.get("RetainResources", [])))
        return {}

    def cancel_update_stack(self, request: Input, region: str) -> Output:
        self._engine.cancel_update(self._existing(request, region))
        return {}

    def continue_update_rollback(self, request: Input, region: str) -> Output:
        stack = self._existing(request, region)
        if not is_repeated(stack, request):
            skip = list(request.get("ResourcesToSkip", []))
            self._engine.continue_rollback(stack, read_options(request), skip)
        return {}

    def rollback_stack(self, request: Input, region: str) -> Output:
        stack = self._existing(request, region)
        if not is_repeated(stack, request):
            self._engine.rollback(stack, read_options(request))
        return {"StackId": stack.id}

    def set_stack_policy(self, request: Input, region: str) -> Output:
        stack = self._existing(request, region)
        if "StackPolicyBody" in request and "StackPolicyURL" in request:
            raise CloudFormationError("You cannot specify both StackPolicyURL and StackPolicyBody")
        text = self._policy(request, region, "StackPolicy")
        if text is None:
            raise CloudFormationError("You must specify either StackPolicyURL or StackPolicyBody")
        stack.policy = text
        self._store.changed()
        return {}

    def signal_resource(self, request: Input, region: str) -> Output:
        stack = self._existing(request, region)
        logical_id = request["LogicalResourceId"]
        place = place_of(stack, logical_id)
        if not stack.busy or not self._engine.runtime.signals.expects(place):
            record = stack.resources.get(logical_id)
            status = record.status if record else stack.status
            raise CloudFormationError(
                f"Resource {logical_id} of stack {stack.id} is in {status} state and can not be signaled."
            )
        self._engine.runtime.signals.send(place, Signal(request["UniqueId"], request["Status"]))
        return {}

    def _existing(self, request: Input, region: str) -> Stack:
        """The stack that is to be changed."""
        stack = self._store.find(request["StackName"], region)
        if stack is None:
            raise CloudFormationError(f"Stack [{request['StackName']}] does not exist")
        return stack

    def _policy(self, request: Input, region: str, member: str) -> str | None:
        """The checked text of a policy that a request holds, or that stands at the address it gives."""
        text: str | None = request.get(f"{member}Body")
        if text is None and f"{member}URL" in request:
            text = read_template(request[f"{member}URL"], self._engine.runtime.clients, region)
        if text is not None:
            policy.check(text)
        return text

    def update_termination_protection(self, request: Input, region: str) -> Output:
        stack = self._existing(request, region)
        if stack.parent_id:
            raise CloudFormationError(
                "TerminationProtection can only be set on root stacks; for nested stacks it follows the root's"
            )
        stack.protected = request["EnableTerminationProtection"]
        self._store.changed()
        return {"StackId": stack.id}
