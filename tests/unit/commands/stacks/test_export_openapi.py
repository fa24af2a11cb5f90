"""`export --format openapi`: which API, which stage, and the descriptions beside its functions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest

from accountsctl.commands.stacks.export_openapi import DescribeApi
from accountsctl.formats import backend_config as backend_file
from accountsctl.model.errors import CloudError, ProjectError, UsageError
from accountsctl.model.names import ResourceId
from accountsctl.model.project import Project, ResourceSource
from tests.fakes import sample
from tests.fakes.api_exports import FakeApiExports

ONE = """{
  "function": {"work": {"service": "Lambda"}},
  "api": {"web": {"service": "API Gateway", "dependsOn": [
    {"category": "function", "resourceName": "work", "attributes": ["Name", "Arn"]}]}}
}"""
TWO = ONE.replace('"api": {', '"api": {"other": {"service": "API Gateway"}, ')
OUTPUTS = {"api/web": {"ApiId": "abc", "RootUrl": "https://abc.execute-api.eu-west-1.amazonaws.com/dev"}}
DESCRIBED = "paths: {/a: {get: {summary: All., responses: {}}, put: {responses: {}}}}"


@dataclass
class Describing:
    """The workflow over fakes; `said` is what it told beside the document."""

    backend: str = ONE
    description: str | None = DESCRIBED
    outputs: Mapping[str, Mapping[str, str]] = field(default_factory=lambda: OUTPUTS)
    exports: FakeApiExports = field(default_factory=FakeApiExports)
    said: list[str] = field(default_factory=list)

    def run(self, name: str | None = None) -> dict[str, Any]:
        backend, faults = backend_file.parse(self.backend, "backend-config.json")
        assert not faults
        work = ResourceId("function", "work")
        others = {} if self.description is None else {"openapi.yaml": self.description}
        file = "amplify/backend/function/work/parameters.json"
        sources = {work: ResourceSource(work, {}, file, None, {}, others)}
        project = Project("bank", backend, sample.environment("dev"), sources, {})
        return DescribeApi(project, lambda: self.outputs, self.exports, self.said.append).run(name)


def test_the_stage_of_the_root_url_is_exported_and_described() -> None:
    describing = Describing()
    found = describing.run()
    assert describing.exports.asked == [("abc", "dev")]
    assert found["paths"]["/a"]["get"]["summary"] == "All."
    assert found["info"]["title"] == "bank web"


def test_what_is_described_and_not_deployed_is_told() -> None:
    describing = Describing()
    describing.run()
    file = "amplify/backend/function/work/openapi.yaml"
    assert describing.said == [f"{file} describes PUT /a, which is not deployed; it is left out."]


def test_a_function_without_a_description_is_no_fault() -> None:
    assert list(Describing(description=None).run()["paths"]["/a"]) == ["get"]


def test_of_several_apis_one_has_to_be_named() -> None:
    with pytest.raises(UsageError, match="not clear which API") as caught:
        Describing(TWO).run()
    assert "--api" in caught.value.hint
    assert Describing(TWO).run("web")["servers"] == [{"url": OUTPUTS["api/web"]["RootUrl"]}]
    with pytest.raises(UsageError, match="no API nothing"):
        Describing(TWO).run("nothing")


def test_an_api_that_is_not_deployed_says_what_to_run() -> None:
    with pytest.raises(CloudError, match="api/web is not deployed in dev") as caught:
        Describing(outputs={}).run()
    assert caught.value.hint == "Deploy it: accountsctl push"


@pytest.mark.parametrize(
    ("text", "line"), [("paths: [", 1), ("a:\n  b: c\n d: e", 3), ("just text", 0), ("paths: 3", 0)]
)
def test_a_description_that_cannot_be_read_is_a_fault_with_its_line(text: str, line: int) -> None:
    with pytest.raises(ProjectError) as caught:
        Describing(description=text).run()
    (fault,) = caught.value.faults
    assert (fault.file, fault.line) == ("amplify/backend/function/work/openapi.yaml", line)
