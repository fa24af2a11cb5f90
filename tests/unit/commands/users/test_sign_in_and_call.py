"""`auth token` and `call`, over a Cognito and an HTTP in memory."""

from __future__ import annotations

import pytest

from accountsctl.commands.stacks.outputs import NOT_DEPLOYED, Outputs
from accountsctl.commands.users.call import Call, parse_headers, send, takes_token
from accountsctl.commands.users.sign_in import Credentials, app_client, sign_in
from accountsctl.commands.users.targets import CallTarget
from accountsctl.model.endpoints import EndpointRoute, HttpEndpoint, HttpEndpointKind
from accountsctl.model.environment import Cloud, Environment
from accountsctl.model.errors import CloudError, UsageError
from accountsctl.ports.sign_in import NoSignIn, SignInTarget
from tests.fakes.http import FakeHttp
from tests.fakes.sign_in import FakeSignIn

IDS = {"UserPoolId": "eu-west-1_A", "AppClientID": "native", "AppClientIDWeb": "web"}
LOCAL = Environment("dev", Cloud.LOCAL, "eu-west-1", "s", imported={"auth": {"pool": IDS}})
AWS = Environment("prod", Cloud.AWS, "eu-west-1", "s", imported={"auth": {"pool": IDS}})
COGNITO = {("eu-west-1_A", "web", "demo"): "pw", ("eu-west-1_A", "web", "ann"): "hers"}
OUTPUTS = {"api/accountsAPI": {"RootUrl": "https://x.example/dev/"}, "function/accountsAPI": {"Name": "f"}}


def demo() -> tuple[str, str]:
    return "demo", "pw"


def no_demo_user() -> tuple[str, str]:
    raise AssertionError("the demo user is asked for outside of a local environment")


def test_the_demo_user_is_the_default_of_a_local_environment() -> None:
    cognito = FakeSignIn(COGNITO)
    assert sign_in(LOCAL, Credentials(), cognito, demo).id_token == "id-of-demo"
    assert sign_in(LOCAL, Credentials("demo"), cognito, demo).id_token == "id-of-demo"
    assert sign_in(LOCAL, Credentials("ann", "hers"), cognito, demo).access_token == "access-of-ann"


@pytest.mark.parametrize(
    ("environment", "given"), [(AWS, Credentials()), (AWS, Credentials("ann")), (LOCAL, Credentials("ann"))]
)
def test_missing_credentials_name_the_flag(environment: Environment, given: Credentials) -> None:
    with pytest.raises(UsageError, match="name and password") as caught:
        sign_in(environment, given, FakeSignIn(COGNITO), demo if environment is LOCAL else no_demo_user)
    assert ("--password-stdin" if given.username else "--username") in caught.value.why


@pytest.mark.parametrize(
    ("challenge", "flag", "stated"),
    [
        ("SMS_MFA", "--mfa-code", Credentials("ann", "hers", mfa_code="right")),
        ("NEW_PASSWORD_REQUIRED", "--new-password-stdin", Credentials("ann", "hers", new_password="right")),
    ],
)
def test_what_is_asked_after_the_password_comes_from_the_flag_or_the_terminal(
    challenge: str, flag: str, stated: Credentials
) -> None:
    cognito = FakeSignIn(COGNITO, {"ann": (challenge, "right")})
    with pytest.raises(UsageError, match="more than the password") as caught:
        sign_in(AWS, Credentials("ann", "hers"), cognito, no_demo_user)
    assert flag in caught.value.hint
    assert not cognito.signed_in
    sign_in(AWS, stated, cognito, no_demo_user)
    typed = {"The password of ann": "hers"}
    sign_in(AWS, Credentials("ann", ask=lambda text: typed.get(text, "right")), cognito, no_demo_user)
    assert len(cognito.signed_in) == 2


def test_a_refused_password_stays_out_of_the_error() -> None:
    with pytest.raises(CloudError) as caught:
        sign_in(AWS, Credentials("ann", "wrong-word"), FakeSignIn(COGNITO), no_demo_user)
    assert "wrong-word" not in f"{caught.value.what}{caught.value.why}{Credentials('ann', 'wrong-word')!r}"


def importing(**pools: dict[str, str]) -> Environment:
    return Environment("prod", Cloud.AWS, "eu-west-1", "s", imported={"auth": pools})


def test_the_web_client_goes_before_the_native_one() -> None:
    assert app_client(AWS) == SignInTarget("eu-west-1_A", "web")
    native = importing(pool={"UserPoolId": "eu-west-1_B", "AppClientID": "n"})
    assert app_client(native) == SignInTarget("eu-west-1_B", "n")


class FakeDeployed:
    """`HasOutputs` in memory; `error` is raised instead."""

    def __init__(self, outputs: Outputs, error: CloudError | None = None) -> None:
        self.outputs, self.error, self.reads = outputs, error, 0

    @property
    def deployed_outputs(self) -> Outputs:
        self.reads += 1
        if self.error:
            raise self.error
        return self.outputs


WITHOUT = Environment("dev", Cloud.LOCAL, "eu-west-1", "s")


def test_a_pool_that_a_stack_made_is_found_by_its_outputs() -> None:
    deployed = FakeDeployed({"auth/shop": IDS, **OUTPUTS})
    given, cognito = Credentials("ann", "hers"), FakeSignIn(COGNITO)
    assert sign_in(WITHOUT, given, cognito, no_demo_user, None, deployed).id_token == "id-of-ann"
    assert sign_in(WITHOUT, given, cognito, no_demo_user, "shop", deployed).id_token == "id-of-ann"
    with pytest.raises(UsageError, match="name and password"):
        sign_in(WITHOUT, Credentials(), cognito, no_demo_user, None, deployed)


def test_outputs_are_not_read_for_a_pool_that_is_imported() -> None:
    deployed = FakeDeployed({})
    assert sign_in(LOCAL, Credentials(), FakeSignIn(COGNITO), demo, None, deployed).id_token == "id-of-demo"
    assert sign_in(LOCAL, Credentials(), FakeSignIn(COGNITO), demo, "pool", deployed).id_token == "id-of-demo"
    assert deployed.reads == 0


def test_without_a_pool_nothing_is_signed_in_to() -> None:
    given, cognito = Credentials("ann", "hers"), FakeSignIn(COGNITO)
    never_pushed = CloudError("Not deployed.", code=NOT_DEPLOYED)
    for deployed in (None, FakeDeployed(OUTPUTS), FakeDeployed({}, never_pushed)):
        with pytest.raises(NoSignIn, match="no auth resource"):
            sign_in(WITHOUT, given, cognito, no_demo_user, None, deployed)
    with pytest.raises(CloudError, match="Refused"):
        sign_in(WITHOUT, given, cognito, no_demo_user, None, FakeDeployed({}, CloudError("Refused.")))


def test_one_of_several_pools_has_to_be_named() -> None:
    two = importing(pool=IDS, other=IDS)
    assert app_client(two, "auth/other") == SignInTarget("eu-west-1_A", "web")
    with pytest.raises(UsageError) as caught:
        app_client(two)
    assert "auth/other, auth/pool" in caught.value.hint
    with pytest.raises(UsageError):
        app_client(two, "auth/none")
    with pytest.raises(UsageError):
        app_client(Environment("e", Cloud.AWS, "r", "s"))
    with pytest.raises(UsageError):
        app_client(importing(pool={"UserPoolId": "p"}))


API = CallTarget("api/accountsAPI", "https://x.example/dev/")


def test_a_call_carries_the_bare_token_and_json() -> None:
    http = FakeHttp()
    send(Call("post", "accounts", body=b"{}"), API, lambda: "tok", http)
    assert http.sent == [
        (
            "POST",
            "https://x.example/dev/accounts",
            {"Accept": "application/json", "Content-Type": "application/json", "Authorization": "tok"},
            b"{}",
        )
    ]


def test_an_anonymous_call_and_one_with_its_own_token_ask_for_none() -> None:
    def token() -> str:
        raise AssertionError("a token was asked for")

    http = FakeHttp()
    send(Call("GET", "/accounts", anonymous=True), API, token, http)
    send(Call("GET", "/accounts", {"authorization": "Bearer mine"}), API, token, http)
    assert [headers.get("authorization") for _, _, headers, _ in http.sent] == [None, "Bearer mine"]
    assert all("Authorization" not in headers for _, _, headers, _ in http.sent)


@pytest.mark.parametrize(
    ("kind", "authorizations", "expected"),
    [
        (HttpEndpointKind.REST, (), True),
        (HttpEndpointKind.URL, ("JWT",), False),
        (HttpEndpointKind.HTTP, ("NONE", "JWT"), True),
        (HttpEndpointKind.HTTP, ("NONE", "AWS_IAM"), False),
        (HttpEndpointKind.HTTP, (), False),
    ],
)
def test_no_one_signs_in_for_what_reads_no_token(
    kind: HttpEndpointKind, authorizations: tuple[str, ...], expected: bool
) -> None:
    routes = [EndpointRoute("GET", "/", authorization) for authorization in authorizations]
    endpoint = HttpEndpoint(kind, "custom/shop", "Api", "a", "a", "https://y.example")
    assert takes_token(CallTarget("custom/shop", endpoint.url, endpoint), lambda: routes) is expected


def test_headers_are_read_and_others_refused() -> None:
    assert parse_headers(["A: 1", "a:2", "X-Y: v: w"]) == {"a": "2", "X-Y": "v: w"}
    for text in ("none", ": x", "a b: c", "A: x\r\nB: y"):
        with pytest.raises(UsageError):
            parse_headers([text])


def test_an_address_is_not_sent_as_a_path() -> None:
    with pytest.raises(UsageError, match="takes a path of the API"):
        send(
            Call("GET", "http://example.com/"),
            API,
            lambda: "token",
            FakeHttp(),
        )
