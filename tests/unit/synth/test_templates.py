"""What the rendered stacks of the sample promise."""

from __future__ import annotations

import json
from typing import Any

import pytest

from accountsctl.model.assembly import Assembly
from accountsctl.model.names import ResourceId
from tests.unit.synth.conftest import StartEdit


def body(assembly: Assembly, resource: str) -> dict[str, Any]:
    child = assembly.child(ResourceId(*resource.split("/")))
    assert child is not None
    template: dict[str, Any] = json.loads(child.template.text)
    return template


def deployment(assembly: Assembly) -> str:
    resources = body(assembly, "api/accountsAPI")["Resources"]
    name: str
    [name] = [name for name, each in resources.items() if each["Type"] == "AWS::ApiGateway::Deployment"]
    assert resources["Stage"]["Properties"]["DeploymentId"] == {"Ref": name}
    return name


def test_every_method_but_options_asks_for_a_token_and_options_never_does(edit: StartEdit) -> None:
    resources = body(edit().assemble(), "api/accountsAPI")["Resources"].values()
    methods = [each["Properties"] for each in resources if each["Type"] == "AWS::ApiGateway::Method"]
    kinds = {(each["HttpMethod"] == "OPTIONS", each["AuthorizationType"]) for each in methods}
    assert kinds == {(True, "NONE"), (False, "COGNITO_USER_POOLS")}
    assert len(methods) == 8


def test_the_authorizer_binds_tokens_to_the_web_client(edit: StartEdit) -> None:
    authorizer = body(edit().assemble(), "api/accountsAPI")["Resources"]["Authorizer"]["Properties"]
    assert authorizer["IdentityValidationExpression"] == {"Fn::Sub": "^${authmfeaccountsAppClientIDWeb}$"}
    assert authorizer["IdentitySource"] == "method.request.header.Authorization"


def test_a_deployment_gets_another_name_for_whatever_it_freezes_and_for_nothing_else(edit: StartEdit) -> None:
    before = deployment(edit().assemble())
    api = "api/accountsAPI"
    other_pool = {"UserPoolId": "eu-west-1_Other", "AppClientIDWeb": "abc"}
    assert (
        deployment(edit().parameters(api, cors={"allowOrigins": ["https://a.example"]}).assemble()) != before
    )
    assert deployment(edit().parameters(api, authorization="NONE").assemble()) != before
    assert deployment(edit().environment(imported={"auth": {"mfeaccounts": other_pool}}).assemble()) != before
    assert (
        deployment(edit().parameters(api, throttling={"rateLimit": 1, "burstLimit": 1}).assemble()) == before
    )
    assert deployment(edit().code("function/accountsAPI", {"index.py": b"#"}).assemble()) == before


def test_one_origin_is_a_static_value_and_several_are_chosen_among(edit: StartEdit) -> None:
    def preflight(*origins: str) -> Any:
        made = edit().parameters("api/accountsAPI", cors={"allowOrigins": list(origins)}).assemble()
        method = body(made, "api/accountsAPI")["Resources"]["PathAccountsOptions"]["Properties"]
        return method["Integration"]["IntegrationResponses"][0]

    header = "method.response.header.Access-Control-Allow-Origin"
    assert preflight("https://a.example")["ResponseParameters"][header] == "'https://a.example'"
    both = preflight("https://a.example", "https://b.example")
    assert header not in both["ResponseParameters"]
    assert (
        '$origin == "https://a.example" || $origin == "https://b.example"'
        in both["ResponseTemplates"]["application/json"]
    )


def test_the_function_answers_the_origins_of_the_apis_that_lead_to_it(edit: StartEdit) -> None:
    origins = ["https://b.example", "https://a.example"]
    made = edit().parameters("api/accountsAPI", cors={"allowOrigins": origins}).assemble()
    variables = body(made, "function/accountsAPI")["Resources"]["LambdaFunction"]["Properties"]["Environment"]
    assert variables["Variables"]["CORS_ALLOW_ORIGINS"] == "https://a.example,https://b.example"
    assert variables["Variables"]["DB_NAME"] == "accountsDatabase"
    assert variables["Variables"]["DB_ARN"] == {"Ref": "rdsaccountsClusterArn"}


def test_the_function_may_do_only_what_it_needs(edit: StartEdit) -> None:
    role = body(edit().assemble(), "function/accountsAPI")["Resources"]["LambdaExecutionRole"]["Properties"]
    [policy] = role["Policies"]
    rights = {json.dumps(each["Resource"]): each["Action"] for each in policy["PolicyDocument"]["Statement"]}
    assert rights.pop('{"Ref": "rdsaccountsClusterSecretArn"}') == "secretsmanager:GetSecretValue"
    assert all(each.startswith("rds-data:") for each in rights.pop('{"Ref": "rdsaccountsClusterArn"}'))
    assert rights == {'{"Fn::GetAtt": ["LogGroup", "Arn"]}': ["logs:CreateLogStream", "logs:PutLogEvents"]}


def test_dev_sleeps_alone_and_prod_has_a_reader_in_another_zone(edit: StartEdit) -> None:
    dev, prod = (body(edit(each).assemble(), "rds/accountsCluster")["Resources"] for each in ("dev", "prod"))
    assert dev["RDSCluster"]["Properties"]["ServerlessV2ScalingConfiguration"]["MinCapacity"] == 0
    assert "Reader1" not in dev
    zones = [prod[name]["Properties"]["AvailabilityZone"] for name in ("Writer", "Reader1")]
    assert zones[0] != zones[1]
    assert prod["RDSCluster"]["Properties"]["DeletionProtection"] is True
    assert prod["RDSCluster"]["DeletionPolicy"] == "Snapshot"


def test_no_two_environments_share_a_physical_name(edit: StartEdit) -> None:
    for resource, path in (
        ("function/accountsAPI", ("LambdaFunction", "FunctionName")),
        ("api/accountsAPI", ("RestApi", "Name")),
        ("rds/accountsCluster", ("RDSCluster", "DBClusterIdentifier")),
    ):
        names = [
            body(edit(each).assemble(), resource)["Resources"][path[0]]["Properties"][path[1]]
            for each in ("dev", "prod")
        ]
        assert [name.rpartition("-")[2] for name in names] == ["dev", "prod"]
        assert names[0].lower() == names[0] or resource != "rds/accountsCluster"


def test_the_seed_is_the_root_without_its_children(edit: StartEdit) -> None:
    made = edit().assemble()
    root, seed = made.root.body, made.seed.body
    own = {
        name: each for name, each in root["Resources"].items() if each["Type"] != "AWS::CloudFormation::Stack"
    }
    assert seed == {**root, "Resources": own}


def test_the_roots_template_tells_what_is_deployed(edit: StartEdit) -> None:
    made = edit().assemble()
    for child in made.children:
        url = made.root.body["Resources"][child.id.logical_id]["Properties"]["TemplateURL"]["Fn::Sub"]
        assert url == f"https://${{DeploymentBucket}}.s3.${{AWS::Region}}.${{AWS::URLSuffix}}/{child.key}"


def test_paths_with_one_name_get_different_ids(edit: StartEdit) -> None:
    paths = {
        path: {"function": "accountsAPI", "methods": ["get"]} for path in ("/", "/a/b", "/aB", "/x/{p+}")
    }
    resources = body(edit().parameters("api/accountsAPI", paths=paths).assemble(), "api/accountsAPI")[
        "Resources"
    ]
    parts = [
        each["Properties"].get("PathPart")
        for each in resources.values()
        if each["Type"].endswith("::Resource")
    ]
    assert sorted(parts) == ["a", "aB", "b", "x", "{p+}"]
    assert resources["PathRootGet"]["Properties"]["ResourceId"] == {
        "Fn::GetAtt": ["RestApi", "RootResourceId"]
    }


def test_a_project_overrides_one_template_and_a_function_has_one_package(edit: StartEdit) -> None:
    ours = "Parameters:\n  s3Key: {Type: String}\nResources:\n  X:\n    Type: AWS::SNS::Topic\n"
    ours += "Outputs:\n  Name:\n    Value: {{ env.name | json }}\n  Arn:\n    Value: !Ref X\n"
    made = edit().template("function.yaml.j2", ours).assemble()
    child = made.child(ResourceId("function", "accountsAPI"))
    assert child is not None
    assert child.package is not None
    assert child.template.source == "templates/function.yaml.j2"
    assert made.root.body["Resources"]["functionaccountsAPI"]["Properties"]["Parameters"] == {
        "s3Key": child.package.key
    }


@pytest.mark.parametrize(
    ("files", "given", "options"),
    [
        ({"index.ts": b""}, {}, "--enable-source-maps"),
        ({"index.ts": b""}, {"NODE_OPTIONS": "--own"}, "--own"),
        ({"index.mjs": b""}, {}, None),
    ],
)
def test_a_function_of_typescript_reports_the_lines_of_its_sources(
    edit: StartEdit, files: dict[str, bytes], given: dict[str, str], options: str | None
) -> None:
    changed = edit().code("function/accountsAPI", files)
    made = changed.parameters("function/accountsAPI", runtime="nodejs24.x", variables=given).assemble()
    properties = body(made, "function/accountsAPI")["Resources"]["LambdaFunction"]["Properties"]
    assert properties["Environment"]["Variables"].get("NODE_OPTIONS") == options
