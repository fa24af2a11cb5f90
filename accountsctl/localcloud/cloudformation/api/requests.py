"""What requests have in common: names, templates, parameters, and how an operation is run."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, TypeAlias

from accountsctl.localcloud.cloudformation.api.arguments import check_resource_types
from accountsctl.localcloud.cloudformation.errors import CloudFormationError
from accountsctl.localcloud.cloudformation.execution.engine import Options
from accountsctl.localcloud.cloudformation.planning import policy
from accountsctl.localcloud.cloudformation.planning.preparation import Submission
from accountsctl.localcloud.cloudformation.runtime.artifacts import MAX_BODY, read_template
from accountsctl.localcloud.cloudformation.runtime.stack_runtime import ClientFactory, StackRuntime
from accountsctl.localcloud.cloudformation.runtime.state import Stack
from accountsctl.localcloud.cloudformation.runtime.store import Store
from accountsctl.localcloud.cloudformation.runtime.turns import StackBusyError
from accountsctl.localcloud.cloudformation.template.parsing import load

Input: TypeAlias = Mapping[str, Any]
"""The parsed input of an operation, by the member names of botocore's shape."""

Output: TypeAlias = dict[str, Any]
"""The members of an operation's output."""

Operations: TypeAlias = dict[str, Callable[[Input, str], Output]]
"""Operations by name; each takes the input and the region."""

NAME = re.compile(r"[a-zA-Z][-a-zA-Z0-9]*")
LONGEST_NAME = 128


def template_text(request: Input, clients: ClientFactory, region: str, previous: Stack | None = None) -> str:
    """The template of a request: its text, its object in S3, or that of `previous`."""
    body, url = request.get("TemplateBody"), request.get("TemplateURL")
    if request.get("UsePreviousTemplate") and (body is not None or url is not None):
        raise CloudFormationError(
            "You cannot specify both usePreviousTemplate and Template Body/Template URL"
        )
    if body is not None and url is not None:
        raise CloudFormationError("Specify exactly one of TemplateBody or TemplateURL")
    if body is not None:
        return checked_body(body)
    if url is not None:
        return read_template(url, clients, region)
    if previous and request.get("UsePreviousTemplate"):
        return previous.definition.text
    raise CloudFormationError("Either Template URL or Template Body must be specified.")


def adopt(stack: Stack, request: Input) -> None:
    """Give a new stack what a request states besides its template."""
    stack.protected = bool(request.get("EnableTerminationProtection"))
    stack.timeout_minutes = request.get("TimeoutInMinutes")
    if "StackPolicyBody" in request:
        policy.check(request["StackPolicyBody"])
        stack.policy = request["StackPolicyBody"]


def read_options(request: Input, change_set_id: str | None = None) -> Options:
    on_failure = "DO_NOTHING" if request.get("DisableRollback") else request.get("OnFailure", "ROLLBACK")
    return Options(
        on_failure=on_failure,
        retain_except_on_create=bool(request.get("RetainExceptOnCreate")),
        token=request.get("ClientRequestToken"),
        role=request.get("RoleARN"),
        change_set_id=change_set_id,
    )


def is_repeated(stack: Stack | None, request: Input) -> bool:
    """Whether the stack's latest operation was begun by this request, whose response was lost on its way.

    A caller who sends it again must neither begin a second operation nor be refused.
    """
    token = request.get("ClientRequestToken")
    return stack is not None and token is not None and stack.token == token


@contextmanager
def turn(runtime: StackRuntime, action: str, request: Input, region: str) -> Iterator[None]:
    """The turn of a request that changes a stack; raises CloudFormationError if the stack's own macro sends it."""
    name = _stack_name(runtime.store, request)
    token = request.get("ClientRequestToken") or request.get("ClientToken")
    try:
        with runtime.turns.of(region, name, token):
            yield
    except StackBusyError:
        if action == "CreateStack":  # to AWS the operation has begun
            raise CloudFormationError(f"Stack [{name}] already exists", "AlreadyExistsException") from None
        raise CloudFormationError(
            f"Stack [{name}] is being changed by an operation whose macro is still running."
        ) from None


def _stack_name(store: Store, request: Input) -> str:
    """The name of the stack that a request changes, also if it names the stack or a change set by ARN."""
    change_set = store.change_sets.get(request.get("ChangeSetName", ""))
    named = request.get("StackName") or (change_set.stack_name if change_set else "")
    return named.split("/")[1] if named.startswith("arn:") and "/" in named else named


def read_submission(request: Input, text: str, previous: Stack | None) -> Submission:
    """What the stack is to become; a parameter that is not stated takes its default, tags stay as in `previous`."""
    before = previous.definition if previous else None
    given: dict[str, str] = {}
    _refuse_repeated([parameter["ParameterKey"] for parameter in request.get("Parameters", [])])
    for parameter in request.get("Parameters", []):
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
    if request.get("ResourceTypes"):
        check_resource_types(request["ResourceTypes"], template)
    tags = {tag["Key"]: tag["Value"] for tag in request["Tags"]} if "Tags" in request else None
    return Submission(
        template=template,
        given=given,
        tags=tags if tags is not None else dict(before.tags) if before else {},
        capabilities=list(request.get("Capabilities", [])),
        adopts=bool(request.get("ImportExistingResources")),
        notifications=request.get("NotificationARNs"),
        rollback=request.get("RollbackConfiguration"),
    )


def _refuse_repeated(names: list[str]) -> None:
    repeated = sorted({name for name in names if names.count(name) > 1})
    if repeated:
        raise CloudFormationError(f"Parameters: [{', '.join(repeated)}] are given more than once")


def checked_name(name: str, member: str) -> str:
    if len(name) > LONGEST_NAME:
        raise CloudFormationError(
            f"1 validation error detected: Value '{name}' at '{member}' failed to satisfy constraint: Member must "
            f"have length less than or equal to {LONGEST_NAME}"
        )
    if not NAME.fullmatch(name):
        arn = "|arn:[-a-zA-Z0-9:/._+]*" if member == "stackName" else ""
        raise CloudFormationError(
            f"1 validation error detected: Value '{name}' at '{member}' failed to satisfy constraint: Member "
            f"must satisfy regular expression pattern: [a-zA-Z][-a-zA-Z0-9]*{arn}"
        )
    return name


def checked_body(body: str) -> str:
    """The template of a request, which must not be longer than one may be that is not in S3."""
    if len(body.encode()) > MAX_BODY:
        raise CloudFormationError(
            f"1 validation error detected: Value '{body}' at 'templateBody' failed to satisfy constraint: Member must "
            f"have length less than or equal to {MAX_BODY}"
        )
    return body
