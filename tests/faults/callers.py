"""Faults of those who call, and of what is answered to them: signatures, keys, caches, time, redirects.

Most are told by answers alone. `signs` is how the page signs for IAM: ``unknown`` with a key that nobody has,
``wrong`` with another secret, ``late`` with a date that is over, ``denied`` as a user without rights.
"""

from __future__ import annotations

from typing import Any

from tests.faults.base import ALLOW
from tests.faults.changes import (
    ALL_SIGNED,
    IAM,
    NO_4XX,
    NO_5XX,
    Body,
    Change,
    Fault,
    adds,
    both,
    codes,
    guarded,
    integrates,
    preflight,
    properties,
    sets,
)

ANSWERED = '    return answer(200, {"path": event["path"]})'
OTHER_ORIGIN = "http://other.example.com"
DENIES = (
    '{"principalId": "me", "policyDocument": {"Version": "2012-10-17", "Statement": '
    '[{"Action": "execute-api:Invoke", "Effect": "Deny", "Resource": "*"}]}}'
)
NARROW = (
    '{"principalId": "me", "policyDocument": {"Version": "2012-10-17", "Statement": '
    '[{"Action": "execute-api:Invoke", "Effect": "Allow", "Resource": event["methodArn"]}]}}'
)
SIGNABLE = both(IAM, ALL_SIGNED)
KEY = "a-key-of-the-zoo-0123456789"


def instead(*lines: str) -> Change:
    """Other lines than the function's answer."""
    return codes((ANSWERED, "\n".join(f"    {line}" for line in lines)))


def echoes(*, varies: bool = True) -> Change:
    """The function answers whatever origin asks."""

    def change(body: Body, origin: str) -> None:
        names = '{name.lower(): value for name, value in event["headers"].items()}'
        asked = f'    HEADERS["Access-Control-Allow-Origin"] = {names}["origin"]\n    if event'
        codes(
            ('"Access-Control-Allow-Origin": "ORIGIN"', '"Access-Control-Allow-Origin": ""'),
            (', "Vary": "Origin"', "" if not varies else ', "Vary": "Origin"'),
            ("    if event", asked),
        )(body, origin)

    return change


CACHED = sets(
    "Stage",
    CacheClusterEnabled=True,
    CacheClusterSize="0.5",
    MethodSettings=[{"HttpMethod": "*", "ResourcePath": "/*", "CachingEnabled": True}],
)


def used_up(body: Body, origin: str) -> None:
    """A plan of one call a day, and its key, for GET /items."""
    sets("ItemsGet", ApiKeyRequired=True)(body, origin)
    preflight("Headers", lambda _: "'Authorization,Content-Type,X-Api-Key'")(body, origin)
    adds("Key", "AWS::ApiGateway::ApiKey", Name={"Ref": "AWS::StackName"}, Value=KEY, Enabled=True)(body, "")
    stage = {"ApiId": {"Ref": "Api"}, "Stage": {"Ref": "Stage"}}
    quota = {"Limit": 1, "Period": "MONTH"}
    adds("Plan", "AWS::ApiGateway::UsagePlan", ApiStages=[stage], Quota=quota)(body, "")
    adds(
        "PlanKey",
        "AWS::ApiGateway::UsagePlanKey",
        KeyId={"Ref": "Key"},
        KeyType="API_KEY",
        UsagePlanId={"Ref": "Plan"},
    )(body, "")


def _answers(name: str, status: str, **headers: str) -> Change:
    """Give a MOCK another status, and more headers."""

    def change(body: Body, _: str) -> None:
        integration = properties(body, name)["Integration"]
        integration["RequestTemplates"] = {"application/json": f'{{"statusCode": {status}}}'}
        more = {f"method.response.header.{key}": f"'{value}'" for key, value in headers.items()}
        for each in (integration["IntegrationResponses"][0], properties(body, name)["MethodResponses"][0]):
            each["StatusCode"] = status
        integration["IntegrationResponses"][0]["ResponseParameters"] |= more
        properties(body, name)["MethodResponses"][0]["ResponseParameters"] |= dict.fromkeys(more, True)

    return change


def _response(kind: str, **properties: Any) -> Change:
    return adds(
        kind.title().replace("_", ""),
        "AWS::ApiGateway::GatewayResponse",
        RestApiId={"Ref": "Api"},
        ResponseType=kind,
        **properties,
    )


def _signed(cause: str, how: str) -> Fault:
    return Fault(cause, SIGNABLE, signs=how, headers=(("x-amz-date", ""),), static=False, deployed=False)


OTHER_SITE = {f"gatewayresponse.header.{ALLOW}Origin": "'https://other.example.com'"}
READER = sets("Authorizer", IdentitySource="method.request.header.X-Token")

FAULTS: tuple[Fault, ...] = (
    # who signs
    Fault("auth.iam-no-token", IAM, token="none"),
    _signed("auth.iam-unknown-key", "unknown"),
    _signed("auth.iam-bad-signature", "wrong"),
    _signed("auth.iam-clock", "late"),
    _signed("auth.iam-denied", "denied"),
    # who is let in
    Fault("auth.lambda-deny", guarded("ItemsGet", policy=DENIES), static=False, deployed=False),
    Fault(
        "auth.authorizer-cache",
        guarded("ItemsGet", "ItemGet", policy=NARROW, seconds=300),
        path="/items/1",
        primed=(("/items", ""),),
        static=False,
        deployed=False,
        among=("auth.lambda-deny",),
    ),
    Fault(
        "auth.quota",
        used_up,
        headers=(("x-api-key", KEY),),
        primed=(("/items", ""),),
        static=False,
        deployed=False,
    ),
    # what the function does in its time
    Fault(
        "int.throws",
        instead('raise KeyError("owner")'),
        static=False,
        deployed=False,
        among=("int.response-too-big",),
        note="of the day",
    ),
    Fault(
        "int.response-too-big",
        instead('return answer(200, "x" * 7_000_000)'),
        static=False,
        deployed=False,
        among=("int.throws",),
    ),
    Fault(
        "int.lambda-timeout",
        both(instead("import time", "time.sleep(20)"), sets("Function", Timeout=1)),
        static=False,
        deployed=False,
    ),
    Fault(
        "int.gateway-timeout",
        both(instead("import time", "time.sleep(3)"), integrates("ItemsGet", TimeoutInMillis=500)),
        static=False,
        deployed=False,
    ),
    # Another site's name alone may as well be the function's own.
    Fault(
        "int.stage-cache",
        both(echoes(), CACHED),
        primed=(("/items", OTHER_ORIGIN),),
        static=False,
        deployed=False,
        answers=False,
    ),
    Fault(
        "int.media-type",
        integrates("StatusGet", PassthroughBehavior="NEVER"),
        path="/status",
        headers=(("Content-Type", "text/plain"),),
        token="none",
    ),
    # where it goes
    Fault("deploy.no-stage", url="{api}/prod/items", deployed=True),
    Fault(
        "deploy.stale", IAM, later=sets("ItemsGet", AuthorizationType="NONE", AuthorizerId=None), static=False
    ),
    Fault("preflight.redirect", _answers("ItemsOptions", "301", Location="https://www.example.com/items")),
    # Whoever answers OPTIONS may have a 404 of its own.
    Fault("preflight.non-2xx", _answers("ItemsOptions", "404"), answers=False),
    Fault(
        "client.redirect",
        _answers("StatusGet", "302", Location="https://nowhere.invalid/status"),
        path="/status",
        token="id",
    ),
    Fault(
        "client.mixed",
        origin="https://app.example.com",
        url="http://api.example.com/dev/items",
        deployed=False,
        live=False,
    ),
    # what hides them
    Fault(
        "int.no-permission",
        both(sets("ItemsGet"), NO_5XX, lambda body, _: body["Resources"].pop("Permission")),
        masked=("gwresp.5xx",),
        note="hidden",
    ),
    Fault(
        "auth.cognito-identity-source",
        both(READER, _response("UNAUTHORIZED")),
        token="id",
        masked=("gwresp.specific-overrides",),
        note="hidden by a type",
    ),
    Fault(
        "auth.cognito-identity-source",
        both(READER, sets("Default4XX", ResponseParameters=OTHER_SITE)),
        token="id",
        masked=("gwresp.static-origin",),
        note="hidden by another site",
    ),
    Fault(
        "auth.cognito-identity-source",
        both(READER, sets("Default4XX", StatusCode="418")),
        token="id",
        masked=("gwresp.status-rewritten",),
        note="hidden by a status",
    ),
    Fault(
        "auth.cognito-identity-source",
        both(READER, NO_4XX),
        token="id",
        masked=("gwresp.4xx",),
        note="hidden",
    ),
)
