"""This project's APIs: its rendered templates, with the sources of the functions behind them."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Any

from accountsctl.doctor.facts.handler import FunctionHandler
from accountsctl.doctor.facts.model import Api, Function
from accountsctl.doctor.facts.permissions import Permission
from accountsctl.doctor.facts.places import Layer, SourcePlace
from accountsctl.doctor.facts.templates.common import Reader, mapping, number, whole
from accountsctl.doctor.facts.templates.dependencies import permissions_of
from accountsctl.doctor.facts.templates.document import Document, read_document
from accountsctl.doctor.facts.templates.every_api import apis_of, others_of
from accountsctl.doctor.facts.templates.handlers import main_file, read_handler
from accountsctl.doctor.facts.templates.resolving import Resolver
from accountsctl.doctor.facts.templates.unread_types import with_nothing_read
from accountsctl.doctor.facts.unknown import placeholder
from accountsctl.formats.layout import build_file, code_folder
from accountsctl.model.assembly import Assembly, Child
from accountsctl.model.names import ResourceId
from accountsctl.model.project import Project

LAMBDA = "AWS::Lambda::Function"
IDENTITY_POOL = "IdentityPoolId"


def read_project(assembly: Assembly, project: Project) -> tuple[Api, ...]:
    """Every API, bucket and distribution of a rendered project, named as its resource (``api/accountsAPI``).

    CouldNotLook if it has nothing but APIs that are not read: of WebSockets, web functions.
    """
    readers = _readers(assembly, project)
    granted = _granted(readers)
    pools = frozenset(_pools(assembly, readers))
    identities = any(IDENTITY_POOL in _outputs(readers[child.id]) for child in _auth_of(assembly))
    found: list[Api] = []
    for api in _named(assembly, readers):
        functions = {
            key: _function(function, readers, project, granted.get(key, ()))
            for key, function in api.functions.items()
        }
        found.append(replace(api, functions=functions, project_pools=pools, project_identities=identities))
    if not found:
        others = (
            refusal for child, reader in readers.items() for refusal in with_nothing_read(reader, str(child))
        )
        if refusal := next(others, None):
            raise refusal
    return tuple(found)


def project_apis(assembly: Assembly) -> tuple[Api, ...]:
    """The same APIs, without what the sources of the functions behind them tell: their code is not read."""
    return tuple(_named(assembly, _readers(assembly)))


def _named(assembly: Assembly, readers: Mapping[ResourceId, Reader]) -> Iterator[Api]:
    for child in assembly.children:
        apis = apis_of(readers[child.id])
        for api in apis:
            yield replace(api, name=str(child.id) if len(apis) == 1 else f"{child.id}#{api.name}")
        for other in others_of(readers[child.id]):
            yield replace(other, name=f"{child.id}#{other.name}")


def _document(assembly: Assembly, child: Child, project: Project | None) -> Document:
    """A child's rendered template; its places are those of the resource's own template, if it has one as written."""
    rendered = read_document(build_file(assembly.environment.name, child.id), child.template.text)
    source = project.sources.get(child.id) if project else None
    template = source.template if source else None
    if template is None or template.file.endswith(".j2"):
        return rendered
    return Document(template.file, rendered.body, read_document(template.file, template.text).lines)


def _readers(assembly: Assembly, project: Project | None = None) -> dict[ResourceId, Reader]:
    """A reader for each child, its parameters fed as the root feeds them."""
    made: dict[ResourceId, Reader] = {}
    by_logical = {child.id.logical_id: child for child in assembly.children}

    def reader(child: Child) -> Reader:
        if child.id not in made:
            document = _document(assembly, child, project)
            made[child.id] = Reader(
                document, Resolver(document, dict(_fed(assembly, child, by_logical, reader)))
            )
        return made[child.id]

    for child in assembly.children:
        reader(child)
    return made


def _fed(
    assembly: Assembly, child: Child, by_logical: Mapping[str, Child], reader: Any
) -> Iterator[tuple[str, Any]]:
    """The values of a child's parameters: what a sibling puts out, literally where its template says so."""
    stack = assembly.root.body["Resources"].get(child.id.logical_id) or {}
    for name, value in (stack.get("Properties", {}).get("Parameters") or {}).items():
        target = value.get("Fn::GetAtt") if isinstance(value, Mapping) else None
        producer = by_logical.get(str(target[0])) if target else None
        if producer is None or target is None:
            yield name, value
            continue
        attribute = str(target[1]).removeprefix("Outputs.")
        yield name, _put_out(reader(producer), producer, attribute)


def _put_out(reader: Reader, producer: Child, attribute: str) -> str:
    output = _outputs(reader).get(attribute) or {}
    literal = reader.resolver.text(output.get("Value"))
    known = literal and "${" not in literal.replace("${AWS::", "")
    return literal if known else placeholder(f"{producer.id}.{attribute}")


def _granted(readers: Mapping[ResourceId, Reader]) -> dict[str, tuple[Permission, ...]]:
    """Every permission of the project, by function: they stand with the API or with the function."""
    found: dict[str, tuple[Permission, ...]] = {}
    for resource, reader in readers.items():
        for key, permissions in permissions_of(reader).items():
            own = key if "/" in key else str(resource)
            found[own] = (*found.get(own, ()), *permissions)
    return found


def _pools(assembly: Assembly, readers: Mapping[ResourceId, Reader]) -> Iterator[str]:
    for child in _auth_of(assembly):
        pool = _put_out(readers[child.id], child, "UserPoolId")
        if "${" not in pool:
            yield pool


def _auth_of(assembly: Assembly) -> Iterator[Child]:
    return (child for child in assembly.children if child.id.category == "auth")


def _outputs(reader: Reader) -> Mapping[str, Any]:
    return mapping(reader.document.body.get("Outputs"))


def _function(
    known: Function, readers: Mapping[ResourceId, Reader], project: Project, granted: tuple[Permission, ...]
) -> Function:
    """A function of this project, with what its own template and its source tell."""
    category, _, name = known.key.partition("/")
    resource = ResourceId(category, name)
    reader, source = readers.get(resource), project.sources.get(resource)
    if reader is None:
        return known
    function = next(iter(reader.of_type(LAMBDA)), None)
    properties = function[1] if function else {}
    place = (
        reader.at(function[0], timeout="Timeout", concurrency="ReservedConcurrentExecutions")
        if function
        else known.place
    )
    concurrency = properties.get("ReservedConcurrentExecutions")
    handler = None
    if source is not None and source.code:
        files = {path: text.decode("utf-8", "replace") for path, text in source.code.items()}
        entry = str(properties.get("Handler") or "index.handler")
        folder = code_folder(ResourceId(category, name))
        handler = _handler(
            tuple(files.items()), entry, f"{folder}/{main_file(files, entry) or ''}".rstrip("/")
        )
    return replace(
        known,
        place=place,
        permissions=granted,
        timeout=number(properties.get("Timeout")),
        concurrency=whole(concurrency),
        handler=handler,
        database_sleeps=_sleeps(readers, _reached(project, resource)),
        exists=function is not None,
    )


@lru_cache(maxsize=32)  # A fix reads the project again for every change that it tries.
def _handler(sources: tuple[tuple[str, str], ...], entry: str, file: str) -> FunctionHandler | None:
    return read_handler(dict(sources), entry, SourcePlace(Layer.STATIC, file))


def _reached(project: Project, resource: ResourceId) -> set[ResourceId]:
    """What a resource depends on, directly or not, and itself."""
    waiting, found = [resource], {resource}
    edges = {node.id: [dependency.on for dependency in node.depends_on] for node in project.backend}
    while waiting:
        further = set(edges.get(waiting.pop(), ())) - found
        found |= further
        waiting += further
    return found


def _sleeps(readers: Mapping[ResourceId, Reader], used: Container[ResourceId]) -> bool:
    """Whether a cluster that is used may pause: its minimum is 0 ACU."""
    for resource, reader in readers.items():
        for _, properties in reader.of_type("AWS::RDS::DBCluster") if resource in used else ():
            scaling = mapping(properties.get("ServerlessV2ScalingConfiguration"))
            if str(scaling.get("MinCapacity")) in ("0", "0.0"):
                return True
    return False
