"""What `call` sends to: an API or a function URL by its name, or the only one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest

from accountsctl.commands.users.targets import CallTarget, CallTargets
from accountsctl.model.endpoints import HttpEndpoint, HttpEndpointKind
from accountsctl.model.errors import UsageError

REST = {"api/shop": {"RootUrl": "https://rest/dev"}}


def http(resource: str = "custom/orders", logical_id: str = "Api", stage: str = "$default") -> HttpEndpoint:
    url = f"https://{logical_id}" + ("" if stage == "$default" else f"/{stage}")
    return HttpEndpoint(HttpEndpointKind.HTTP, resource, logical_id, "h", "h", url, stage)


def function_url(resource: str = "function/hook", logical_id: str = "Url") -> HttpEndpoint:
    return HttpEndpoint(
        HttpEndpointKind.URL, resource, logical_id, "u", "hook", f"https://{resource}", auth="NONE"
    )


def rest(stage: str = "dev") -> HttpEndpoint:
    return HttpEndpoint(HttpEndpointKind.REST, "api/shop", "Api", "r", "shop", f"https://rest/{stage}", stage)


def choose(
    outputs: Mapping[str, Mapping[str, str]], endpoints: Sequence[HttpEndpoint], name: str | None = None
) -> CallTarget:
    return CallTargets(lambda: outputs, lambda: endpoints, "dev").choose(name)


def unread() -> Sequence[HttpEndpoint]:
    raise AssertionError("the stacks were searched")


@pytest.mark.parametrize("name", [None, "shop", "api/shop"])
def test_the_api_that_an_output_names_needs_no_search(name: str | None) -> None:
    found = CallTargets(lambda: REST, unread, "dev").choose(name)
    assert (found.url, found.kind) == ("https://rest/dev", HttpEndpointKind.REST)


def test_the_only_api_of_the_category_goes_before_what_other_stacks_hold() -> None:
    assert choose(REST, [rest(), http(), function_url()]).url == "https://rest/dev"


@pytest.mark.parametrize("endpoint", [http(), function_url(), rest()])
def test_the_only_endpoint_needs_no_name(endpoint: HttpEndpoint) -> None:
    assert choose({}, [endpoint]) == CallTarget(endpoint.resource, endpoint.url, endpoint)


@pytest.mark.parametrize(
    ("name", "url"),
    [
        ("custom/orders", "https://Api"),
        ("orders", "https://Api"),
        ("Api", "https://Api"),
        ("custom/orders#Api", "https://Api"),
        ("function/hook", "https://function/hook"),
        ("hook", "https://function/hook"),
        ("Url", "https://function/hook"),
        ("shop", "https://rest/dev"),
    ],
)
def test_several_are_chosen_by_name(name: str, url: str) -> None:
    assert choose(REST, [rest(), http(), function_url()], name).url == url


def test_several_of_one_stack_are_named_by_their_logical_ids() -> None:
    both = [http(logical_id="Orders"), http(logical_id="Admin")]
    assert choose({}, both, "custom/orders#Admin").url == "https://Admin"
    assert choose({}, both, "orders#Orders").url == choose({}, both, "Orders").url == "https://Orders"
    with pytest.raises(UsageError) as caught:
        choose({}, both)
    assert "custom/orders#Admin (HTTP API), custom/orders#Orders (HTTP API)" in caught.value.hint


@pytest.mark.parametrize(
    ("stages", "url"),
    [
        (["$default", "dev", "prod"], "https://Api/dev"),
        (["dev", "$default"], "https://Api/dev"),
        (["beta", "$default", "gamma"], "https://Api"),
    ],
)
def test_of_several_stages_it_is_that_of_the_environment_or_the_default_one(
    stages: list[str], url: str
) -> None:
    assert choose({}, [http(stage=stage) for stage in stages]).url == url


def test_a_wrong_name_is_answered_with_those_that_there_are() -> None:
    with pytest.raises(UsageError, match="No API named custom/ordres") as caught:
        choose(REST, [rest(), http()], "custom/ordres")
    assert caught.value.hint == (
        'Did you mean "custom/orders"? There is: api/shop (REST API), custom/orders (HTTP API).'
    )


def test_without_any_endpoint_a_push_is_proposed() -> None:
    for name in (None, "shop"):
        with pytest.raises(UsageError) as caught:
            choose({}, [], name)
        assert "accountsctl push" in caught.value.hint
