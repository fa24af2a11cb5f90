"""The files from which Amplify's CLI generates storage, groups and layers, as our templates read them.

``cli-inputs.json`` of a bucket::

    {"bucketName": NAME, "guestAccess": [...], "authAccess": [...], "groupAccess": {GROUP: [...]},
     "triggerFunction": FUNCTION | "NONE"}                        each access: CREATE_AND_UPDATE, READ, DELETE

of a table::

    {"tableName": NAME, "partitionKey": KEY, "sortKey": KEY, "gsi": [{"name", "partitionKey", "sortKey"}]}
                                                                 KEY: {"fieldName": NAME, "fieldType": TYPE}

``user-pool-group-precedence.json``: ``[{"groupName": NAME, "precedence": 1, "customPolicies": [...]}]``.
``layer-configuration.json``: ``{"permissions": [...], "runtimes": [{"cloudTemplateValues": [RUNTIME]}]}``.

What a file does not state has Amplify's default. Only what would lead to another backend than Amplify's is a fault.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from accountsctl.formats.json_reader import read
from accountsctl.formats.json_source import JsonPath, Source
from accountsctl.formats.layout import CLI_INPUTS, resource_folder
from accountsctl.model.errors import Fault
from accountsctl.model.names import ResourceId
from accountsctl.synth.faulty import Faulty
from accountsctl.synth.inputs import Inputs
from accountsctl.synth.kinds import built_hint

GROUPS = "user-pool-group-precedence.json"
LAYER = "layer-configuration.json"
ACCESS = ("CREATE_AND_UPDATE", "READ", "DELETE")
NO_TRIGGER = "NONE"
OF_TRIGGER = ("Arn", "Name", "LambdaExecutionRole")
KEY_TYPES = {"string": "S", "number": "N", "binary": "B"}
FileContent = Mapping[str, Any]
"""An object of one of Amplify's files, whose keys Amplify defines."""


def amplify_file(inputs: Inputs, name: str) -> Source:
    """A file of a resource; Faulty if it is not there or is not valid JSON."""
    resource = inputs.resource
    text = inputs.source.others.get(name)
    path = f"{resource_folder(resource.id)}/{name}"
    if text is None:
        what = f"{resource.id} has neither a template nor {name}."
        raise Faulty(Fault(resource_folder(resource.id), 0, what, built_hint(resource)))
    source = read(text, path)
    if source.faults:
        raise Faulty(*source.faults)
    return source


def cli_inputs(inputs: Inputs) -> Source:
    """A resource's ``cli-inputs.json``, an object."""
    source = amplify_file(inputs, CLI_INPUTS)
    if not isinstance(source.value, Mapping):
        raise Faulty(source.fault((), "It must be an object.", built_hint(inputs.resource)))
    return source


def bucket_inputs(inputs: Inputs) -> FileContent:
    """A bucket: `bucketName`, `auth`, `guest` and `groups` (their access), and `trigger`, a function's name or None."""
    source = cli_inputs(inputs)
    value = source.value
    faults = [] if _is_text(value.get("bucketName")) else [source.fault((), 'It states no "bucketName".')]
    stated = value.get("groupAccess")
    groups: FileContent = stated if isinstance(stated, Mapping) else {}
    auth, guest = value.get("authAccess") or [], value.get("guestAccess") or []
    for path, access in ((("authAccess",), auth), (("guestAccess",), guest)):
        faults += _access_faults(source, path, access)
    for group, access in groups.items():
        faults += _access_faults(source, ("groupAccess", group), access)
    trigger = value.get("triggerFunction")
    trigger = trigger if _is_text(trigger) and trigger != NO_TRIGGER else None
    if trigger is not None:
        faults += _not_requested(inputs, source, ResourceId("function", trigger))
    if faults:
        raise Faulty(*faults)
    return {
        "bucketName": value["bucketName"],
        "auth": auth,
        "guest": guest,
        "groups": groups,
        "trigger": trigger,
    }


def table_inputs(inputs: Inputs) -> FileContent:
    """A table: `tableName`, `keys` and `indexes` in CloudFormation's shape, and `attributes` (name -> type)."""
    source = cli_inputs(inputs)
    value = source.value
    faults = [] if _is_text(value.get("tableName")) else [source.fault((), 'It states no "tableName".')]
    indexes = value.get("gsi") or []
    places: list[tuple[JsonPath, FileContent]] = [((), value)]
    places += [(("gsi", number), index) for number, index in enumerate(indexes) if isinstance(index, Mapping)]
    attributes: dict[str, str] = {}
    schemas = []
    for path, owner in places:
        keys = dict(_keys(owner))
        if "HASH" not in keys or any(not _is_key(key) for key in keys.values()):
            faults.append(
                source.fault(path, "Its keys need a fieldName, and a fieldType of string, number or binary.")
            )
            continue
        attributes |= {key["fieldName"]: KEY_TYPES[key["fieldType"]] for key in keys.values()}
        schemas.append([{"AttributeName": key["fieldName"], "KeyType": type_} for type_, key in keys.items()])
    if faults:
        raise Faulty(*faults)
    names = [index["name"] for _, index in places[1:]]
    return {
        "tableName": value["tableName"],
        "keys": schemas[0],
        "indexes": [{"name": name, "keys": schema} for name, schema in zip(names, schemas[1:], strict=True)],
        "attributes": attributes,
        "partition": value["partitionKey"],
        "sort": value.get("sortKey"),
    }


def group_inputs(inputs: Inputs) -> list[FileContent]:
    """The groups of a user pool: `groupName`, `precedence` and `customPolicies`."""
    source = amplify_file(inputs, GROUPS)
    groups = source.value
    if not isinstance(groups, list) or not all(
        isinstance(group, Mapping) and str(group.get("groupName", "")).isalnum() for group in groups
    ):
        raise Faulty(
            source.fault((), 'It must be a list of groups: [{"groupName": "Admins", "precedence": 1}].')
        )
    return groups


def layer_inputs(inputs: Inputs) -> FileContent:
    """A layer: `runtimes`, and the `public`, `accounts` and `organizations` that may use it."""
    source = read(inputs.source.others.get(LAYER, "{}"), f"{resource_folder(inputs.resource.id)}/{LAYER}")
    if source.faults:
        raise Faulty(*source.faults)
    value = source.value if isinstance(source.value, Mapping) else {}
    permissions, runtimes = _objects(value.get("permissions")), _objects(value.get("runtimes"))
    stated = inputs.parameters.get("runtimes") or _parts(runtimes, "cloudTemplateValues")
    return {
        "runtimes": stated,
        "description": str(inputs.parameters.get("description", "")),
        "public": any(entry.get("type") == "Public" for entry in permissions),
        "accounts": _parts(permissions, "accounts"),
        "organizations": _parts(permissions, "orgs"),
    }


def _objects(value: object) -> list[FileContent]:
    """The objects of a list; none if it is not one."""
    return [entry for entry in value if isinstance(entry, Mapping)] if isinstance(value, list) else []


def _parts(entries: list[FileContent], key: str) -> list[str]:
    """The texts of the lists that objects have under a key."""
    lists = [entry[key] for entry in entries if isinstance(entry.get(key), list)]
    return [part for parts in lists for part in parts if isinstance(part, str)]


def _keys(owner: FileContent) -> Iterator[tuple[str, FileContent]]:
    for key, type_ in (("partitionKey", "HASH"), ("sortKey", "RANGE")):
        if isinstance(owner.get(key), Mapping):
            yield type_, owner[key]


def _is_key(key: FileContent) -> bool:
    return _is_text(key.get("fieldName")) and key.get("fieldType") in tuple(KEY_TYPES)


def _is_text(value: object) -> bool:
    return isinstance(value, str) and bool(value)


def _access_faults(source: Source, path: JsonPath, access: object) -> Iterator[Fault]:
    if not isinstance(access, list) or not set(map(str, access)) <= set(ACCESS):
        yield source.fault(path, f"Access must be a list of {', '.join(ACCESS)}.")


def _not_requested(inputs: Inputs, source: Source, function: ResourceId) -> Iterator[Fault]:
    """A fault if dependsOn does not request what the function's trigger needs."""
    edges = [edge for edge in inputs.resource.depends_on if edge.on == function]
    missing = [name for name in OF_TRIGGER if not edges or name not in edges[0].attributes]
    if missing and inputs.whole:
        names = ", ".join(missing)
        what = f"{inputs.resource.id} calls {function}, of which dependsOn must request {names}."
        yield source.fault(("triggerFunction",), what, "Add them to dependsOn in backend-config.json.")
