"""Who may call: policies, IAM and signatures, against what the client sends."""

from __future__ import annotations

from collections.abc import Iterator

from accountsctl.doctor.browser.page_request import Credential
from accountsctl.doctor.catalogue import cli_commands
from accountsctl.doctor.catalogue import refusals as said
from accountsctl.doctor.catalogue.card import Causes, RequestStage
from accountsctl.doctor.catalogue.cards.shared import AUTHORIZER, MISSING, requires
from accountsctl.doctor.catalogue.fixes import authorizers, methods, parameters
from accountsctl.doctor.catalogue.policies import allows
from accountsctl.doctor.catalogue.scene import Evidence, Scene, when
from accountsctl.model.api_gateway import ApiKind, AuthorizationType

cause = Causes()


def _lets_in(scene: Scene) -> bool | None:
    """Whether the resource policy allows the request; None if a condition (an address, a VPC) decides that."""
    return scene.api.policy is None or allows(scene.api.policy, scene.verb, scene.ask.path, scene.ask.now)


@cause(
    id="auth.resource-policy",
    stage=RequestStage.ROUTING,
    what="The API's resource policy does not allow the request.",
    browser=MISSING,
    fix="Allow execute-api:Invoke for the request and for OPTIONS, and deploy: a changed policy applies "
    "from the next deployment.",
    source="API Gateway Developer Guide, authorization flow",
    refusals=(said.POLICY_DENIED,),
    stays=lambda scene: _lets_in(scene) is None,
    zoo="tests/faults/zoo.py",
)
def _policy(scene: Scene) -> Iterator[Evidence]:
    yield from when(
        _lets_in(scene) is False,
        scene.api.place.of("policy"),
        f"the resource policy allows no {scene.verb} {scene.ask.path}",
        "an Allow for it, OPTIONS included",
    )


@cause(
    id="auth.iam-not-cognito",
    stage=RequestStage.AUTH,
    what="The method requires requests that are signed with AWS credentials (AWS_IAM), and the client "
    "sends a Cognito token.",
    browser=MISSING,
    fix="Give the method a Cognito authorizer (COGNITO_USER_POOLS) with IdentitySource "
    "method.request.header.Authorization, and deploy; or sign the request.",
    source="amplify-flutter#1539, amplify-js#476, amplify-js#7749",
    refusals=(said.INCOMPLETE_SIGNATURE, said.READ_FORBIDDEN),
    split=cli_commands.DEPLOYMENT_SUMMARY,
    edit=authorizers.require_cognito,
    parameters=parameters.require_cognito,
    zoo="tests/faults/zoo.py",
)
def _signs(scene: Scene) -> Iterator[Evidence]:
    if scene.method and requires(scene, AuthorizationType.IAM, Credential.TOKEN):
        place = scene.method.place.of("authorization")
        yield Evidence(place, f"{scene.ask.method} {scene.route} AWS_IAM; the client sends a JWT", AUTHORIZER)


@cause(
    id="auth.route-missing+token",
    stage=RequestStage.AUTH,
    what="The path or method does not exist, or is not deployed; as a token was sent, the gateway "
    "complains of a signature.",
    browser=MISSING,
    fix="Add the method, or correct the client's path; then deploy.",
    source="chalice#828, cognito-angular-quickstart#50",
    refusals=(said.INCOMPLETE_SIGNATURE,),
    split=cli_commands.DEPLOYMENT_SUMMARY,
    edit=methods.add_missing_method,
    parameters=parameters.add_method,
    zoo="tests/faults/zoo.py",
)
def _route_missing(scene: Scene) -> Iterator[Evidence]:
    known = scene.api.routes.get(scene.route or "")
    if scene.preflight or scene.method is not None or scene.api.partial:
        return
    if scene.ask.credential is not Credential.TOKEN or scene.api.kind == ApiKind.HTTP:
        return
    if known:
        place = next(iter(known.values())).place
        yield Evidence(
            place, f"{scene.route} has {', '.join(sorted(known))}", f"a method for {scene.ask.method}"
        )


@cause(
    id="auth.iam-no-token",
    stage=RequestStage.AUTH,
    what="The method requires a signed request (AWS_IAM), and the client sends no Authorization.",
    browser=MISSING,
    fix="Sign the request, or give the method a Cognito authorizer and send a token.",
    source="AWS re:Post, 403 errors",
    refusals=(said.MISSING_TOKEN, said.READ_FORBIDDEN),
    split=cli_commands.DEPLOYMENT_SUMMARY,
    edit=authorizers.require_cognito,
    parameters=parameters.require_cognito,
    zoo="tests/faults/callers.py",
)
def _unsigned(scene: Scene) -> Iterator[Evidence]:
    if scene.method and requires(scene, AuthorizationType.IAM, Credential.NONE):
        place = scene.method.place.of("authorization")
        yield Evidence(
            place, f"{scene.ask.method} {scene.route} AWS_IAM; the client sends nothing", AUTHORIZER
        )


cause.add(
    id="auth.iam-clock",
    stage=RequestStage.AUTH,
    what="The client's clock differs from AWS's by more than five minutes.",
    browser=MISSING,
    fix="Set the clock.",
    source="AWS re:Post, 403 errors",
    kind="command",
    refusals=(said.SIGNATURE_EXPIRED,),
    zoo="tests/faults/callers.py",
)


cause.add(
    id="auth.iam-bad-signature",
    stage=RequestStage.AUTH,
    what="The request's signature is wrong: another secret key, host, path, service or region, or a header or body "
    "that is not what was signed.",
    browser=MISSING,
    fix="Sign for the service execute-api, the final host and the exact path. With a presigned URL send exactly what "
    "was signed: the method, the Content-Type and other headers that it names, and the file itself as the body, "
    "without FormData.",
    source="AWS re:Post, 403 errors; mhart/aws4#16",
    kind="code",
    refusals=(said.BAD_SIGNATURE, said.READ_FORBIDDEN),
    zoo="tests/faults/callers.py",
)


cause.add(
    id="auth.iam-unknown-key",
    stage=RequestStage.AUTH,
    what="The access key is unknown, or the session token is missing.",
    browser=MISSING,
    fix="Send all three parts of the credentials, x-amz-security-token too.",
    source="AWS re:Post, 403 errors",
    kind="code",
    refusals=(said.UNKNOWN_KEY, said.UNKNOWN_KEY_DENIED),
    zoo="tests/faults/callers.py",
)


cause.add(
    id="auth.iam-expired",
    stage=RequestStage.AUTH,
    what="The session of the AWS credentials, or the time of a presigned URL, has ended.",
    browser=MISSING,
    fix="Fetch new credentials, or a new presigned URL, before the call.",
    source="API Gateway Developer Guide, gateway response types",
    kind="code",
    refusals=(said.SESSION_EXPIRED,),
    zoo="tests/faults/recorded.py",
)


cause.add(
    id="auth.iam-denied",
    stage=RequestStage.AUTH,
    what="The identity's role may not do this: call execute-api:Invoke here, or what a presigned URL is for.",
    browser=MISSING,
    fix="Grant execute-api:Invoke on the method's ARN to the role; for a presigned URL, s3:PutObject or s3:GetObject "
    "on the object to the role that signs it.",
    source="AWS re:Post, 403 errors",
    refusals=(said.IDENTITY_DENIED, said.READ_FORBIDDEN),
    zoo="tests/faults/callers.py",
)
