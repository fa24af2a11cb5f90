"""Operations that create, execute and delete change sets."""

from __future__ import annotations

from dataclasses import replace

from accountsctl.localcloud.cloudformation.api.change_set_creation import change_set_arn
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
from accountsctl.localcloud.cloudformation.runtime.state import ChangeSet, Stack, now


class ChangeSetOperations:
    """Checks what is requested; `change_sets` carries it out."""

    def __init__(self, engine: Engine, change_sets: ChangeSets) -> None:
        self._engine = engine
        self._store = engine.store
        self._change_sets = change_sets
        self.operations: Operations = {
            "CreateChangeSet": self.create_change_set,
            "DeleteChangeSet": self.delete_change_set,
            "ExecuteChangeSet": self.execute_change_set,
        }

    def create_change_set(self, request: Input, region: str) -> Output:
        kind = request.get("ChangeSetType", "UPDATE")
        name = checked_name(request["ChangeSetName"], "changeSetName")
        with self._store.lock:
            repeated = self._sent_before(request, name)
            if repeated:
                return {"Id": repeated.id, "StackId": repeated.stack_id}
            stack = self._reviewed(request, region) if kind == "CREATE" else self._updatable(request, region)
            mine = [c for c in self._store.change_sets.values() if (c.stack_id, c.name) == (stack.id, name)]
            # One that was executed, or that is obsolete, gives its name up.
            taken = [c for c in mine if c.execution_status not in ("EXECUTE_COMPLETE", "OBSOLETE")]
            if taken:
                raise CloudFormationError(f"ChangeSet {name} already exists", "AlreadyExistsException")
        try:
            previous = stack if kind == "UPDATE" else None
            text = template_text(request, self._engine.runtime.clients, region, previous)
            submission = replace(read_submission(request, text, previous), reviewed=True)
            change_set = ChangeSet(
                id=change_set_arn(region, name),
                name=name,
                stack_id=stack.id,
                stack_name=stack.name,
                created=now(),
                type=kind,
                request=submission.dump(),
                description=request.get("Description"),
                include_nested=bool(request.get("IncludeNestedStacks")),
                on_stack_failure=request.get("OnStackFailure"),
                token=request.get("ClientToken"),
                role=request.get("RoleARN"),
            )
            self._change_sets.create(stack, change_set, submission)
        except CloudFormationError:
            self._drop_unreviewed(stack)
            raise
        return {"Id": change_set.id, "StackId": stack.id}

    def execute_change_set(self, request: Input, region: str) -> Output:
        change_set = self._store.change_set(request["ChangeSetName"], request.get("StackName"), region)
        options = read_options(
            {"OnFailure": change_set.on_stack_failure or "ROLLBACK", "RoleARN": change_set.role, **request},
            change_set.id,
        )
        if not is_repeated(self._store.stacks.get(change_set.stack_id), request):
            self._change_sets.execute(change_set, options)
        return {}

    def delete_change_set(self, request: Input, region: str) -> Output:
        try:
            change_set = self._store.change_set(request["ChangeSetName"], request.get("StackName"), region)
        except CloudFormationError as error:
            if error.code != "ChangeSetNotFound":
                raise
            return {}
        self._change_sets.delete(change_set)
        return {}

    def _sent_before(self, request: Input, name: str) -> ChangeSet | None:
        """The change set that this very request made, executed since or not: its response was lost on its way."""
        token, stack = request.get("ClientToken"), request["StackName"]
        return next(
            (
                change_set
                for change_set in self._store.change_sets.values()
                if token
                and (change_set.token, change_set.name) == (token, name)
                and stack in (change_set.stack_id, change_set.stack_name)
            ),
            None,
        )

    def _reviewed(self, request: Input, region: str) -> Stack:
        """The stack that a CREATE change set is for: new, or one that is under review already."""
        name = request["StackName"]
        if ":" not in name:  # an ARN would not pass
            checked_name(name, "stackName")
        existing = self._store.find(name, region)
        if existing is None and ":" in name:
            raise CloudFormationError(f"Stack [{name}] does not exist")
        if existing is None:
            stack = self._engine.new_stack(name, region)
            adopt(stack, request)
            self._store.stack_status(stack, "REVIEW_IN_PROGRESS", "User Initiated")
            return stack
        if existing.status != "REVIEW_IN_PROGRESS":
            raise CloudFormationError(
                f"Stack [{name}] already exists and cannot be created again with the changeSet "
                f"[{request['ChangeSetName']}]."
            )
        return existing

    def _updatable(self, request: Input, region: str) -> Stack:
        stack = self._store.find(request["StackName"], region)
        if stack is None:
            raise CloudFormationError(f"Stack [{request['StackName']}] does not exist")
        if stack.busy or stack.status in ("REVIEW_IN_PROGRESS", "ROLLBACK_COMPLETE", "DELETE_COMPLETE"):
            raise CloudFormationError(f"Stack:{stack.id} is in {stack.status} state and can not be updated.")
        return stack

    def _drop_unreviewed(self, stack: Stack) -> None:
        with self._store.lock:
            in_use = any(one.stack_id == stack.id for one in self._store.change_sets.values())
            if stack.status == "REVIEW_IN_PROGRESS" and not in_use:
                del self._store.stacks[stack.id]
