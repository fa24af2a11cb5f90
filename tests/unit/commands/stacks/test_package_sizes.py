"""A function's code, its packages and the layers that it uses: what Lambda accepts of them together."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

import pytest

from accountsctl.commands.stacks.packages import install_missing
from accountsctl.model.assembly import Assembly, Child, Package
from accountsctl.model.backend import Dependency, FilePosition, Resource
from accountsctl.model.code_sizes import UNZIPPED_BYTES
from accountsctl.model.errors import UsageError
from accountsctl.model.names import ResourceId
from accountsctl.model.packaging import HostTarget, Manager, PackageRequest, PackageTarget
from accountsctl.model.plan import Action, Change, Plan
from accountsctl.synth.canonical import canonical_template
from tests.fakes import sample

PLACE = FilePosition("backend-config.json", 1)
TOOLS, WORK = ResourceId("function", "tools"), ResourceId("function", "work")


class SizedPackages:
    """`ports.Packages` of which each request has these sizes."""

    def __init__(self, sizes: Mapping[ResourceId, Mapping[str, int]]) -> None:
        self._sizes = sizes

    def install(self, requests: Iterable[PackageRequest], say: Callable[[str], None]) -> None:
        for request in requests:
            say(str(request.resource))

    def files(self, request: PackageRequest) -> Mapping[str, bytes]:
        raise AssertionError(f"the sizes are enough: {request}")

    def sizes(self, request: PackageRequest) -> Mapping[str, int]:
        return self._sizes[request.resource]

    def host(self) -> HostTarget:
        return HostTarget("x86_64")


def child(resource: ResourceId, service: str, code: Mapping[str, int], *uses: ResourceId) -> Child:
    edges = tuple(Dependency(on, ("Arn",), orders=True, place=PLACE) for on in uses)
    made = Resource(resource, service, imported=False, depends_on=edges, place=PLACE)
    target = PackageTarget("python3.13", "arm64")
    request = PackageRequest(resource, "src", Manager.REQUIREMENTS, {}, target)
    package = Package(resource.name, "1", code, lambda _: b"", (request,))
    return Child(made, canonical_template(resource, "template.json", json.loads("{}")), package)


def install(
    packages: Mapping[ResourceId, Mapping[str, int]], layer: int, code: int, *uses: ResourceId
) -> None:
    """Install for a push of a function; the layer is deployed already."""
    children = (
        child(TOOLS, "LambdaLayer", {"python/big.bin": layer}),
        child(WORK, "Lambda", {"index.py": code}, *uses),
    )
    root = canonical_template(None, "root", {})
    assembly = Assembly(sample.environment("dev"), "shop", root, root, children)
    changes = (Change(TOOLS, "LambdaLayer", Action.NONE), Change(WORK, "Lambda", Action.UPDATE))
    plan = Plan(assembly, changes, first=False, root_changed=True)
    install_missing(plan, SizedPackages({TOOLS: {}, WORK: {}, **packages}), lambda _: None)


def test_the_sum_counts_and_the_refusal_names_the_largest_parts() -> None:
    packages = {WORK: {"numpy/a.so": 60_000_000, "numpy/b.so": 30_000_000}, TOOLS: {"scipy/c.so": 70_000_000}}
    with pytest.raises(UsageError) as refused:
        install(packages, 100_000_000, 40_000_000, TOOLS)
    assert refused.value.what == "function/work with function/tools is too large."
    assert "It has 300,000,000 bytes; Lambda accepts 262,144,000" in refused.value.why
    assert (
        "The largest parts: python of function/tools 100,000,000 bytes, numpy 90,000,000 bytes,"
        " scipy of function/tools 70,000,000 bytes, index.py 40,000,000 bytes." in refused.value.why
    )
    assert refused.value.exit_code == 2


def test_a_layer_that_the_function_does_not_use_does_not_count() -> None:
    install({TOOLS: {"scipy/c.so": 200_000_000}}, 50_000_000, 50_000_000)


@pytest.mark.parametrize(("more", "refused"), [(0, False), (1, True)])
def test_the_limit_itself_is_accepted(more: int, *, refused: bool) -> None:
    arguments = ({WORK: {"numpy/a.so": 1_000}}, 2_000, UNZIPPED_BYTES - 3_000 + more, TOOLS)
    if not refused:
        install(*arguments)
        return
    with pytest.raises(UsageError, match="is too large"):
        install(*arguments)


def test_what_is_not_pushed_is_not_measured() -> None:
    made = child(WORK, "Lambda", {"index.py": UNZIPPED_BYTES + 1})
    root = canonical_template(None, "root", {})
    assembly = Assembly(sample.environment("dev"), "shop", root, root, (made,))
    plan = Plan(assembly, (Change(WORK, "Lambda", Action.NONE),), first=False, root_changed=True)
    install_missing(plan, SizedPackages({WORK: {}}), lambda _: None)
    updated = replace(plan, changes=(Change(WORK, "Lambda", Action.UPDATE),))
    with pytest.raises(UsageError):
        install_missing(updated, SizedPackages({WORK: {}}), lambda _: None)
