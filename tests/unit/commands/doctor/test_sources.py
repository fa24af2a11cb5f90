"""Which facts `doctor cors` uses of a project, layer by layer."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from accountsctl.adapters.project_files.store import FileProjects
from accountsctl.commands.doctor.sources import MOST_FILES, ProjectFacts, read_files
from accountsctl.commands.stacks.states import StackCheck
from accountsctl.commands.stacks.status import unless_asleep
from accountsctl.doctor.facts.model import Api
from accountsctl.doctor.facts.places import Layer
from accountsctl.model.endpoints import HttpEndpoint, HttpEndpointKind
from accountsctl.model.environment import Cloud, Environment
from accountsctl.model.errors import CloudError
from accountsctl.synth import assemble
from tests.fakes.local_cloud import FakeLocalCloud
from tests.fakes.stack_repairs import FakeRepairs
from tests.fakes.stacks import FakeIdentity, FakeStacks

SAMPLE = Path(__file__).parents[4]
URL = "https://x/dev"
HTTP = HttpEndpoint(HttpEndpointKind.HTTP, "custom/shop", "Api", "h", "h", "https://shop", "$default")
FUNCTION_URL = HttpEndpoint(HttpEndpointKind.URL, "custom/shop", "Url", "u", "f", "https://u", auth="NONE")


def facts(*, asleep: bool = False) -> ProjectFacts:
    reading = FileProjects(SAMPLE).read("dev")
    return ProjectFacts(
        project=reading.project,
        assembly=lambda: assemble(reading),
        deployed=tuple[Api, ...],
        outputs=lambda: {"api/accountsAPI": {"RootUrl": URL}},
        endpoints=lambda: (HTTP, FUNCTION_URL),
        token=lambda: "token",
        asleep=asleep,
    )


def test_only_the_requested_layers_are_read() -> None:
    sources = facts().sources(frozenset({Layer.STATIC}), None)
    assert sources.static is not None
    assert [api.name for api in sources.static()] == ["api/accountsAPI"]
    assert (sources.deployed, sources.roots, sources.send) == (None, None, None)


def test_the_code_of_a_function_is_read_once_however_often_its_project_is() -> None:
    """A fix reads the project for every change that it tries, and code for each method takes a second."""
    read = [facts().sources(frozenset({Layer.STATIC}), None).static for _ in range(2)]
    (first,), (second,) = (static() for static in read if static is not None)
    assert first.functions.keys() == second.functions.keys() != set()
    for key, function in first.functions.items():
        assert function.handler is not None
        assert function.handler is second.functions[key].handler


def test_the_code_of_a_function_is_read_from_the_folder_that_its_template_names(tmp_path: Path) -> None:
    code = "def handler(e, c):\n    return {'statusCode': 200, 'body': ''}"
    for name in ("src/index.py", "src/node_modules/index.py", "src/lib/index.txt"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(code)
    function = "{Type: AWS::Serverless::Function, Properties: {Runtime: python3.13, Handler: index.handler,"
    event = "CodeUri: src, Events: {E: {Type: Api, Properties: {Path: /x, Method: GET}}}}}"
    template = tmp_path / "template.yaml"
    template.write_text(f"Transform: AWS::Serverless-2016-10-31\nResources:\n  Fn: {function} {event}\n")
    (api,) = read_files([template])
    handler = api.functions["Fn"].handler
    assert handler is not None
    assert (handler.place.source, handler.allows) == (str(tmp_path / "src/index.py"), frozenset())
    for number in range(MOST_FILES):
        (tmp_path / f"src/module_{number}.py").touch()
    (api,) = read_files([template])
    assert api.functions["Fn"].handler is None


def test_a_local_environment_is_checked_with_its_demo_users_token() -> None:
    sources = facts().sources(frozenset({Layer.DEPLOYED, Layer.LIVE}), None)
    assert sources.token is not None
    assert sources.token() == "token"
    assert sources.roots is not None
    assert sources.roots() == {
        "api/accountsAPI": URL,
        "custom/shop#Api": "https://shop",
        "custom/shop#Url": "https://u",
    }


def test_an_embedded_cloud_that_does_not_run_is_not_started() -> None:
    sources = facts(asleep=True).sources(frozenset({Layer.DEPLOYED, Layer.LIVE}), None)
    assert (sources.roots, sources.token) == (None, None)
    assert sources.deployed is not None
    with pytest.raises(CloudError, match="does not run"):
        sources.deployed()


def test_an_aws_environment_has_no_demo_user() -> None:
    local = facts()
    aws = replace(
        local,
        project=replace(local.project, environment=replace(local.project.environment, cloud=Cloud.AWS)),
    )
    assert aws.sources(frozenset({Layer.LIVE}), None).token is None


@pytest.mark.parametrize(
    ("cloud", "endpoint", "asked"),
    [(Cloud.LOCAL, None, False), (Cloud.LOCAL, "http://x", True), (Cloud.AWS, None, True)],
)
def test_status_starts_no_embedded_cloud(cloud: Cloud, endpoint: str | None, asked: bool) -> None:
    environment = Environment("dev", cloud, "eu-west-1", "s")
    stacks = FakeStacks()
    opened = (stacks, StackCheck(FakeIdentity(), FakeRepairs(stacks)))
    found = unless_asleep(environment, FakeLocalCloud(endpoint), lambda: opened)()
    assert found is (opened if asked else None)
