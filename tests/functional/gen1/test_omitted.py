"""What the embedded cloud does not support is named at once, and can be left out."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.functional.gen1.amplify_project import BACKEND, FUNCTION, do, loaded, write

APP = """\
Resources:
  App:
    Type: AWS::Pinpoint::App
    Properties: {Name: orders}
Outputs:
  AppArn:
    Value: !GetAtt App.Arn
"""


@pytest.fixture
def with_app(project: Path) -> Path:
    """The project with a Pinpoint app, which the embedded cloud does not support, and a function that depends on it."""
    backend = json.loads(json.dumps(BACKEND))
    backend["custom"] = {"orders": {"service": "customCloudformation"}}
    on_app = {"category": "custom", "resourceName": "orders", "attributes": ["AppArn"]}
    backend["function"]["work"]["dependsOn"] = [on_app]
    write(project, "amplify/backend/backend-config.json", backend)
    write(project, "amplify/backend/custom/orders/template.yaml", APP)
    app_arn = {"customordersAppArn": {"Type": "String"}}
    function = {**FUNCTION, "Parameters": {**FUNCTION["Parameters"], **app_arn}}
    write(project, "amplify/backend/function/work/work-cloudformation-template.json", function)
    do("env", "add", "dev", "--cloud", "local")
    do("env", "checkout", "dev")
    return project


def test_what_the_embedded_cloud_lacks_is_named_before_anything_is_started(
    with_app: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    do("push", "--dry-run", expect=2)
    said = capsys.readouterr().err
    assert "amplify/backend/custom/orders/template.yaml:2: custom/orders: the embedded cloud does not" in said
    assert "--omit custom/orders" in said
    assert not (with_app / "amplify/.local").exists()


def test_one_sentence_leaves_out_everything_that_is_not_supported(
    with_app: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    backend: Any = loaded(with_app, "amplify/backend/backend-config.json")
    for name in ("mails", "older"):
        backend["custom"][name] = {"service": "customCloudformation"}
    write(with_app, "amplify/backend/backend-config.json", backend)
    for name in ("mails", "older"):
        write(with_app, f"amplify/backend/custom/{name}/template.yaml", APP)
    file = "amplify/environments/dev.json"
    write(with_app, file, {**loaded(with_app, file), "local": {"omit": ["custom/older"]}})
    do("push", "--dry-run", expect=2)
    said = " ".join(capsys.readouterr().err.split())
    assert said.count("leave them out of this one") == 1
    assert '{"local": {"omit": ["custom/older", "custom/orders", "custom/mails"]}} in dev\'s file' in said
    do("push", "--dry-run", *said.partition("or add ")[2].split())


def test_what_aws_does_not_take_either_is_not_sent_to_aws(
    with_app: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    cluster = "{Engine: aurora-postgresql, EngineMode: serverless, ScalingConfiguration: {MinCapacity: 2}}"
    template = APP.replace("AWS::Pinpoint::App", "AWS::RDS::DBCluster").replace("{Name: orders}", cluster)
    write(
        with_app,
        "amplify/backend/custom/orders/template.yaml",
        template.replace("App.Arn", "App.DBClusterArn"),
    )
    do("push", "--dry-run", expect=2)
    said = capsys.readouterr().err
    assert "does not support ScalingConfiguration of AWS::RDS::DBCluster (App)." in said
    assert "Make it Serverless v2" in said
    assert "Push it to an environment of AWS" not in said


def test_an_omitted_resource_is_not_rendered_and_its_consumers_get_stubs(with_app: Path) -> None:
    file = "amplify/environments/dev.json"
    write(with_app, file, {**loaded(with_app, file), "local": {"omit": ["custom/orders"]}})
    do("render")
    nested = json.loads((with_app / "amplify/build/dev/root.json").read_text())["Resources"]
    assert "customorders" not in nested
    assert "DependsOn" not in nested["functionwork"]
    stub = nested["functionwork"]["Properties"]["Parameters"]["customordersAppArn"]
    assert stub == "arn:aws:omitted:::omitted-custom-orders-AppArn"


def test_an_environment_of_aws_omits_nothing(with_app: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = "amplify/environments/dev.json"
    own = {**loaded(with_app, file), "cloud": "aws", "local": {"omit": ["custom/orders"]}}
    write(with_app, file, own)
    do("render")
    nested = json.loads((with_app / "amplify/build/dev/root.json").read_text())["Resources"]
    assert "customorders" in nested
    do("push", "--omit", "custom/orders", expect=2)
    assert "its cloud is AWS" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["custom/order", "invoices"])
def test_only_a_resource_of_the_backend_can_be_omitted(
    with_app: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    do("push", "--omit", name, expect=2)
    assert f"There is no resource {name}" in capsys.readouterr().err
    assert not (with_app / "amplify/.local").exists()


@pytest.mark.parametrize("local", [[], {"omit": "custom/orders"}, {"omit": ["orders"]}, {"omit": [1]}])
def test_a_list_of_omitted_resources_that_cannot_be_used_is_a_fault(
    with_app: Path, capsys: pytest.CaptureFixture[str], local: object
) -> None:
    file = "amplify/environments/dev.json"
    write(with_app, file, {**loaded(with_app, file), "local": local})
    do("render", expect=2)
    assert '"category/name"' in capsys.readouterr().err
