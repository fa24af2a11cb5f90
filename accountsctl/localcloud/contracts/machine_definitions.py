"""Which state machines the embedded cloud runs: what is left is refused when it is created, each part by name.

https://states-language.net/spec.html
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

_LAMBDA = re.compile(r"arn:[\w-]+:lambda:[\w-]+:\d{12}:function:[\w-]+(:[\w$-]+)?")
_INTEGRATION = re.compile(r"arn:[\w-]+:states:[\w-]*:\d*:(?P<action>[\w:.-]+)")
ACTIONS = (
    r"lambda:invoke(\.waitForTaskToken)?",
    r"sqs:sendMessage(\.waitForTaskToken)?",
    r"sns:publish",
    r"events:putEvents",
    r"dynamodb:(getItem|putItem|updateItem|deleteItem)",
    r"states:startExecution(\.sync(:2)?)?",
    r"aws-sdk:(lambda|sqs|sns|eventbridge|dynamodb|s3|ssm|secretsmanager|sfn|rdsdata|cognitoidentityprovider):\w+",
)
"""The service integrations whose services are here."""


def faults(definition: str) -> list[str]:
    """What of a definition the embedded cloud does not run; [] also for what is not JSON, which the parser refuses."""
    try:
        content = json.loads(definition)
    except ValueError:
        return []
    return list(_faults(content)) if isinstance(content, Mapping) else []


def _faults(machine: Mapping[str, Any]) -> Iterator[str]:
    if machine.get("QueryLanguage") == "JSONata":
        yield "JSONata"
    states = machine.get("States")
    for name, state in states.items() if isinstance(states, Mapping) else ():
        if isinstance(state, Mapping):
            for fault in _state(state):
                yield f"{fault} (state {name})"


def _state(state: Mapping[str, Any]) -> Iterator[str]:
    if state.get("QueryLanguage") == "JSONata":
        yield "JSONata"
    if state.get("Type") == "Task" and not _runs(str(state.get("Resource", ""))):
        yield f"the resource {state.get('Resource')}"
    for member in ("ItemReader", "ResultWriter"):
        if member in state:
            yield member
    for branch in state.get("Branches") or ():
        yield from _faults(branch)
    for member in ("Iterator", "ItemProcessor"):
        processor = state.get(member)
        if isinstance(processor, Mapping):
            if (processor.get("ProcessorConfig") or {}).get("Mode") == "DISTRIBUTED":
                yield "a distributed map"
            yield from _faults(processor)


def _runs(resource: str) -> bool:
    if "${" in resource:
        return True  # a substitution decides it, when the state machine is created
    integration = _INTEGRATION.fullmatch(resource)
    if integration:
        return any(re.fullmatch(action, integration["action"]) for action in ACTIONS)
    return _LAMBDA.fullmatch(resource) is not None
