"""CloudFormation's public API over the engine: what callers may ask, and how they are refused.

Each method is the operation of its name in snake case; it takes the parsed input and the region, and
gives the members of the operation's output. What has no method here is refused, not imitated.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from accountsctl.localcloud.cloudformation.api.change_sets import ChangeSets, change_set_arn
from accountsctl.localcloud.cloudformation.errors import CloudFormationError
from accountsctl.localcloud.cloudformation.execution.engine import Engine, Options
from accountsctl.localcloud.cloudformation.planning import policy
from accountsctl.localcloud.cloudformation.planning.preparation import Submission
from accountsctl.localcloud.cloudformation.runtime.artifacts import MAX_BODY, read_template
from accountsctl.localcloud.cloudformation.runtime.state import ChangeSet, Stack, now
from accountsctl.localcloud.cloudformation.template.parsing import load

Input = Mapping[str, Any]
Output = dict[str, Any]
NAME = re.compile(r"[a-zA-Z][-a-zA-Z0-9]{0,127}")


class CloudFormationApi:
    """The operations that are imitated, as `operations` lists them."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._store = engine.store
        self._change_sets = ChangeSets(engine)
        self.operations: dict[str, Callable[[Input, str], Output]] = {
            "CancelUpdateStack": self.cancel_update_stack,
            "ContinueUpdateRollback": self.continue_update_rollback,
            "CreateChangeSet": self.create_change_set,
            "CreateStack": self.create_stack,
            "DeleteChangeSet": self.delete_change_set,
            "DeleteStack": self.delete_stack,
            "ExecuteChangeSet": self.execute_change_set,
            "RollbackStack": self.rollback_stack,
            "SetStackPolicy": self.set_stack_policy,
            "UpdateStack": self.update_stack,
            "UpdateTerminationProtection": self.update_termination_protection,
        }

    def create_stack(self, it: Input, region: str) -> Output:
        name = _checked_name(it["StackName"], "stackName")
        text = self._template(it, region)
        with self._store.lock:
            existing = self._store.find(name, region)
            if existing and it.get("ClientRequestToken") and existing.token == it["ClientRequestToken"]:
                return {"StackId": existing.id}
            if existing:
                raise CloudFormationError(f"Stack [{name}] already exists", "AlreadyExistsException")
            stack = self._engine.new_stack(name, region)
        try:
            self._adopt(stack, it)
            self._engine.create(stack, _submission(it, text, None), _options(it))
        except Exception:
            with self._store.lock:
                del self._store.stacks[stack.id]
            raise
        return {"StackId": stack.id}

    def update_stack(self, it: Input, region: str) -> Output:
        stack = self._store.get(it["StackName"], region)
        if it.get("ClientRequestToken") and stack.token == it["ClientRequestToken"]:
            return {"StackId": stack.id}
        text = self._template(it, region, stack)
        if "StackPolicyBody" in it:
            self.set_stack_policy(it, region)
        self._engine.update(stack, _submission(it, text, stack), _options(it))
        self._change_sets.make_obsolete(stack)
        return {"StackId": stack.id}

    def delete_stack(self, it: Input, region: str) -> Output:
        if it.get("DeletionMode") == "FORCE_DELETE_STACK":
            raise CloudFormationError("The embedded cloud does not imitate FORCE_DELETE_STACK")
        stack = self._store.find(it["StackName"], region)
        if stack is None or stack.status == "DELETE_COMPLETE":
            return {}
        root = self._store.stacks.get(stack.root_id or "", stack)
        if root.protected:
            raise CloudFormationError(
                f"Stack [{stack.name}] cannot be deleted while TerminationProtection is enabled"
            )
        self._engine.delete(stack, _options(it), list(it.get("RetainResources", [])))
        return {}

    def cancel_update_stack(self, it: Input, region: str) -> Output:
        self._engine.cancel_update(self._store.get(it["StackName"], region))
        return {}

    def continue_update_rollback(self, it: Input, region: str) -> Output:
        stack = self._store.get(it["StackName"], region)
        self._engine.continue_rollback(stack, _options(it), list(it.get("ResourcesToSkip", [])))
        return {}

    def rollback_stack(self, it: Input, region: str) -> Output:
        stack = self._store.get(it["StackName"], region)
        self._engine.rollback(stack, _options(it))
        return {"StackId": stack.id}

    def set_stack_policy(self, it: Input, region: str) -> Output:
        stack = self._store.get(it["StackName"], region)
        text = it.get("StackPolicyBody")
        if text is None and "StackPolicyURL" in it:
            text = read_template(it["StackPolicyURL"], self._engine.runtime.clients, region)
        if text is None:
            raise CloudFormationError("You must specify either StackPolicyURL or StackPolicyBody")
        policy.check(text)
        stack.policy = text
        self._store.changed()
        return {}

    def update_termination_protection(self, it: Input, region: str) -> Output:
        stack = self._store.get(it["StackName"], region)
        if stack.parent_id:
            raise CloudFormationError(
                "TerminationProtection can only be set on root stacks; for nested stacks it follows the root's"
            )
        stack.protected = it["EnableTerminationProtection"]
        self._store.changed()
        return {"StackId": stack.id}

    def create_change_set(self, it: Input, region: str) -> Output:
        kind = it.get("ChangeSetType", "UPDATE")
        for refused in ("ResourcesToImport", "ImportExistingResources", "DeploymentMode"):
            if it.get(refused):
                raise CloudFormationError(f"The embedded cloud does not imitate {refused}")
        name = _checked_name(it["ChangeSetName"], "changeSetName")
        with self._store.lock:
            stack = self._reviewed(it, region) if kind == "CREATE" else self._updatable(it, region)
            mine = [c for c in self._store.change_sets.values() if (c.stack_id, c.name) == (stack.id, name)]
            # One that was executed, or that is obsolete, gives its name up.
            taken = [c for c in mine if c.execution_status not in ("EXECUTE_COMPLETE", "OBSOLETE")]
            if taken and it.get("ClientToken") and taken[0].token == it["ClientToken"]:
                return {"Id": taken[0].id, "StackId": stack.id}
            if taken:
                raise CloudFormationError(f"ChangeSet {name} already exists", "AlreadyExistsException")
        try:
            text = self._template(it, region, stack if kind == "UPDATE" else None)
            submission = _submission(it, text, stack if kind == "UPDATE" else None)
            change_set = ChangeSet(
                id=change_set_arn(region, name),
                name=name,
                stack_id=stack.id,
                stack_name=stack.name,
                created=now(),
                type=kind,
                request=submission.dump(),
                description=it.get("Description"),
                include_nested=bool(it.get("IncludeNestedStacks")),
                on_stack_failure=it.get("OnStackFailure"),
                token=it.get("ClientToken"),
            )
            self._change_sets.create(stack, change_set, submission)
        except CloudFormationError:
            self._drop_unreviewed(stack)
            raise
        return {"Id": change_set.id, "StackId": stack.id}

    def execute_change_set(self, it: Input, region: str) -> Output:
        change_set = self._store.change_set(it["ChangeSetName"], it.get("StackName"), region)
        options = _options({"OnFailure": change_set.on_stack_failure or "ROLLBACK", **it}, change_set.id)
        self._change_sets.execute(change_set, options)
        return {}

    def delete_change_set(self, it: Input, region: str) -> Output:
        try:
            change_set = self._store.change_set(it["ChangeSetName"], it.get("StackName"), region)
        except CloudFormationError as error:
            if error.code != "ChangeSetNotFound":
                raise
            return {}
        self._change_sets.delete(change_set)
        return {}

    def _template(self, it: Input, region: str, previous: Stack | None = None) -> str:
        body, url = it.get("TemplateBody"), it.get("TemplateURL")
        if body is not None and url is not None:
            raise CloudFormationError("Specify exactly one of TemplateBody or TemplateURL")
        if body is not None:
            return _checked_body(body)
        if url is not None:
            return read_template(url, self._engine.runtime.clients, region)
        if previous and it.get("UsePreviousTemplate"):
            return previous.definition.text
        raise CloudFormationError("Either Template URL or Template Body must be specified.")

    def _adopt(self, stack: Stack, it: Input) -> None:
        stack.protected = bool(it.get("EnableTerminationProtection"))
        stack.notification_arns = list(it.get("NotificationARNs", []))
        if "StackPolicyBody" in it:
            policy.check(it["StackPolicyBody"])
            stack.policy = it["StackPolicyBody"]

    def _reviewed(self, it: Input, region: str) -> Stack:
        """The stack that a CREATE change set is for: new, or one that is under review already."""
        name = _checked_name(it["StackName"], "stackName") if ":" not in it["StackName"] else it["StackName"]
        existing = self._store.find(name, region)
        if existing is None:
            stack = self._engine.new_stack(name, region)
            self._adopt(stack, it)
            self._store.stack_status(stack, "REVIEW_IN_PROGRESS", "User Initiated")
            return stack
        if existing.status != "REVIEW_IN_PROGRESS":
            raise CloudFormationError(
                f"Stack [{existing.name}] already exists and cannot be created again with the changeSet "
                f"[{it['ChangeSetName']}]."
            )
        return existing

    def _updatable(self, it: Input, region: str) -> Stack:
        found = self._store.find(it["StackName"], region)
        if found is None:
            raise CloudFormationError(f"Stack [{it['StackName']}] does not exist")
        if found.busy or found.status in ("REVIEW_IN_PROGRESS", "ROLLBACK_COMPLETE", "DELETE_COMPLETE"):
            raise CloudFormationError(f"Stack:{found.id} is in {found.status} state and can not be updated.")
        return found

    def _drop_unreviewed(self, stack: Stack) -> None:
        with self._store.lock:
            kept = any(it.stack_id == stack.id for it in self._store.change_sets.values())
            if stack.status == "REVIEW_IN_PROGRESS" and not kept:
                del self._store.stacks[stack.id]


def _options(it: Input, change_set_id: str | None = None) -> Options:
    on_failure = "DO_NOTHING" if it.get("DisableRollback") else it.get("OnFailure", "ROLLBACK")
    if (it.get("DeploymentConfig") or {}).get("Mode", "STANDARD") != "STANDARD":
        raise CloudFormationError("The embedded cloud does not imitate the EXPRESS deployment mode")
    return Options(
        on_failure=on_failure,
        retain_except_on_create=bool(it.get("RetainExceptOnCreate")),
        token=it.get("ClientRequestToken"),
        change_set_id=change_set_id,
    )


def _submission(it: Input, text: str, previous: Stack | None) -> Submission:
    """What the caller wants; what is not said stays as in `previous`."""
    before = previous.definition if previous else None
    given: dict[str, str] = {}
    for parameter in it.get("Parameters", []):
        name = parameter["ParameterKey"]
        if not parameter.get("UsePreviousValue"):
            given[name] = parameter.get("ParameterValue", "")
            continue
        if before is None or name not in before.parameters:
            raise CloudFormationError(
                f"Invalid input for parameter key {name}. Cannot specify usePreviousValue as true for a "
                "parameter key not in the previous template"
            )
        if name in before.given:
            given[name] = before.given[name]
    template = load(text)
    if before is not None and it.get("UsePreviousTemplate") and "Parameters" not in it:
        given = {name: value for name, value in before.given.items() if name in template.parameters}
    tags = {tag["Key"]: tag["Value"] for tag in it["Tags"]} if "Tags" in it else None
    return Submission(
        template=template,
        given=given,
        tags=tags if tags is not None else dict(before.tags) if before else {},
        capabilities=list(it.get("Capabilities", [])),
    )


def _checked_name(name: str, member: str) -> str:
    if not NAME.fullmatch(name):
        raise CloudFormationError(
            f"1 validation error detected: Value '{name}' at '{member}' failed to satisfy constraint: Member "
            "must satisfy regular expression pattern: [a-zA-Z][-a-zA-Z0-9]*"
        )
    return name


def _checked_body(body: str) -> str:
    if len(body.encode()) > MAX_BODY:
        raise CloudFormationError(
            "1 validation error detected: Value at 'templateBody' failed to satisfy constraint: Member must "
            f"have length less than or equal to {MAX_BODY}"
        )
    return body
