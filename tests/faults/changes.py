"""What a fault is, and the small changes of a template that faults are made of."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.faults.base import ALLOW, CODE, SUB, URI, template

Body = dict[str, Any]
Change = Callable[[Body, str], None]
OTHER_POOL = "arn:aws:cognito-idp:eu-west-1:123456789012:userpool/eu-west-1_Another00"
NO_POOL = "arn:aws:cognito-idp:eu-west-1:123456789012:userpool/eu-west-1_Nowhere00"


@dataclass(frozen=True)
class Fault:
    """One way to break the API, and the request that meets it.

    `token` is id, access, expired, invalid, gone (of a pool that was deleted) or none. `url` is what the page calls
    where it is not the API's own URL of `path`; ``{api}`` is that without the stage. `later` is what becomes of the
    template after the stage's deployment. `primed` are calls before the page's, as (path, origin). `signs` says how
    the page signs, see `callers`. `among` are the causes that all layers together leave beside it; `answers` False:
    answers alone do not tell it.
    """

    id: str
    change: Change | None = None
    path: str = "/items"
    method: str = "GET"
    headers: tuple[tuple[str, str], ...] = ()
    credentials: bool = False
    token: str | None = None
    origin: str | None = None
    static: bool = True
    deployed: bool = True
    live: bool = True
    answers: bool = True
    masked: tuple[str, ...] = ()
    among: tuple[str, ...] = ()
    url: str = ""
    later: Change | None = None
    primed: tuple[tuple[str, str], ...] = ()
    signs: str = ""
    base: Callable[[str], Body] = template
    note: str = ""

    def __str__(self) -> str:
        return f"{self.id}{'-' if self.note else ''}{self.note}"

    def body(self, origin: str) -> Body:
        """The broken template, for pages of `origin`."""
        made = self.base(origin)
        if self.change is not None:
            self.change(made, origin)
        return made


def properties(body: Body, name: str) -> Body:
    """The properties of a template's resource, to be changed."""
    found = body["Resources"][name]["Properties"]
    assert isinstance(found, dict)
    return found


def sets(name: str, **changes: Any) -> Change:
    """Set properties of a resource; None takes one away."""

    def change(body: Body, _: str) -> None:
        for key, value in changes.items():
            if value is None:
                properties(body, name).pop(key, None)
            else:
                properties(body, name)[key] = value

    return change


def integrates(name: str, **changes: Any) -> Change:
    """Set properties of a method's integration; None takes one away."""

    def change(body: Body, _: str) -> None:
        integration = properties(body, name)["Integration"]
        for key, value in changes.items():
            if value is None:
                integration.pop(key, None)
            else:
                integration[key] = value

    return change


def drops(*names: str) -> Change:
    """Take resources away, from the Deployment's DependsOn too."""

    def change(body: Body, _: str) -> None:
        for name in names:
            del body["Resources"][name]
        after = body["Resources"]["Deployment"]["DependsOn"]
        body["Resources"]["Deployment"]["DependsOn"] = [each for each in after if each not in names]

    return change


def adds(name: str, kind: str, **properties: Any) -> Change:
    """Add a resource."""

    def change(body: Body, _: str) -> None:
        body["Resources"][name] = {"Type": kind, "Properties": properties}

    return change


def preflight(name: str, value: Callable[[str], str | None], method: str = "ItemsOptions") -> Change:
    """Give an Access-Control-Allow header of OPTIONS another value, made of the origin; None takes it away."""

    def change(body: Body, origin: str) -> None:
        response = properties(body, method)["Integration"]["IntegrationResponses"][0]
        text = value(origin)
        if text is None:
            response["ResponseParameters"].pop(f"method.response.header.{ALLOW}{name}")
        else:
            response["ResponseParameters"][f"method.response.header.{ALLOW}{name}"] = text

    return change


def codes(*replacements: tuple[str, str]) -> Change:
    """Change the function's source."""

    def change(body: Body, origin: str) -> None:
        code = CODE
        for old, new in replacements:
            assert old in code, old
            code = code.replace(old, new)
        properties(body, "Function")["Code"] = {"ZipFile": code.replace("ORIGIN", origin)}

    return change


def gateway(kind: str, **changes: Any) -> Change:
    """Change a default gateway response."""
    return sets(f"Default{kind}", **changes)


def both(*changes: Change) -> Change:
    """Several changes in a row."""

    def change(body: Body, origin: str) -> None:
        for each in changes:
            each(body, origin)

    return change


ANYTHING = (
    '{"principalId": "me", "policyDocument": {"Version": "2012-10-17", "Statement": '
    '[{"Action": "execute-api:Invoke", "Effect": "Allow", "Resource": "*"}]}}'
)


def _guard(policy: str, seconds: int) -> Change:
    """A TOKEN authorizer that may be called; `policy` is what it returns, in Python."""

    def change(body: Body, _: str) -> None:
        function = {
            "Runtime": "python3.13",
            "Handler": "index.handler",
            "Role": {"Fn::GetAtt": ["Role", "Arn"]},
            "Code": {"ZipFile": f"def handler(event, context):\n    return {policy}\n"},
        }
        body["Resources"]["Guard"] = {"Type": "AWS::Lambda::Function", "Properties": function}
        arn = "arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}:${Api}/authorizers/*"
        adds(
            "GuardPermission",
            "AWS::Lambda::Permission",
            Action="lambda:InvokeFunction",
            FunctionName={"Ref": "Guard"},
            Principal="apigateway.amazonaws.com",
            SourceArn={SUB: arn},
        )(body, "")
        adds(
            "GuardAuthorizer",
            "AWS::ApiGateway::Authorizer",
            RestApiId={"Ref": "Api"},
            Name="guard",
            Type="TOKEN",
            IdentitySource="method.request.header.Authorization",
            AuthorizerUri={SUB: URI.replace("${Function.Arn}", "${Guard.Arn}")},
            AuthorizerResultTtlInSeconds=seconds,
        )(body, "")

    return change


def guarded(*names: str, policy: str = ANYTHING, seconds: int = 0) -> Change:
    """Put methods behind a Lambda authorizer."""
    custom = {"AuthorizationType": "CUSTOM", "AuthorizerId": {"Ref": "GuardAuthorizer"}}
    return both(_guard(policy, seconds), *(sets(name, **custom) for name in names))


IAM = sets("ItemsGet", AuthorizationType="AWS_IAM", AuthorizerId=None)
NO_4XX, NO_5XX = drops("Default4XX"), drops("Default5XX")
ORIGIN = "origin"
SIGNED = (
    ("authorization", "AWS4-HMAC-SHA256 Credential=AKID/20260101/eu-west-1/execute-api/aws4_request"),
    ("x-amz-date", "20260101T000000Z"),
)
ALL_SIGNED = preflight("Headers", lambda _: "'Authorization,Content-Type,X-Amz-Date'")
