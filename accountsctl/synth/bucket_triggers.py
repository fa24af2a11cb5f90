"""The notification of a bucket: written into the bucket's stack, whoever wrote its template."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from accountsctl.model.assembly import Child
from accountsctl.model.names import parameter_name
from accountsctl.model.template_body import TemplateBody, TemplateResource
from accountsctl.synth.canonical import canonical_template
from accountsctl.synth.dependency_rights import output_target
from accountsctl.synth.faulty import Faulty
from accountsctl.synth.granted_types import RIGHTS
from accountsctl.synth.inputs import Inputs
from accountsctl.synth.trigger_inputs import SOURCE_TYPES, TRIGGERS, FunctionTrigger, TriggerSource

BUCKET = SOURCE_TYPES[TriggerSource.BUCKET]
NEEDED = ("Name", "Arn", "LambdaExecutionRole")
"""What a bucket gets of the function that it calls."""


def with_bucket_trigger(inputs: Inputs, trigger: FunctionTrigger, child: Child) -> Child:
    """The bucket's stack with its notification, its right to call the function, and the function's right to use it.

    Faulty if the bucket does not get what is `NEEDED`, or if it is not clear which bucket is meant.
    """
    function, body = inputs.resource.id, child.template.body
    if child.id in inputs.project.frozen:
        hint = f"Render it from the project's files first: accountsctl convert {child.id}"
        raise Faulty(
            inputs.fault(TRIGGERS, f"{child.id} stays as it was adopted, so it gets no trigger.", hint)
        )
    requested = {
        name for edge in child.resource.depends_on if edge.on == function for name in edge.attributes
    }
    if missing := [name for name in NEEDED if name not in requested]:
        what = f"{child.id} calls {function}, so its dependsOn must request {', '.join(missing)} of it."
        command = f"accountsctl add trigger {function.name} {trigger}"
        raise Faulty(
            inputs.fault(TRIGGERS, what, f"Take the trigger out of the list, and add it by: {command}")
        )
    name = chosen_bucket(inputs, trigger, body)
    parameters = {attribute: parameter_name(function, attribute) for attribute in NEEDED}
    stem = f"{name}{function.name}"
    bucket = _with_notification(body["Resources"][name], trigger, parameters["Arn"], f"{stem}Permission")
    added = {
        name: bucket,
        f"{stem}Permission": _permission(bucket, parameters["Name"]),
        f"{stem}Rights": _rights(name, function.name, parameters["LambdaExecutionRole"]),
    }
    declared = {parameter: {"Type": "String"} for parameter in parameters.values()}
    changed = {
        **body,
        "Parameters": {**declared, **body.get("Parameters", {})},
        "Resources": {**body["Resources"], **added},
    }
    return replace(child, template=canonical_template(child.id, child.template.source, changed))


def chosen_bucket(inputs: Inputs, trigger: FunctionTrigger, body: TemplateBody) -> str:
    """The logical id of the bucket: the one that the trigger's output names, or the only one of the stack."""
    if trigger.output:
        target = output_target(body, trigger.output)
        if target is not None and target.type == BUCKET:
            return target.logical_id
    buckets: list[str] = [
        name for name, resource in body.get("Resources", {}).items() if resource.get("Type") == BUCKET
    ]
    if len(buckets) == 1 and not trigger.output:
        return buckets[0]
    held = f"the buckets {', '.join(buckets)}" if buckets else "no bucket"
    what = f"{trigger.on} has {held}"
    what += f", and its output {trigger.output} names none." if trigger.output else "."
    hint = 'Name the output of one as "output".' if buckets else "Name another resource."
    raise Faulty(inputs.fault(TRIGGERS, what, hint))


def _with_notification(
    bucket: TemplateResource, trigger: FunctionTrigger, arn: str, permission: str
) -> TemplateResource:
    properties = bucket.get("Properties", {})
    notification = properties.get("NotificationConfiguration", {})
    calls = [
        *notification.get("LambdaConfigurations", []),
        *({"Event": event, "Function": {"Ref": arn}} for event in trigger.events),
    ]
    waits = bucket.get("DependsOn", [])
    return {
        **bucket,
        # S3 tries the right to call the function when it is given the notification.
        "DependsOn": [*(waits if isinstance(waits, list) else [waits]), permission],
        "Properties": {
            **properties,
            "NotificationConfiguration": {**notification, "LambdaConfigurations": calls},
        },
    }


def _permission(bucket: TemplateResource, function: str) -> TemplateResource:
    properties: dict[str, object] = {
        "Action": "lambda:InvokeFunction",
        "FunctionName": {"Ref": function},
        "Principal": "s3.amazonaws.com",
        "SourceAccount": {"Ref": "AWS::AccountId"},
    }
    # A reference to the bucket would be a circle: it waits for the permission. One without a name is known by account.
    name = bucket.get("Properties", {}).get("BucketName")
    text = name.get("Fn::Sub") if isinstance(name, Mapping) else name
    if isinstance(text, str):
        properties["SourceArn"] = {"Fn::Sub": f"arn:${{AWS::Partition}}:s3:::{text}"}
    return {"Type": "AWS::Lambda::Permission", "Properties": properties}


def _rights(bucket: str, function: str, role: str) -> TemplateResource:
    """What a dependency on the bucket would give: a function that the bucket calls cannot depend on it."""
    (right,) = RIGHTS[BUCKET]
    statements = [
        {
            "Effect": "Allow",
            "Action": list(actions),
            "Resource": [{"Fn::Sub": f"${{{bucket}.Arn}}{end}"} for end in ends],
        }
        for actions, ends in right.allows
    ]
    return {
        "Type": "AWS::IAM::Policy",
        "Properties": {
            "PolicyName": f"{function}-{bucket}",
            "Roles": [{"Ref": role}],
            "PolicyDocument": {"Version": "2012-10-17", "Statement": statements},
        },
    }
