"""Lambda layers: what they hold is in /opt, for modules and for files, and a later layer wins."""

from __future__ import annotations

import io
import json
import shutil
import zipfile
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from tests.local.apigateway.deployed.templates import TRUST, function, ref
from tests.local.deployed_api import Api
from tests.local.identity.templates import resource

Deploy = Callable[..., Api]
Clients = Callable[[str], Any]
needs_node = pytest.mark.skipif(shutil.which("node") is None, reason="node is not installed")

FIRST = {
    "python/greeting.py": "TEXT = 'first'",
    "python/lib/python3.13/site-packages/deep.py": "TEXT = 'deep'",
    "nodejs/node_modules/greeting/index.js": "exports.text = 'first';",
    "nodejs/shared.js": "exports.text = 'shared';",
    "nodejs/modern.mjs": "export const text = 'modern';",
    "data/one.txt": "one",
    "data/both.txt": "first",
}
SECOND = {"data/both.txt": "second"}
PYTHON = """
import os, pathlib, deep, greeting
def handler(event, context):
    names = sorted(os.listdir("/opt/data"))
    texts = [open("/opt/data/both.txt").read(), pathlib.Path("/opt/data/one.txt").read_text()]
    return [greeting.TEXT, deep.TEXT, *texts, names, os.path.exists("/opt/nothing")]
"""
NODE = """
const fs = require("fs");
const { text } = require("greeting");
const shared = require("/opt/nodejs/shared");
exports.handler = async () => [
  text, shared.text, (await import("/opt/nodejs/modern.mjs")).text,
  fs.readFileSync("/opt/data/both.txt", "utf8"), await fs.promises.readFile("/opt/data/one.txt", "utf8"),
  fs.existsSync("/opt/nothing"),
];
"""


def zipped(files: Mapping[str, str]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return target.getvalue()


def upload(client: Clients, **zips: Mapping[str, str]) -> str:
    """Put each zip into a bucket; the bucket's name."""
    s3 = client("s3")
    bucket = "layers"
    s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    for key, files in zips.items():
        s3.put_object(Bucket=bucket, Key=key, Body=zipped(files))
    return bucket


def layered(code: str, runtime: str, **layers: str) -> dict[str, Any]:
    """A function with a layer of each of the zips, in their order."""
    made = {
        f"Layer{name}": resource(
            "Lambda::LayerVersion", LayerName=name, Content={"S3Bucket": "layers", "S3Key": key}
        )
        for name, key in layers.items()
    }
    resources = {
        "Api": resource("ApiGateway::RestApi", Name="layers"),
        "Role": resource("IAM::Role", AssumeRolePolicyDocument=TRUST),
        "Function": function(code, Runtime=runtime, Layers=[ref(name) for name in made]),
        "Shared": resource(
            "Lambda::LayerVersionPermission",
            Action="lambda:GetLayerVersion",
            LayerVersionArn=ref(next(iter(made))),
            Principal="*",
        ),
        **made,
    }
    return {"Resources": resources, "Outputs": {name: {"Value": ref(name)} for name in ("Api", "Function")}}


def invoke(client: Clients, api: Api) -> Any:
    done = client("lambda").invoke(FunctionName=api.outputs["Function"])
    payload = json.loads(done["Payload"].read())
    assert "FunctionError" not in done, payload
    return payload


@pytest.fixture(scope="module")
def uploaded(client: Clients) -> None:
    changed = {**FIRST, "python/greeting.py": "TEXT = 'changed'"}
    upload(client, first=FIRST, second=SECOND, changed=changed)


@pytest.mark.usefixtures("uploaded")
def test_python_code_finds_its_layers(deploy: Deploy, client: Clients) -> None:
    api = deploy(layered(PYTHON, "python3.13", a="first", b="second"))
    assert invoke(client, api) == ["first", "deep", "second", "one", ["both.txt", "one.txt"], False]


@needs_node
@pytest.mark.usefixtures("uploaded")
def test_node_code_finds_its_layers(deploy: Deploy, client: Clients) -> None:
    api = deploy(layered(NODE, "nodejs22.x", c="first", d="second"))
    assert invoke(client, api) == ["first", "shared", "modern", "second", "one", False]


@pytest.mark.usefixtures("uploaded")
def test_a_new_version_of_a_layer_reaches_its_function(deploy: Deploy, client: Clients) -> None:
    first = deploy(layered(PYTHON, "python3.13", e="first"))
    assert invoke(client, first)[0] == "first"
    deploy(layered(PYTHON, "python3.13", e="changed"), first)
    assert invoke(client, first)[0] == "changed"


@pytest.mark.usefixtures("uploaded")
def test_a_layer_that_is_deleted_stays_with_its_function(deploy: Deploy, client: Clients) -> None:
    api = deploy(layered(PYTHON, "python3.13", f="first"))
    functions = client("lambda")
    functions.delete_layer_version(LayerName="f", VersionNumber=1)
    functions.update_function_configuration(FunctionName=api.outputs["Function"], MemorySize=256)
    assert invoke(client, api)[0] == "first"


def test_a_layer_without_its_zip_fails_its_stack(deploy: Deploy) -> None:
    with pytest.raises(AssertionError) as failed:
        deploy(layered(PYTHON, "python3.13", g="missing"))
    assert "The specified key does not exist" in str(failed.value)
