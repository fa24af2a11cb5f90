"""What a push installs follows from a function's files and its template, and from nothing else."""

from __future__ import annotations

from dataclasses import replace

import pytest

from accountsctl.model.names import ResourceId
from accountsctl.model.packaging import HostTarget, Manager, PackageRequest, PackageTarget
from accountsctl.model.project import ResourceSource
from accountsctl.model.template_body import TemplateBody
from accountsctl.synth.packages import package
from accountsctl.synth.packaging import function_requests, python_manifest

WORK = ResourceId("function", "work")
CODE = {"index.py": b"import requests"}
PROJECT = b'[project]\ndependencies = ["requests"]\n'
PIPFILE_LOCK = b'{"default": {"requests": {"version": "==2"}}}'


def body(runtime: object = "python3.12", **properties: object) -> TemplateBody:
    return {
        "Resources": {
            "F": {"Type": "AWS::Lambda::Function", "Properties": {"Runtime": runtime, **properties}}
        }
    }


def source(code: dict[str, bytes], **others: str) -> ResourceSource:
    named = {name.replace("_", "."): text for name, text in others.items()}
    return ResourceSource(WORK, {}, "parameters.json", None, {**CODE, **code}, named)


def request(
    code: dict[str, bytes], template: TemplateBody | None = None, host: HostTarget | None = None
) -> PackageRequest:
    (found,) = function_requests(source(code), template or body(), host)
    return found


@pytest.mark.parametrize(
    ("code", "manager", "files"),
    [
        ({"requirements.txt": b"requests"}, Manager.REQUIREMENTS, {"requirements.txt"}),
        ({"Pipfile": b'[packages]\nrequests = "*"'}, Manager.PIPFILE, {"Pipfile"}),
        ({"Pipfile": b"", "Pipfile.lock": PIPFILE_LOCK}, Manager.PIPENV, {"Pipfile.lock"}),
        ({"uv.lock": b"", "pyproject.toml": PROJECT}, Manager.UV, {"uv.lock", "pyproject.toml"}),
        ({"poetry.lock": b"", "pyproject.toml": PROJECT}, Manager.POETRY, {"poetry.lock", "pyproject.toml"}),
        (
            {"requirements.txt": b"-r more/a.txt", "more/a.txt": b"requests\n-c b.txt", "more/b.txt": b""},
            Manager.REQUIREMENTS,
            {"requirements.txt", "more/a.txt", "more/b.txt"},
        ),
        (
            {"requirements.txt": b"x", "uv.lock": b"", "pyproject.toml": PROJECT},
            Manager.UV,
            {"uv.lock", "pyproject.toml"},
        ),
    ],
)
def test_the_file_that_pins_most_decides(code: dict[str, bytes], manager: Manager, files: set[str]) -> None:
    found = request(code)
    assert (found.manager, set(found.files)) == (manager, files)


def test_a_file_next_to_the_code_counts_as_amplify_has_it() -> None:
    found = python_manifest(source({}, Pipfile='[packages]\nrequests = "*"'))
    assert found is not None
    assert found.path == "amplify/backend/function/work/Pipfile"


@pytest.mark.parametrize(
    "code",
    [
        {},
        {"requirements.txt": b"boto3\n# requests\n"},
        {"requirements.txt": b"requests", "requests/__init__.py": b""},
        {"requirements.txt": b"Typing_Extensions", "typing_extensions-4.dist-info/METADATA": b""},
        {"Pipfile": b'[packages]\nsrc = {editable = true, path = "./src"}\n'},
        {"Pipfile.lock": b"{"},
    ],
)
def test_nothing_is_installed_that_the_code_or_the_runtime_has(code: dict[str, bytes]) -> None:
    assert function_requests(source(code), body(), None) == ()


@pytest.mark.parametrize(
    ("code", "installs"),
    [
        ({"requirements.txt": b"boto3==1.40.0\n"}, True),
        ({"requirements.txt": b"boto3[crt] >= 1.40\n"}, True),
        ({"requirements.txt": b"-r more.txt\n", "more.txt": b"botocore~=1.40.0"}, True),
        ({"requirements.txt": b"boto3 ; python_version >= '3.12'\n"}, False),
        ({"requirements.txt": b"boto3==1.40.0\n", "boto3/__init__.py": b""}, False),
        ({"Pipfile": b'[packages]\nboto3 = "==1.40.0"\n'}, True),
        ({"Pipfile": b'[packages]\nboto3 = "*"\n'}, False),
        ({"Pipfile.lock": b'{"default": {"boto3": {"version": "==1.40.0"}}}'}, False),
        ({"uv.lock": b"", "pyproject.toml": b'[project]\ndependencies = ["boto3==1.40.0"]\n'}, True),
        ({"uv.lock": b"", "pyproject.toml": b'[project]\ndependencies = ["boto3"]\n'}, False),
    ],
)
def test_a_version_of_boto3_that_the_team_states_goes_before_that_of_the_runtime(
    code: dict[str, bytes], *, installs: bool
) -> None:
    assert bool(function_requests(source(code), body(), None)) is installs


def test_node_functions_install_no_python_packages() -> None:
    assert function_requests(source({"requirements.txt": b"requests"}), body("nodejs22.x"), None) == ()


@pytest.mark.parametrize(
    ("template", "target"),
    [
        (body(), PackageTarget("python3.12", "x86_64")),
        (body(Architectures=["arm64"]), PackageTarget("python3.12", "arm64")),
        (
            {
                **body({"Ref": "Runtime"}),
                "Parameters": {"Runtime": {"Type": "String", "Default": "python3.13"}},
            },
            PackageTarget("python3.13", "x86_64"),
        ),
    ],
)
def test_the_template_states_the_machine(template: TemplateBody, target: PackageTarget) -> None:
    assert request({"requirements.txt": b"requests"}, template).target == target


def test_the_embedded_cloud_runs_them_on_this_machine() -> None:
    host = HostTarget("x86_64", {"python3.14": "python3.13"})
    found = request({"requirements.txt": b"requests"}, body("python3.14", Architectures=["arm64"]), host)
    assert found.target == PackageTarget("python3.13", "x86_64", local=True)
    assert found.target.version == "3.13"


def test_the_identity_is_that_of_the_files_and_the_machine() -> None:
    found = request({"requirements.txt": b"requests"})
    other = ResourceId("function", "other")
    assert replace(found, resource=other, folder="elsewhere").digest == found.digest
    different = [
        replace(found, files={"requirements.txt": b"requests==2"}),
        replace(found, files={"other.txt": b"requests"}),
        replace(found, manager=Manager.PIPFILE),
        replace(found, prefix="python/"),
        replace(found, target=PackageTarget("python3.13", "x86_64")),
        replace(found, target=PackageTarget("python3.12", "arm64")),
        replace(found, target=PackageTarget("python3.12", "x86_64", local=True)),
    ]
    assert len({found.digest, *(changed.digest for changed in different)}) == 1 + len(different)


def test_other_packages_are_another_package_and_nothing_is_read_for_it() -> None:
    found = request({"requirements.txt": b"requests"})
    plain, needing = package("work", CODE), package("work", CODE, [found])
    assert plain.digest != needing.digest
    assert needing.digest != package("work", CODE, [replace(found, prefix="python/")]).digest
    unread = replace(needing, installed=lambda: pytest.fail("it is not uploaded"))
    assert unread == needing
    assert unread.key.endswith(f"{needing.digest}.zip")


def test_the_functions_own_files_win_over_packages_of_the_same_name() -> None:
    made = replace(package("work", CODE), installed=lambda: {"index.py": b"other", "requests.py": b""})
    assert made.content == package("work", {**CODE, "requests.py": b""}).content
