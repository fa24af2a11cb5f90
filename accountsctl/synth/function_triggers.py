"""The resources by which a function is called: in its own stack, but for a bucket, which itself names what it calls.

    schedule   a rule of EventBridge, and its right to call the function
    queue      an event source mapping, and the role's right to receive and delete messages
    table      an event source mapping of the table's stream, and the role's right to read that
    topic      a subscription, and the topic's right to call the function
    bucket     in the bucket's stack: its notification, its right to call the function, the function's right to use it

A bucket is created after the function, so the function cannot depend on the bucket: its name comes with each event.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from accountsctl.model.assembly import Child
from accountsctl.model.backend import Dependency
from accountsctl.model.errors import Fault
from accountsctl.model.names import ResourceId, parameter_name
from accountsctl.model.template_body import TemplateBody, TemplateResource
from accountsctl.synth.bucket_triggers import with_bucket_trigger
from accountsctl.synth.canonical import canonical_template
from accountsctl.synth.dependency_rights import (
    FUNCTION,
    arn_of_output,
    function_role,
    output_target,
    with_statements,
)
from accountsctl.synth.faulty import Faulty
from accountsctl.synth.inputs import Inputs
from accountsctl.synth.trigger_inputs import (
    SOURCE_TYPES,
    TRIGGERS,
    FunctionTrigger,
    TriggerSource,
    stated_triggers,
)

RECEIVE = ["sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage"]
READ_STREAM = [
    f"dynamodb:{name}" for name in ("DescribeStream", "GetRecords", "GetShardIterator", "ListStreams")
]
STREAM = "StreamArn"
VISIBILITY = 30
"""Seconds; the default of a queue."""


@dataclass(frozen=True)
class TriggerParts:
    """What a trigger adds to its function's stack."""

    resources: Mapping[str, TemplateResource]
    statements: tuple[dict[str, object], ...] = ()


def with_function_triggers(inputs: Inputs, children: Mapping[ResourceId, Child]) -> dict[ResourceId, Child]:
    """The stacks that the triggers of one function change, by resource. Faulty if one cannot be attached."""
    function = children[inputs.resource.id]
    body, changed = function.template.body, dict[ResourceId, Child]()
    name, role = _function_name(body), function_role(body)
    if name is None:
        return {}
    faults: list[Fault] = []
    for trigger in _live(inputs):
        try:
            if trigger.source is TriggerSource.BUCKET:
                bucket = _target(inputs, trigger, {**children, **changed})
                changed[bucket.id] = with_bucket_trigger(inputs, trigger, bucket)
            else:
                parts = _parts(inputs, trigger, name, children)
                body = {**body, "Resources": {**body["Resources"], **parts.resources}}
                if parts.statements and role:
                    body = with_statements(body, role, list(parts.statements))
        except Faulty as error:
            faults += error.faults
    if faults:
        raise Faulty(*faults)
    if body is not function.template.body:
        template = canonical_template(function.id, function.template.source, body)
        changed[function.id] = replace(function, template=template)
    return changed


def trigger_outputs(inputs: Inputs) -> frozenset[tuple[ResourceId, str]]:
    """The outputs that a function gets only to be called: they give no other right."""
    return frozenset(
        (trigger.on, trigger.output) for trigger in _live(inputs) if trigger.on and trigger.output
    )


def _live(inputs: Inputs) -> Iterator[FunctionTrigger]:
    """The triggers of the function, but for those of resources that the environment omits."""
    omitted = inputs.project.environment.omit
    yield from (
        trigger for trigger in stated_triggers(inputs.parameters.get(TRIGGERS)) if trigger.on not in omitted
    )


def _function_name(body: TemplateBody) -> str | None:
    names = [name for name, resource in body.get("Resources", {}).items() if resource.get("Type") == FUNCTION]
    return names[0] if len(names) == 1 else None


def _parts(
    inputs: Inputs, trigger: FunctionTrigger, function: str, children: Mapping[ResourceId, Child]
) -> TriggerParts:
    if trigger.source is TriggerSource.SCHEDULE:
        return _schedule(trigger, function)
    target = _target(inputs, trigger, children)
    edge, output = _edge(inputs, trigger, target.template.body)
    parameter = parameter_name(edge.on, output)
    source = arn_of_output(target.template.body, output, parameter) or {"Ref": parameter}
    stem = f"{trigger.source.title()}{edge.on.category}{edge.on.name}{output}"
    match trigger.source:
        case TriggerSource.QUEUE:
            _check_visibility(inputs, trigger, target.template.body, output)
            return _mapping(stem, function, source, RECEIVE, {})
        case TriggerSource.TABLE:
            return _mapping(stem, function, source, READ_STREAM, {"StartingPosition": "LATEST"})
        case _:
            return _subscription(stem, function, source)


def _schedule(trigger: FunctionTrigger, function: str) -> TriggerParts:
    name = f"Schedule{hashlib.sha256(trigger.expression.encode()).hexdigest()[:8]}"
    rule: TemplateResource = {
        "Type": "AWS::Events::Rule",
        "Properties": {
            "ScheduleExpression": trigger.expression,
            "State": "ENABLED",
            "Targets": [{"Arn": {"Fn::GetAtt": [function, "Arn"]}, "Id": "Function"}],
        },
    }
    source = {"Fn::GetAtt": [name, "Arn"]}
    return TriggerParts({name: rule, f"{name}Permission": _permission(function, "events", source)})


def _mapping(
    name: str, function: str, source: object, actions: list[str], more: Mapping[str, object]
) -> TriggerParts:
    mapping: TemplateResource = {
        "Type": "AWS::Lambda::EventSourceMapping",
        "Properties": {"EventSourceArn": source, "FunctionName": {"Ref": function}, **more},
    }
    statement: dict[str, object] = {"Effect": "Allow", "Action": actions, "Resource": source}
    return TriggerParts({name: mapping}, (statement,))


def _subscription(name: str, function: str, topic: object) -> TriggerParts:
    subscription: TemplateResource = {
        "Type": "AWS::SNS::Subscription",
        "DependsOn": [f"{name}Permission"],
        "Properties": {
            "TopicArn": topic,
            "Protocol": "lambda",
            "Endpoint": {"Fn::GetAtt": [function, "Arn"]},
        },
    }
    return TriggerParts({name: subscription, f"{name}Permission": _permission(function, "sns", topic)})


def _permission(function: str, service: str, source: object) -> TemplateResource:
    return {
        "Type": "AWS::Lambda::Permission",
        "Properties": {
            "Action": "lambda:InvokeFunction",
            "FunctionName": {"Ref": function},
            "Principal": f"{service}.amazonaws.com",
            "SourceArn": source,
        },
    }


def _target(inputs: Inputs, trigger: FunctionTrigger, children: Mapping[ResourceId, Child]) -> Child:
    assert trigger.on is not None
    child = children.get(trigger.on)
    if child is None:
        known = inputs.project.backend.get(trigger.on) is not None
        what = f"{trigger.on}, of a trigger, {'has faults' if known else 'does not exist'}."
        raise Faulty(inputs.fault(TRIGGERS, what, "Correct it, or remove the trigger."))
    return child


def _edge(inputs: Inputs, trigger: FunctionTrigger, body: TemplateBody) -> tuple[Dependency, str]:
    """The dependency by which the function gets its trigger's ARN, and the output that is it."""
    for edge in inputs.resource.depends_on:
        if edge.on == trigger.on:
            outputs = [trigger.output] if trigger.output else edge.attributes
            fitting = [
                name for name in outputs if name in edge.attributes and names_source(trigger, body, name)
            ]
            if fitting:
                return edge, fitting[0]
    what = f"the trigger {trigger} needs the output of {trigger.on} that names its {trigger.source}."
    command = f"accountsctl add trigger {inputs.resource.id.name} {trigger}"
    raise Faulty(inputs.fault(TRIGGERS, what, f"Take it out of the list, and add it by: {command}"))


def names_source(trigger: FunctionTrigger, body: TemplateBody, output: str) -> bool:
    """Whether an output of a stack stands for what a trigger of this kind needs: for a table, its stream."""
    target = output_target(body, output)
    if target is None or target.type != SOURCE_TYPES[trigger.source]:
        return False
    if trigger.source is TriggerSource.TABLE:
        return target.attribute == STREAM
    return arn_of_output(body, output, "") is not None


def _check_visibility(inputs: Inputs, trigger: FunctionTrigger, body: TemplateBody, output: str) -> None:
    """Lambda refuses a queue that hands a message out again while the function still has it."""
    target = output_target(body, output)
    queue = body["Resources"][target.logical_id] if target else {}
    visible, timeout = queue.get("Properties", {}).get("VisibilityTimeout", VISIBILITY), _timeout(inputs)
    if isinstance(visible, int) and visible < timeout:
        what = (
            f"{trigger.on}'s VisibilityTimeout of {visible} s is below the function's timeout of {timeout} s."
        )
        hint = f"Set it to {6 * timeout}, six times the timeout, as AWS advises, or shorten the timeout."
        raise Faulty(inputs.fault(TRIGGERS, what, hint))


def _timeout(inputs: Inputs) -> int:
    timeout = inputs.parameters.get("timeout", 25)
    return timeout if isinstance(timeout, int) else 25
