"""What another stack finds in SSM, a macro's properties, hidden events, code and methods: silent, and no warning.

Each has its counterpart that is written out, and is accused or warned of.
"""

from __future__ import annotations

import pytest

from accountsctl.doctor.diagnosis.diagnose import Diagnosis, DiagnosisOutcome
from tests.unit.doctor.facts.test_hidden_parts import CORS, EXPORT, INCLUDE, event, of_get, serverless
from tests.unit.doctor.facts.test_unknown_values import (
    ALIAS,
    HIDDEN,
    Body,
    diagnosed,
    healthy,
    moves_away,
    properties,
)

GIVEN: dict[str, object] = {
    "the function's ARN": {"Fn::GetAtt": ["Function", "Arn"]},
    "the function's name": {"Ref": "Function"},
    "an alias": {"Ref": "Live"},
}
JS = "exports.handler = async () => ({ statusCode: 200, headers: {%s}, body: '1' });"
OPEN_JS = JS % "'Access-Control-Allow-Origin': '*'"


def stored(value: object) -> Body:
    return {"Type": "AWS::SSM::Parameter", "Properties": {"Type": "String", "Value": value}}


def root_of(found: Diagnosis) -> str | None:
    return found.root.card.id if found.root else None


@pytest.mark.parametrize("name", GIVEN)
@pytest.mark.parametrize("way", ["SSM", "an export"])
def test_a_function_that_other_stacks_know_may_have_its_permission_there(name: str, way: str) -> None:
    body = healthy()
    moves_away("MayCall", Live=ALIAS)(body)
    assert root_of(diagnosed(body)) == "int.no-permission"
    if way == "SSM":
        body["Resources"]["Store"] = stored(GIVEN[name])
    else:
        body["Outputs"] = {"Given": {"Value": GIVEN[name], **EXPORT}}
    assert not diagnosed(body).fails


def test_a_url_in_ssm_gives_no_other_stack_the_api() -> None:
    body = healthy()
    url = {"Fn::Sub": "https://${Api}.execute-api.${AWS::Region}.amazonaws.com/dev"}
    moves_away("Options", Store=stored(url))(body)
    assert root_of(diagnosed(body, "authorization")) == "preflight.no-options"


@pytest.mark.parametrize("value", [{"Ref": "Api"}, {"Fn::GetAtt": ["Api", "RootResourceId"]}])
def test_an_api_in_ssm_may_have_methods_in_another_stack(value: Body) -> None:
    body = healthy()
    moves_away("Options", Store=stored(value))(body)
    assert not diagnosed(body, "authorization").fails


@pytest.mark.parametrize(
    "arn", ["${Api}*", "*", "${Api}/*", "arn:aws:execute-api:${AWS::Region}:${AWS::AccountId}:*"]
)
def test_a_wildcard_in_a_source_arn_goes_past_slashes(arn: str) -> None:
    body = healthy()
    whole = (
        arn if arn.startswith("arn:") else f"arn:aws:execute-api:${{AWS::Region}}:${{AWS::AccountId}}:{arn}"
    )
    properties(body, "MayCall")["SourceArn"] = {"Fn::Sub": whole}
    assert not diagnosed(body).fails


@pytest.mark.parametrize("rest", ["${Api}", "${Api}/dev", "other*"])
def test_a_source_arn_without_its_methods_is_accused(rest: str) -> None:
    body = healthy()
    arn = f"arn:aws:execute-api:${{AWS::Region}}:${{AWS::AccountId}}:{rest}"
    properties(body, "MayCall")["SourceArn"] = {"Fn::Sub": arn}
    assert root_of(diagnosed(body)) == "int.wrong-source-arn"


@pytest.mark.parametrize("name", ["Options", "MayCall", "Function", "Api"])
@pytest.mark.parametrize("whole", [{"Fn::If": ["Unknown", {}, {}]}, {"Fn::FindInMap": ["A", "b", "c"]}])
def test_properties_that_a_function_gives_are_not_known(name: str, whole: Body) -> None:
    body = healthy()
    body["Resources"][name]["Properties"] = whole
    assert not diagnosed(body, "authorization").fails


@pytest.mark.parametrize(("name", "key"), [("Options", "HttpMethod"), ("Items", "PathPart")])
def test_a_name_that_aws_gives_may_be_any_path_or_verb(name: str, key: str) -> None:
    body = healthy()
    properties(body, name)[key] = {"Ref": "AWS::StackName"}
    assert not diagnosed(body, "authorization").fails


WITH_BODY = {
    "Cors": CORS,
    "DefinitionBody": {
        "openapi": "3.0.1",
        "paths": {
            "/items": {
                "get": {
                    "x-amazon-apigateway-integration": {
                        "type": "aws_proxy",
                        "httpMethod": "POST",
                        "uri": {
                            "Fn::Sub": "arn:aws:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/"
                            "${Function.Arn}/invocations"
                        },
                    }
                }
            }
        },
    },
}


@pytest.mark.parametrize(
    "events",
    [
        INCLUDE,
        {"Get": INCLUDE},
        {"Get": {"Type": HIDDEN, "Properties": event("Api", "RestApiId")["Get"]["Properties"]}},
        {
            "Get": {
                "Type": "Api",
                "Properties": {**event("Api", "RestApiId")["Get"]["Properties"], "Path": HIDDEN},
            }
        },
        {
            "Get": {
                "Type": "Api",
                "Properties": {**event("Api", "RestApiId")["Get"]["Properties"], "Method": HIDDEN},
            }
        },
    ],
)
def test_an_event_that_is_not_known_may_let_the_api_call_the_function(events: Body) -> None:
    template = serverless("Api", WITH_BODY, events)
    template["Parameters"] = {"Hidden": {"Type": "String"}}
    assert not of_get(template).fails


def test_a_function_without_events_may_not_be_called() -> None:
    assert root_of(of_get(serverless("Api", WITH_BODY, {}))) == "int.no-permission"


def test_an_event_of_which_the_properties_are_not_known_makes_no_default_route() -> None:
    template = serverless("HttpApi", {}, event("HttpApi", "ApiId"))
    template["Parameters"] = {"Hidden": {"Type": "String"}}
    template["Conditions"] = {"Unknown": {"Fn::Equals": [HIDDEN, "a"]}}
    api, function = (template["Resources"][name]["Properties"] for name in ("Api", "Function"))
    api["CorsConfiguration"] = {"AllowOrigins": ["*"], "AllowHeaders": ["*"], "AllowMethods": ["*"]}
    written = function["Events"]["Get"]["Properties"]
    function["Events"]["Get"]["Properties"] = {"Fn::If": ["Unknown", written, {"Ref": "AWS::NoValue"}]}
    assert not of_get(template).fails


@pytest.mark.parametrize("parameters", [INCLUDE, {"Fn::If": ["Unknown", {}, {"Ref": "AWS::NoValue"}]}])
def test_a_nested_stack_may_be_given_anything_if_its_parameters_are_not_known(parameters: Body) -> None:
    body = healthy()
    given = {"TemplateURL": "a", "Parameters": {"Other": "x"}}
    moves_away("Options", Nested={"Type": "AWS::CloudFormation::Stack", "Properties": given})(body)
    assert root_of(diagnosed(body, "authorization")) == "preflight.no-options"
    given["Parameters"] = parameters
    assert not diagnosed(body, "authorization").fails


def test_globals_that_a_macro_gives_may_have_cors() -> None:
    template = serverless(
        "Api", {}, {"Get": {"Type": "Api", "Properties": {"Path": "/items", "Method": "get"}}}
    )
    del template["Resources"]["Api"]
    assert of_get(template).fails
    template["Globals"] = {"Api": INCLUDE}
    assert not of_get(template).fails


def with_code(code: object, **more: object) -> Diagnosis:
    body = healthy()
    body["Resources"]["Function"]["Properties"] = {
        "Runtime": "nodejs22.x",
        "Handler": "index.handler",
        "Code": {"ZipFile": code},
        **more,
    }
    return diagnosed(body)


def test_code_without_the_header_is_accused_and_with_it_passes() -> None:
    assert root_of(with_code(JS % "")) == "acao.missing-actual"
    assert root_of(with_code({"Fn::Sub": JS % "'X-Table': '${Hidden}'"})) == "acao.missing-actual"
    assert with_code(OPEN_JS).outcome is DiagnosisOutcome.PASS


@pytest.mark.parametrize(
    "code",
    [
        {"Fn::Join": ["", [OPEN_JS[:70], HIDDEN]]},
        {"Fn::Join": ["", [HIDDEN, OPEN_JS[40:]]]},
        {"Fn::Sub": JS % "${Hidden}"},
        OPEN_JS[:70] + "{{resolve:ssm:/rest}}",
    ],
)
def test_code_of_which_a_part_is_not_known_may_send_any_header(code: object) -> None:
    assert not with_code(code).fails


@pytest.mark.parametrize(
    "more", [{"Runtime": HIDDEN}, {"Handler": HIDDEN}, {"Handler": "a.{{resolve:ssm:/b}}"}]
)
def test_without_its_runtime_or_handler_it_is_not_known_which_code_runs(more: Body) -> None:
    assert not with_code(JS % "", **more).fails


def test_a_function_url_that_an_included_file_describes_may_have_cors() -> None:
    def of_url(more: Body) -> Diagnosis:
        url = {"TargetFunctionArn": {"Ref": "Function"}, "AuthType": "NONE", **more}
        granted = {"FunctionName": {"Ref": "Function"}, "Principal": "*"}
        by_url = {**granted, "Action": "lambda:InvokeFunction", "InvokedViaFunctionUrl": True}
        of_its_own = {**granted, "Action": "lambda:InvokeFunctionUrl", "FunctionUrlAuthType": "NONE"}
        code = {"Runtime": "nodejs22.x", "Handler": "index.handler", "Code": {"ZipFile": JS % ""}}
        return of_get(
            {
                "Resources": {
                    "Function": {"Type": "AWS::Lambda::Function", "Properties": code},
                    "Url": {"Type": "AWS::Lambda::Url", "Properties": url},
                    "One": {"Type": "AWS::Lambda::Permission", "Properties": of_its_own},
                    "Two": {"Type": "AWS::Lambda::Permission", "Properties": by_url},
                }
            }
        )

    assert of_url({}).fails
    assert not of_url(INCLUDE).fails


@pytest.mark.parametrize(
    ("methods", "warns"),
    [
        (["GET", "HEAD"], True),
        (HIDDEN, False),
        (["GET", "HEAD", HIDDEN], False),
        ({"Fn::If": ["Unknown", ["GET", "HEAD"], {"Ref": "AWS::NoValue"}]}, False),
    ],
)
def test_methods_of_cloudfront_that_are_not_known_are_not_warned_of(methods: object, warns: bool) -> None:
    body = healthy()
    behavior = {"TargetOriginId": "api", "ViewerProtocolPolicy": "https-only", "AllowedMethods": methods}
    origin = {"Id": "api", "DomainName": {"Fn::Sub": "${Api}.execute-api.${AWS::Region}.amazonaws.com"}}
    config = {"Enabled": True, "Origins": [origin], "DefaultCacheBehavior": behavior}
    body["Resources"]["Front"] = {
        "Type": "AWS::CloudFront::Distribution",
        "Properties": {"DistributionConfig": config},
    }
    found = diagnosed(body, "authorization")
    assert ("edge.cf-methods" in {warning.card.id for warning in found.warnings}) is warns
