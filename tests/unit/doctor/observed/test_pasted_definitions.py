"""An API's own source next to a console's sentence excludes suspects: a template, events of a serverless.yml, code."""

from __future__ import annotations

import pytest

from accountsctl.commands.doctor.cors import from_recording
from accountsctl.doctor.diagnosis.diagnose import Certainty, Diagnosis
from accountsctl.doctor.diagnosis.targets import Query
from accountsctl.doctor.observed.pasted_definitions import HttpEvent, pasted_events

API = "https://abc123.execute-api.eu-west-1.amazonaws.com/dev/items/7"
BLOCKED = f"Access to fetch at '{API}' from origin 'http://localhost:3000' has been blocked by CORS policy: "
MISSING = "No 'Access-Control-Allow-Origin' header is present on the requested resource.\n"
PREFLIGHT = f"{BLOCKED}Response to preflight request doesn't pass access control check: {MISSING}"
ACTUAL = BLOCKED + MISSING
EVENT = "    events:\n      - http:\n          path: items/{id}\n          method: get\n"
JAVASCRIPT = "```js\nexports.handler = async (event) => {\n  return { statusCode: 200, %s };\n};\n```\n"
HTTP_EVENT = (
    "functions:\n  one:\n    events:\n      - httpApi:\n          path: /items/{id}\n          method: get\n"
)
PYTHON = (
    "def lambda_handler(event, context):\n"
    "    if not event.get('body'):\n"
    "        return {'statusCode': 400, 'body': 'no body'}\n"
    "    return {'statusCode': 200, %s'body': 'ok'}\n\nWhy?\n"
)
TEMPLATE = """```yaml
AWSTemplateFormatVersion: '2010-09-09'
Transform: AWS::Serverless-2016-10-31
Resources:
  Items:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: src/
      Handler: app.handler
      Runtime: nodejs20.x
      Events:
        Api:
          Type: Api
          Properties:
            Path: /items/{id}
            Method: get
```
"""


def of(text: str) -> Diagnosis:
    (found, *_) = from_recording(text, "pasted.txt", (), Query()).diagnoses
    return found


@pytest.mark.parametrize(
    ("text", "causes"),
    [
        (PREFLIGHT + EVENT, ("preflight.no-options",)),
        (PREFLIGHT + "  events:\n    - http: GET items/{id}\n", ("preflight.no-options",)),
        (PREFLIGHT + "provider:\n  name: aws\n" + HTTP_EVENT, ("httpapi.no-cors",)),
        (PREFLIGHT + HTTP_EVENT + "          cors: true\n", ("httpapi.no-cors",)),
        (PREFLIGHT.replace("/dev/", "/Prod/") + TEMPLATE, ("preflight.no-options",)),
        (ACTUAL + JAVASCRIPT % "body: JSON.stringify(event)", ("acao.missing-actual",)),
        (ACTUAL + PYTHON % "", ("acao.missing-actual",)),
        (ACTUAL + (JAVASCRIPT % "body: 'ok'").replace("handler", "list"), ("acao.missing-actual",)),
        (
            ACTUAL + (JAVASCRIPT % "body: 'ok'").replace("exports.handler", "module.exports.one"),
            ("acao.missing-actual",),
        ),
        (
            ACTUAL
            + JAVASCRIPT % "headers: { 'Access-Control-Allow-Origin': '*' }, body: JSON.stringify(event)",
            ("int.throws", "int.gateway-timeout"),
        ),
    ],
)
def test_source_next_to_a_sentence_leaves_what_fits_it(text: str, causes: tuple[str, ...]) -> None:
    found = of(text)
    assert found.causes == causes
    assert found.certainty is not Certainty.CERTAIN


@pytest.mark.parametrize(
    ("text", "first"),
    [
        (
            ACTUAL + JAVASCRIPT % "headers: { 'Access-Control-Allow-Origin': '*' }, body: { ok: true }",
            "int.malformed",
        ),
        (ACTUAL + PYTHON % "'headers': {'Access-Control-Allow-Origin': '*'}, ", "acao.missing-error-path"),
    ],
)
def test_code_that_sends_the_header_at_times_shows_where_it_does_not(text: str, first: str) -> None:
    found = of(text)
    assert found.causes[0] == first
    assert "acao.missing-actual" not in found.causes


@pytest.mark.parametrize(
    "source",
    [
        EVENT + "          cors: true\n",
        "    events:\n      - http:\n          path: others\n          method: get\n",
        HTTP_EVENT,
        "provider:\n  httpApi:\n    cors: true\n" + HTTP_EVENT + "          cors: true\n",
        "provider:\n  httpApi:\n    id: abc123\n" + HTTP_EVENT,
        "provider:\n  httpApi: ${file(http.yml)}\n" + HTTP_EVENT,
        "provider:\n  name: aws\n" + HTTP_EVENT.replace("get", "'*'"),
        "provider:\n  name: aws\n" + HTTP_EVENT + "resources:\n  extensions:\n    HttpApi: {}\n",
        "```yaml\nResources: [a\n```\n",
        TEMPLATE,  # Its stage is Prod.
    ],
)
def test_source_of_what_has_cors_or_of_another_path_says_nothing(source: str) -> None:
    assert of(PREFLIGHT + source).causes == of(PREFLIGHT).causes


def test_no_cause_is_named_as_a_suspect_and_as_a_rarer_one() -> None:
    found = of(ACTUAL + JAVASCRIPT % "headers: { 'Access-Control-Allow-Origin': '*' }, body: text(event)")
    assert not set(found.causes) & set(found.walk.rarer)
    assert "rarer causes of the same response" not in dict(found.not_checked)


def test_the_code_of_the_page_is_not_that_of_the_function() -> None:
    page = "axios.get(url, { headers: { 'Access-Control-Allow-Origin': '*' } })\n"
    function = (JAVASCRIPT % "body: JSON.stringify(event)").replace("```js\n", "").replace("```\n", "")
    assert of(ACTUAL + function + page).causes == ("acao.missing-actual",)
    assert of(f"{ACTUAL}export const load = async () => {{\n  {page}}}\n").causes == of(ACTUAL).causes


def test_code_that_cannot_be_followed_says_nothing() -> None:
    wrapped = "```js\nexports.handler = middy(async (event) => ({ statusCode: 200 })).use(cors());\n```\n"
    assert of(ACTUAL + wrapped).causes == of(ACTUAL).causes


def test_events_have_their_paths_in_both_forms() -> None:
    (in_braces,) = pasted_events("  - http: {path: a/{id}, method: get, cors: true}")
    assert in_braces == HttpEvent("GET", "a/{id}", cors=True)
    first = "- http:\n    path: a\n    method: post\n    cors: true\n"
    text = f"{first}- http: delete b/{{id}}\n- http:\n    path: c\n    cors: false\n"
    assert pasted_events(text) == (
        HttpEvent("POST", "a", cors=True),
        HttpEvent("DELETE", "b/{id}", cors=False),
        HttpEvent("ANY", "c", cors=False),
    )


FORBIDDEN = (
    'https://abc123.execute-api.eu-west-1.amazonaws.com/dev/items answers\n\n{"message":"Forbidden"}\n'
)


@pytest.mark.parametrize(
    "source",
    [
        "    - http:\n        private: true\n",
        "ApiKeyRequired: true\n",
        "apiKeyRequired: true,\n",
        "api_key_required = true\n",
    ],
)
def test_a_key_that_the_source_requires_is_the_cause_of_a_refusal(source: str) -> None:
    assert of(FORBIDDEN + source).causes == ("auth.api-key",)


@pytest.mark.parametrize("source", ["ApiKeyRequired: false\n", '{"private": true, "name": "shop"}\n'])
def test_source_that_requires_no_key_says_nothing_of_a_refusal(source: str) -> None:
    assert of(FORBIDDEN + source).causes == of(FORBIDDEN).causes


def test_an_error_that_is_not_of_a_key_stays_what_it_is() -> None:
    other = FORBIDDEN.replace("Forbidden", "Missing Authentication Token")
    assert of(f"{other}ApiKeyRequired: true\n").causes == of(other).causes


def test_a_body_is_of_the_url_that_stands_last_above_it() -> None:
    text = FORBIDDEN.replace(
        "answers", "fails, and https://abc123.execute-api.eu-west-1.amazonaws.com/dev/others"
    )
    assert of(text).ask.url.endswith("/dev/others")
    assert of(FORBIDDEN.split("\n\n")[1] + "https://a.example.com/1 https://a.example.com/2\n").ask.url == ""
