"""The packages of functions in a push: installed once it was agreed to, for the functions that it uploads."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial

from accountsctl.model.assembly import Assembly, Child
from accountsctl.model.environment import Cloud
from accountsctl.model.packaging import PackageRequest
from accountsctl.model.plan import Action, Plan
from accountsctl.model.project import Project, ResourceSource
from accountsctl.ports.packages import Packages
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
    """Install the packages of what a push creates or changes; UsageError if that fails."""
    uploaded = {change.id for change in intended.changes if change.action in UPLOADED}
    for child in intended.assembly.children:
        if child.id in uploaded and child.package is not None:
            packages.install(child.package.requests, say)


def _with_packages(child: Child, packages: Packages) -> Child:
    if child.package is None or not child.package.requests:
        return child
    installed = partial(_files, packages, child.package.requests)
    return replace(child, package=replace(child.package, installed=installed))


def _files(packages: Packages, requests: tuple[PackageRequest, ...]) -> Mapping[str, bytes]:
    return {path: content for request in requests for path, content in packages.files(request).items()}
