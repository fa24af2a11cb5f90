"""A layer's packages are those of its files, for the runtimes that it states and the machine of its functions."""

from __future__ import annotations

from dataclasses import replace

import pytest

from accountsctl.model.backend import Backend, Dependency, FilePosition, Resource
from accountsctl.model.names import ResourceId
from accountsctl.model.packaging import HostTarget, Manager, PackageTarget
from accountsctl.model.project import Project, ResourceSource
from accountsctl.model.template_body import TemplateBody
from accountsctl.synth.inputs import Inputs
from accountsctl.synth.layer_packaging import layer_requests
from tests.fakes import sample

TOOLS, WORK = ResourceId("function", "tools"), ResourceId("function", "work")
FOLDER = "amplify/backend/function/tools/lib"
NODE = {"nodejs/package.json": b'{"dependencies": {"ms": "2"}}', "nodejs/package-lock.json": b"{}"}


def layer(code: dict[str, bytes], host: HostTarget | None = None, **user: str) -> Inputs:
    """A layer that one function uses."""
    place = FilePosition("backend-config.json", 1)
    made = Resource(TOOLS, "LambdaLayer", imported=False, depends_on=(), place=place)
    edge = Dependency(TOOLS, ("Arn",), orders=True, place=place)
    function = Resource(WORK, "Lambda", imported=False, depends_on=(edge,), place=place)
    sources = {
        TOOLS: ResourceSource(TOOLS, {}, "parameters.json", None, code, {}),
        WORK: ResourceSource(WORK, user, "parameters.json", None, {"index.py": b""}, {}),
    }
    backend = Backend((made, function), "backend-config.json")
    project = Project("shop", backend, sample.environment("prod"), sources, {}, host=host)
    return Inputs(project, made, sources[TOOLS], {})


def body(*runtimes: str) -> TemplateBody:
    version = {"Type": "AWS::Lambda::LayerVersion", "Properties": {"CompatibleRuntimes": list(runtimes)}}
    return {"Resources": {"LambdaLayerVersion": version}}


@pytest.mark.parametrize("file", ["python/requirements.txt", "python/Pipfile"])
def test_a_layer_of_python_gets_its_packages_where_lambda_finds_them(file: str) -> None:
    text = b"requests" if file.endswith(".txt") else b'[packages]\nrequests = "*"\n'
    (request,) = layer_requests(layer({file: text}, architecture="x86_64"), body("python3.13"))
    assert (request.folder, request.prefix) == (f"{FOLDER}/python", "python/")
    assert request.target == PackageTarget("python3.13", "x86_64")


def test_a_layer_for_several_versions_has_a_folder_for_each() -> None:
    found = layer_requests(
        layer({"python/requirements.txt": b"numpy"}), body("python3.12", "nodejs22.x", "python3.13")
    )
    assert [(request.target.runtime, request.prefix) for request in found] == [
        ("python3.12", "python/lib/python3.12/site-packages/"),
        ("python3.13", "python/lib/python3.13/site-packages/"),
    ]


def test_a_layer_of_node_gets_its_packages() -> None:
    (request,) = layer_requests(layer(NODE), body("nodejs22.x", "nodejs24.x"))
    assert (request.manager, request.prefix) == (Manager.NPM, "nodejs/")
    assert request.target == PackageTarget("nodejs22.x", "arm64")
    assert set(request.files) == {"package.json", "package-lock.json"}


def test_without_a_stated_runtime_it_is_that_of_the_functions() -> None:
    inputs = layer({"python/requirements.txt": b"requests"}, runtime="python3.12")
    assert [request.target.runtime for request in layer_requests(inputs, body())] == ["python3.12"]


def test_the_embedded_cloud_gets_those_for_this_machine() -> None:
    host = HostTarget("x86_64", {"python3.14": "python3.13"})
    (request,) = layer_requests(layer({"python/requirements.txt": b"requests"}, host), body("python3.14"))
    assert request.target == PackageTarget("python3.13", "x86_64", local=True)


@pytest.mark.parametrize(
    "code",
    [
        {},
        {"data/requirements.txt": b"requests"},
        {"python/requirements.txt": b"requests", "python/requests/__init__.py": b""},
        {**NODE, "nodejs/node_modules/ms/package.json": b"{}"},
        {"nodejs/package.json": NODE["nodejs/package.json"]},
    ],
)
def test_a_layer_that_has_all_it_names_is_packed_as_it_is(code: dict[str, bytes]) -> None:
    assert layer_requests(layer(code), body("python3.13", "nodejs22.x")) == ()
    assert replace(layer(code), parameters={}).source.code == code
