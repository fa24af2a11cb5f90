"""What is found in parameters, code and sizes: each with its place, each silent on the sample."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from accountsctl.adapters.project_files.resources import package_template
from accountsctl.formats.layout import parameters_file
from accountsctl.model.code_sizes import UNZIPPED_BYTES
from accountsctl.model.environment import Cloud
from accountsctl.model.errors import Fault
from accountsctl.model.names import ResourceId
from accountsctl.synth.assembling import render_project
from accountsctl.synth.kinds import ResourceKind
from accountsctl.synth.validation.checks import ended_engines, project_faults
from accountsctl.synth.validation.keys import BY_KIND
from accountsctl.synth.validation.limits import TEMPLATE_BYTES
from accountsctl.synth.validation.regions import WITHOUT_DATA_API
from tests.unit.synth.conftest import CODE, Edit, StartEdit

TODAY = date(2026, 11, 28)
FUNCTION, CLUSTER, API = "function/accountsAPI", "rds/accountsCluster", "api/accountsAPI"


def faults(edit: Edit) -> list[Fault]:
    reading = edit.reading
    rendering = render_project(reading)
    return list(project_faults(reading.project, rendering.children, rendering.assembly))


def ended(edit: Edit) -> list[Fault]:
    reading = edit.reading
    return list(ended_engines(reading.project, render_project(reading).children, TODAY))


def on_aws(edit: Edit, region: str) -> Edit:
    project = edit.reading.project
    environment = replace(project.environment, cloud=Cloud.AWS, region=region)
    edit.reading = replace(edit.reading, project=replace(project, environment=environment))
    return edit


def written(edit: Edit, resource: str, **values: Any) -> Edit:
    """Parameters as `edit.parameters` lays them, and as the text of their file."""
    edit.parameters(resource, **values)
    project = edit.reading.project
    id_ = ResourceId(*resource.split("/"))
    text = json.dumps(project.sources[id_].parameters, indent=2)
    texts = {**project.texts, parameters_file(id_): text}
    edit.reading = replace(edit.reading, project=replace(project, texts=texts))
    return edit


def test_the_sample_has_no_fault(edit: StartEdit) -> None:
    assert faults(edit()) == []
    assert ended(edit()) == []


@pytest.mark.parametrize(
    ("resource", "values", "path", "hint"),
    [
        (FUNCTION, {"timout": 5}, "timout", 'Did you mean "timeout"?'),
        (FUNCTION, {"xyzzy": 5}, "xyzzy", "Known here: runtime, "),
        (CLUSTER, {"MinCapacty": 1}, "MinCapacty", 'Did you mean "MinCapacity"?'),
        (API, {"throttling": {"rateLimt": 1}}, "throttling.rateLimt", 'Did you mean "rateLimit"?'),
        (
            API,
            {"paths": {"/a": {"function": "accountsAPI", "metods": ["GET"]}}},
            "paths./a.metods",
            'Did you mean "methods"?',
        ),
        ("auth/mfeaccounts", {"authSelection": ""}, "authSelection", 'Did you mean "authSelections"?'),
    ],
)
def test_a_key_that_nothing_reads_is_named_with_its_line(
    edit: StartEdit, resource: str, values: dict[str, Any], path: str, hint: str
) -> None:
    changed = written(edit(), resource, **values)
    [fault] = faults(changed)
    text = changed.reading.project.texts[fault.file]
    assert (fault.path, fault.resource, fault.hint[: len(hint)]) == (path, resource, hint)
    assert path.rsplit(".", 1)[-1] in text.splitlines()[fault.line - 1]


def test_an_unknown_key_is_found_although_another_parameter_cannot_be_rendered(edit: StartEdit) -> None:
    assert [fault.path for fault in faults(edit().parameters(FUNCTION, timeout=-1, timout=5))] == ["timout"]


def test_a_key_that_the_projects_own_template_reads_is_known(edit: StartEdit) -> None:
    text = (package_template("function.yaml.j2") or "") + "{# {{ parameters.team }} #}"
    assert faults(edit().parameters(FUNCTION, team="blue").template("function.yaml.j2", text)) == []


@pytest.mark.parametrize("kind", [ResourceKind.FUNCTION, ResourceKind.RDS, ResourceKind.API])
def test_every_key_that_a_template_of_ours_reads_or_describes_is_known(kind: ResourceKind) -> None:
    text = package_template(kind.template) or ""
    described = re.findall(r"^    (\w+(?:, \w+)*)  +\S", text.split("Outputs:")[0], re.MULTILINE)
    read = {*re.findall(r"parameters\.(\w+)", text), *", ".join(described).split(", ")}
    others = {"json"}  # the name of the file
    others |= {"DatabaseName"} if kind is ResourceKind.FUNCTION else set()  # of the database it depends on
    assert read - others == set(BY_KIND[kind])


@pytest.mark.parametrize(
    ("version", "found"), [("13", True), ("13.20", True), ("14", False), ("17", False), ("9.6", True)]
)
def test_a_version_whose_support_ended_is_named_with_what_to_use(
    edit: StartEdit, version: str, found: bool
) -> None:
    by_parameter = ended(edit().parameters(CLUSTER, EngineVersion=version))
    assert [(fault.path, fault.hint) for fault in by_parameter] == [("EngineVersion", 'Use "17".')] * found


@pytest.mark.parametrize(
    ("support", "found"), [("open-source-rds-extended-support-disabled", True), ("", False)]
)
def test_a_template_of_the_project_is_searched_for_ended_versions(
    edit: StartEdit, support: str, found: bool
) -> None:
    properties = {"Engine": "aurora-mysql", "EngineVersion": "5.7.mysql_aurora.2.11.1"}
    properties |= {"EngineLifecycleSupport": support} if support else {}
    template = {"Resources": {"Old": {"Type": "AWS::RDS::DBCluster", "Properties": properties}}}
    own = edit().resource("database/old").own_template("database/old", "template.json", json.dumps(template))
    assert [fault.path for fault in ended(own)] == ["Resources.Old.Properties.EngineVersion"] * found


@pytest.mark.parametrize("region", [*sorted(WITHOUT_DATA_API)[:2], "eu-west-1"])
def test_a_region_without_the_data_api_is_refused_on_aws_only(edit: StartEdit, region: str) -> None:
    expected = [CLUSTER] if region in WITHOUT_DATA_API else []
    assert [fault.resource for fault in faults(on_aws(edit(), region))] == expected
    assert all("region" in fault.path for fault in faults(on_aws(edit(), region)))
    local = edit()
    project = local.reading.project
    environment = replace(project.environment, region=region)
    local.reading = replace(local.reading, project=replace(project, environment=environment))
    assert faults(local) == []


@pytest.mark.parametrize(
    ("region", "zones", "found"), [("us-west-1", 3, 1), ("us-west-1", 2, 0), ("us-east-1", 6, 0)]
)
def test_more_zones_than_a_region_has_are_refused(
    edit: StartEdit, region: str, zones: int, found: int
) -> None:
    changed = on_aws(edit().parameters(CLUSTER, AvailabilityZones=zones), region)
    assert [fault.path for fault in faults(changed)] == ["AvailabilityZones"] * found


def code(**files: str) -> dict[str, bytes]:
    return {**CODE, **{name.replace("__", "/"): text.encode() for name, text in files.items()}}


PACKAGE = '{\n "dependencies": {"left-pad": "1", "@aws-sdk/client-s3": "3"}\n}'


@pytest.mark.parametrize(
    ("files", "missing"),
    [
        ({"package.json": PACKAGE}, "left-pad"),
        ({"package.json": PACKAGE, "package-lock.json": "{}"}, ""),
        ({"package.json": PACKAGE, "node_modules/left-pad/package.json": "{}"}, ""),
        ({"package.json": "not JSON"}, ""),
        ({"package.json": '{"devDependencies": {"left-pad": "1"}}'}, ""),
        ({"requirements.txt": "requests==2.32.3\nboto3\n# no\n-r other.txt\n"}, ""),
        ({"Pipfile": "[packages"}, ""),
    ],
)
def test_packages_that_nothing_installs_are_named(
    edit: StartEdit, files: dict[str, str], missing: str
) -> None:
    found = faults(edit().code(FUNCTION, code(**files)))
    assert [f"needs {missing}," in fault.what and bool(fault.hint) for fault in found] == [True] * bool(
        missing
    )


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ({"environment.yml": "dependencies: [numpy]"}, "environment.yml"),
        ({"pyproject.toml": '[project]\ndependencies = ["requests"]\n'}, "pyproject.toml"),
        ({"pyproject.toml": "[tool.ruff]\n"}, ""),
        ({"pyproject.toml": "[tool.ruff"}, ""),
        ({"setup.py": "setup(name='src', version='1')"}, ""),
        ({"setup.py": "setup(install_requires=['requests'])"}, "setup.py"),
        ({"setup.py": "setup(install_requires=['requests'])", "requirements.txt": "requests"}, ""),
        ({"pdm.lock": ""}, "pdm.lock"),
        ({"requirements.txt": "requests\n-e ../shared\n"}, "-e ../shared"),
        ({"requirements.txt": "requests\n./wheels/own.whl\n"}, "./wheels/own.whl"),
        ({"requirements.txt": "requests\nown @ git+https://x/own.git\n"}, "own @ git+https://x/own.git"),
        ({"requirements.txt": "requests\n-r own.txt\n", "own.txt": "\n../own\n"}, "../own"),
    ],
)
def test_files_that_nothing_installs_are_refused_with_the_way_out(
    edit: StartEdit, files: dict[str, str], words: str
) -> None:
    found = faults(edit().code(FUNCTION, code(**files)))
    assert [words in fault.what and bool(fault.hint) for fault in found] == [True] * bool(words)
    if words.startswith((".", "-", "own")):
        assert [fault.line for fault in found] == [2]


def test_code_that_is_too_large_unzipped_is_refused(edit: StartEdit) -> None:
    half = bytes(UNZIPPED_BYTES // 2)
    assert (
        faults(edit().code(FUNCTION, {"index.py": CODE["index.py"], "a": half[:-100], "b": half[:-100]}))
        == []
    )
    [fault] = faults(edit().code(FUNCTION, {**CODE, "a": half, "b": half}))
    assert (fault.file, f"{UNZIPPED_BYTES:,}" in fault.what) == (
        "amplify/backend/function/accountsAPI/src",
        True,
    )
    assert f"The largest parts: a {UNZIPPED_BYTES // 2:,} bytes, b " in (fault.hint or "")


def test_a_template_that_is_too_large_is_refused(edit: StartEdit) -> None:
    template = {
        "Description": "",
        "Resources": {"A": {"Type": "AWS::S3::Bucket", "Metadata": "x" * TEMPLATE_BYTES}},
    }
    own = edit().resource("storage/big").own_template("storage/big", "template.json", json.dumps(template))
    [fault] = faults(own)
    assert (fault.resource, f"{TEMPLATE_BYTES:,}" in fault.what) == ("storage/big", True)


def test_a_root_of_too_many_resources_is_refused(edit: StartEdit) -> None:
    many = edit()
    template = json.dumps({"Resources": {"A": {"Type": "AWS::S3::Bucket"}}})
    for name in names(500):
        many.resource(f"storage/{name}").own_template(f"storage/{name}", "template.json", template)
    found = [fault for fault in faults(many) if fault.path == "Resources"]
    assert ["CloudFormation accepts 500" in fault.what for fault in found] == [True]


def names(count: int) -> Iterable[str]:
    return (f"n{number}" for number in range(count))
