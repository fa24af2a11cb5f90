"""What is said of a template alone promises no more than the template tells."""

from __future__ import annotations

import json
from pathlib import Path

from click.testing import CliRunner

from accountsctl.cli import cli
from accountsctl.doctor.facts.places import Layer
from accountsctl.ui.diagnosis import of_layers

URI = "arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/${Notes.Arn}/invocations"
FUNCTION = "AWS::Serverless::Function"


def said_of(folder: Path, method: str, code: str | None = None, *, cors: bool = True) -> str:
    """What the doctor says of an API with one method."""
    event = {"Path": "/notes", "Method": method, "RestApiId": {"Ref": "Api"}}
    own = {"InlineCode": code} if code else {"CodeUri": "code/"}
    function = {
        "Handler": "index.handler",
        "Runtime": "python3.12",
        "Events": {"Read": {"Type": "Api", "Properties": event}},
        **own,
    }
    stated = {"StageName": "live", **({"Cors": "'*'"} if cors else {})}
    body = {
        "Transform": "AWS::Serverless-2016-10-31",
        "Resources": {
            "Api": {"Type": "AWS::Serverless::Api", "Properties": stated},
            "Notes": {"Type": FUNCTION, "Properties": function},
        },
    }
    path = folder / "template.json"
    path.write_text(json.dumps(body), encoding="utf-8")
    found = CliRunner().invoke(cli, ["doctor", "cors", "--template", str(path)])
    return " ".join(found.output.split())


def test_a_template_of_someone_else_is_not_deployed_by_a_push(tmp_path: Path) -> None:
    said = said_of(tmp_path, "post", cors=False)
    assert "preflight.no-options" in said
    assert "accountsctl push" not in said


def test_a_server_is_called_fine_only_if_its_answer_is_known(tmp_path: Path) -> None:
    unknown = said_of(tmp_path, "get")
    assert "The server is fine" not in unknown
    assert "Nothing that is known blocks these requests." in unknown
    headers = "{'Access-Control-Allow-Origin': '*'}"
    code = f"def handler(event, context):\n    return {{'statusCode': 200, 'headers': {headers}}}\n"
    read = said_of(tmp_path, "get", code)
    assert "The templates block none of these requests. What is deployed was not looked at" in read
    assert "The server is fine" not in read


def test_what_is_said_of_the_server_names_the_layers_that_were_looked_at() -> None:
    every = {Layer.STATIC, Layer.DEPLOYED, Layer.LIVE}
    assert of_layers(every) == of_layers({Layer.LIVE}) == "The server is fine for these requests."
    assert of_layers(every - {Layer.LIVE}).startswith(
        "What is deployed blocks none of these requests. None was sent"
    )
    assert of_layers({Layer.STATIC}).startswith("The templates block none of these requests.")


def test_an_error_that_the_page_can_read_is_not_called_fine(tmp_path: Path) -> None:
    path = tmp_path / "console.txt"
    path.write_text("GET https://api.example.com/items 404 (Not Found)\n", encoding="utf-8")
    found = CliRunner().invoke(cli, ["doctor", "cors", "--har", str(path)])
    said = " ".join(found.output.split())
    assert "The server is fine" not in said
    assert "CORS is fine: the page may read the responses. 404 is an error of the application" in said
