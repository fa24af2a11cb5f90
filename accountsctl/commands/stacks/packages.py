"""The packages of functions in a push: installed once it was agreed to, for the functions that it uploads."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import partial

from accountsctl.model.assembly import Assembly, Child
from accountsctl.model.code_sizes import UNZIPPED_BYTES, by_part, largest
from accountsctl.model.environment import Cloud
from accountsctl.model.errors import UsageError
from accountsctl.model.names import ResourceId
from accountsctl.model.packaging import PackageRequest
from accountsctl.model.plan import Action, Plan
from accountsctl.model.project import Project, ResourceSource
from accountsctl.ports.packages import Packages
from accountsctl.synth.assembling import LAYER
from accountsctl.synth.layer_packaging import layer_manifest
from accountsctl.synth.packaging import node_manifest, python_manifest

UPLOADED = (Action.CREATE, Action.UPDATE)


def for_its_machine(project: Project, packages: Packages) -> Project:
    """The project with the machine that its functions run on, if that is this one and matters to their packages."""
    if project.environment.cloud is not Cloud.LOCAL or not any(map(_has_packages, project.sources.values())):
        return project
    return replace(project, host=packages.host())


def _has_packages(source: ResourceSource) -> bool:
    layers = any(layer_manifest(source, language) for language in ("python", "nodejs"))
    return layers or python_manifest(source) is not None or node_manifest(source) is not None


def with_packages(assembly: Assembly, packages: Packages) -> Assembly:
    """The assembly with the packages of its functions, which are read when they are uploaded."""
    return replace(assembly, children=tuple(_with_packages(child, packages) for child in assembly.children))


def install_missing(intended: Plan, packages: Packages, say: Callable[[str], None]) -> None:
    """Install the packages of what a push creates or changes; UsageError if that fails, or they are too large."""
    uploaded = {change.id for change in intended.changes if change.action in UPLOADED}
    for child in intended.assembly.children:
        if child.id in uploaded and child.package is not None:
            packages.install(child.package.requests, say)
    for child in intended.assembly.children:
        if child.id in uploaded and child.package is not None:
            check_size(intended.assembly, child, packages)


def check_size(assembly: Assembly, child: Child, packages: Packages) -> None:
    """UsageError if a function's code, its packages and the project's layers that it uses are too large together."""
    layers = [found for found in map(assembly.child, _dependencies(child)) if found and _is_layer(found)]
    parts = {
        **_parts(child, packages, ""),
        **{
            name: size
            for layer in layers
            for name, size in _parts(layer, packages, f" of {layer.id}").items()
        },
    }
    total = sum(parts.values())
    if total > UNZIPPED_BYTES:
        with_layers = f" with {', '.join(str(layer.id) for layer in layers)}" if layers else ""
        raise UsageError(
            f"{child.id}{with_layers} is too large.",
            why=f"It has {total:,} bytes; Lambda accepts {UNZIPPED_BYTES:,}, unzipped, with packages and layers.\n"
            f"The largest parts: {largest(parts)}.",
            hint="Leave out what it does not need to run, or read large files from S3 when it starts.",
        )


def _parts(child: Child, packages: Packages, where: str) -> dict[str, int]:
    """The bytes of what a function or a layer has, by part."""
    parts: Counter[str] = Counter()
    if child.package is not None:
        parts.update(by_part(child.package.sizes))
        for request in child.package.requests:
            parts.update(by_part(packages.sizes(request)))
    return {f"{name}{where}": size for name, size in parts.items()}


def _dependencies(child: Child) -> Iterator[ResourceId]:
    return (dependency.on for dependency in child.resource.depends_on)


def _is_layer(child: Child) -> bool:
    return child.resource.service == LAYER


def _with_packages(child: Child, packages: Packages) -> Child:
    if child.package is None or not child.package.requests:
        return child
    installed = partial(_files, packages, child.package.requests)
    return replace(child, package=replace(child.package, installed=installed))


def _files(packages: Packages, requests: tuple[PackageRequest, ...]) -> Mapping[str, bytes]:
    return {path: content for request in requests for path, content in packages.files(request).items()}
