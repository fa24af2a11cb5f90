"""What the providers share: from a template's properties to the parameters of an API call, and undoing.

CloudFormation's properties and the services' APIs use the same names but for the case of the first
letter, and API models say which type every parameter has. So one walk over the model of an operation
makes its parameters; a provider only spells out where the two differ.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypedDict

from botocore.exceptions import ClientError
from botocore.model import ListShape, MapShape, Shape, StructureShape

from accountsctl.localcloud.cloudformation.providers.base import (
    Context,
    Parameters,
    Properties,
    ProviderError,
)

if TYPE_CHECKING:
    from botocore.client import BaseClient

GONE = re.compile(r"NotFound|NoSuch|NonExistent|DoesNotExist|NotAttached")


class Tag(TypedDict):
    """A tag as most APIs take it."""

    Key: str
    Value: str


def parameters(client: BaseClient, operation: str, properties: Properties, **more: Any) -> Parameters:
    """The input of `operation` (``create_db_cluster``) out of those properties that it has a member for."""
    name = client.meta.method_to_api_mapping[operation]
    shape = client.meta.service_model.operation_model(name).input_shape
    if shape is None:
        return more
    return {**_structure(shape, properties), **more}


def _structure(shape: StructureShape, properties: Properties) -> Parameters:
    members = {name.lower(): name for name in shape.members}
    known = {members[key.lower()]: value for key, value in properties.items() if key.lower() in members}
    return {name: _value(shape.members[name], value) for name, value in known.items() if value is not None}


def _value(shape: Shape, value: Any) -> Any:
    match shape:
        case StructureShape() if isinstance(value, Mapping):
            return _structure(shape, value)
        case ListShape() if isinstance(value, list):
            return [_value(shape.member, item) for item in value]
        case ListShape() if isinstance(value, Mapping):
            return [{"Key": key, "Value": str(item)} for key, item in value.items()]
        case MapShape() if isinstance(value, list):
            return {tag["Key"]: str(tag["Value"]) for tag in value}
        case MapShape() if isinstance(value, Mapping):
            return {key: _value(shape.value, item) for key, item in value.items()}
        case _:
            return _scalar(shape, value)


def _scalar(shape: Shape, value: Any) -> Any:
    match shape.type_name:
        case "string":
            return text(value)
        case "boolean":
            return truth(value)
        case "integer" | "long":
            return int(value)
        case "float" | "double":
            return float(value)
        case _:
            return value


def text(value: object) -> str:
    """A scalar or a document as the string that an API takes."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return str(value).lower()
    return json.dumps(value) if isinstance(value, Mapping | list) else str(value)


def truth(value: object) -> bool:
    """A boolean that may have come through a parameter, as ``"true"``."""
    return value.lower() == "true" if isinstance(value, str) else bool(value)


SYSTEM_TAGGED = (
    "AWS::ApiGateway::RestApi",
    "AWS::ApiGateway::Stage",
    "AWS::ApiGateway::UsagePlan",
    "AWS::EC2::InternetGateway",
    "AWS::EC2::RouteTable",
    "AWS::EC2::SecurityGroup",
    "AWS::EC2::Subnet",
    "AWS::EC2::VPC",
    "AWS::Lambda::Function",
    "AWS::S3::Bucket",
    "AWS::SecretsManager::Secret",
)
"""Types that were seen with CloudFormation's own tags in answers of their services; IAM, SNS and others show none."""


def system_tags(context: Context) -> list[Tag]:
    """The tags by which CloudFormation marks a resource as that of its stack."""
    if context.resource_type not in SYSTEM_TAGGED:
        return []
    marks = {"stack-name": context.stack_name, "logical-id": context.logical_id, "stack-id": context.stack_id}
    return [{"Key": f"aws:cloudformation:{mark}", "Value": value} for mark, value in marks.items()]


def tagged(context: Context, properties: Properties) -> Parameters:
    """The properties with the stack's tags below the resource's own, as a list of Key and Value."""
    own = tag_map(properties.get("Tags"))
    return {**properties, "Tags": [*system_tags(context), *tag_list({**context.tags, **own})]}


def tag_map(tags: Any) -> dict[str, str]:
    """Tags by key, out of either form that types use."""
    if isinstance(tags, Mapping):
        return {key: str(value) for key, value in tags.items()}
    return {tag["Key"]: str(tag["Value"]) for tag in tags or []}


def tag_list(tags: Mapping[str, str]) -> list[Tag]:
    """Tags as APIs take them; the ones that only AWS itself may set are left out."""
    return [{"Key": key, "Value": value} for key, value in tags.items() if not key.startswith("aws:")]


def removed_tags(context: Context, old: Properties, new: Properties) -> list[str]:
    """Keys of the tags, the resource's own and the stack's, that an update takes away."""
    kept = {**context.tags, **tag_map(new.get("Tags"))}
    return [key for key in {**context.old_tags, **tag_map(old.get("Tags"))} if key not in kept]


def bring_tags(
    context: Context,
    old: Properties,
    new: Properties,
    untag: Callable[[list[str]], object],
    tag: Callable[[list[Any]], object],  # each service's stubs have their own name for `Tag`
) -> None:
    """Bring a resource's tags to those of the template and the stack by the calls of its service."""
    if gone := removed_tags(context, old, new):
        untag(gone)
    # What is being created has no properties of before, and no tags.
    known = {**context.old_tags, **tag_map(old.get("Tags"))}
    before = [*system_tags(context), *tag_list(known)] if old else []
    if added := [wanted for wanted in tagged(context, new)["Tags"] if wanted not in before]:
        tag(added)


def chosen(properties: Properties, names: str) -> Parameters:
    """Those of the named properties that are set."""
    return {name: properties[name] for name in names.split() if name in properties}


def changed(old: Properties, new: Properties, *names: str) -> bool:
    """Whether an update touches any of the named properties."""
    return any(old.get(name) != new.get(name) for name in names)


def refuse(properties: Properties, names: str) -> None:
    """Refuse properties that the embedded cloud does not support, instead of dropping them."""
    unsupported = [name for name in names.split() if name in properties]
    if unsupported:
        listed = ", ".join(unsupported)
        raise ProviderError(f"The embedded cloud does not provide {listed}; push to AWS to use it")


@contextmanager
def undone_by(undo: Callable[[], object]) -> Iterator[None]:
    """Call `undo` if the block fails; the error that is raised is the block's."""
    try:
        yield
    except Exception as error:
        try:
            undo()
        except ClientError as second:
            error.add_note(f"and what was made could not be taken away: {second}")
        raise


@contextmanager
def already_gone() -> Iterator[None]:
    """Deleting what is not there is done."""
    try:
        yield
    except ClientError as error:
        if not GONE.search(error.response["Error"]["Code"]):
            raise


def delete_known(client: BaseClient, thing: str, **where: str) -> None:
    """Delete what a ``get_<thing>`` finds.

    AWS returns NotFound if there is nothing to delete. The service APIs that we run against crash on that
    for some types, so the object is read first.
    """
    with already_gone():
        getattr(client, f"get_{thing}")(**where)
        getattr(client, f"delete_{thing}")(**where)
