"""Which of several APIs a URL calls."""

from __future__ import annotations

import pytest

from accountsctl.doctor.diagnosis.called_apis import called_api, layers_by_name
from accountsctl.doctor.diagnosis.located import locate
from accountsctl.doctor.facts.custom_domains import Domain
from accountsctl.doctor.facts.model import Api, Method
from accountsctl.doctor.facts.places import Layer, SourcePlace
from accountsctl.model.api_gateway import ApiKind

PLACE = SourcePlace(Layer.STATIC, "template.yaml")
EXECUTE = "https://a1b2c3d4e5.execute-api.eu-west-1.amazonaws.com/dev/orders"
FUNCTION = "https://abc123.lambda-url.eu-west-1.on.aws/orders"


def api(name: str, path: str, kind: str = ApiKind.REST, **more: object) -> Api:
    verbs = {"GET": Method("GET", PLACE)}
    return Api(name, Layer.STATIC, PLACE, {path: verbs}, kind, **more)  # type: ignore[arg-type]


REST = api("Rest", "/users")
ORDERS = api("Orders", "/orders")
URL = api("Url", "$default", ApiKind.FUNCTION_URL)
OF_DOMAIN = api("Site", "/x", domains=(Domain("api.example.com", PLACE, {"": "dev"}),))


@pytest.mark.parametrize(
    ("url", "apis", "expected"),
    [
        (EXECUTE, [URL, REST], "Rest"),
        (FUNCTION, [REST, URL], "Url"),
        ("http://127.0.0.1:4566/_aws/lambda-url/abc123/orders", [REST, URL], "Url"),
        (EXECUTE, [REST, ORDERS], "Orders"),
        (EXECUTE, [api("One", "/orders", id="zzz"), REST], "Rest"),
        (EXECUTE, [ORDERS, api("Own", "/x", id="a1b2c3d4e5")], "Own"),
        (EXECUTE, [api("One", "/orders", id="zzz")], None),
        (FUNCTION, [REST], None),
        (EXECUTE, [URL], None),
        ("https://api.example.com/orders", [ORDERS, OF_DOMAIN], "Site"),
        ("https://api.example.com/orders", [REST, ORDERS], "Orders"),
        ("https://api.example.com/other", [REST, ORDERS], "Rest"),
        (EXECUTE, [], None),
    ],
)
def test_a_url_chooses_the_api(url: str, apis: list[Api], expected: str | None) -> None:
    found = called_api(url, layers_by_name(apis))
    assert (found[-1].name if found else None) == expected


@pytest.mark.parametrize(
    ("path", "within"),
    [("/shop/v1/orders", "/orders"), ("/shop/v1", "/"), ("/shop/v10/orders", "/shop/v10/orders")],
)
def test_a_base_path_of_several_parts_is_not_the_apis(path: str, within: str) -> None:
    mapped = api("Site", "/orders", domains=(Domain("api.example.com", PLACE, {"shop/v1": "dev"}),))
    assert locate(f"https://api.example.com{path}", [mapped]).path == within


def test_the_layers_of_an_api_stay_together() -> None:
    deployed = api("Rest", "/users", id="a1b2c3d4e5")
    assert called_api(EXECUTE, layers_by_name([REST, URL, deployed])) == (REST, deployed)
