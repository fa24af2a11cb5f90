"""From which origins an API is checked if none is stated: those that it allows by name."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from accountsctl.commands.doctor.cors import DiagnosisSources, find_out
from accountsctl.doctor.diagnosis.targets import Query
from accountsctl.doctor.facts.handler import FunctionHandler
from accountsctl.doctor.facts.model import Api, Function, HttpCors, Integration, IntegrationResponse, Method
from accountsctl.doctor.facts.origins_by_name import origins_by_name
from accountsctl.doctor.facts.places import Layer, SourcePlace
from accountsctl.doctor.facts.templates.response_overrides import computed_headers

PLACE = SourcePlace(Layer.STATIC, "template.json")
APP = "https://app.example.com"
HERE = "http://localhost:4200"
NAME = "access-control-allow-origin"
VTL = '#if($origin.matches("%s")) #set($context.responseOverride.header.Access-Control-Allow-Origin = $origin) #end'


def rest(value: str | None, template: str = "") -> Api:
    """A REST API whose OPTIONS answers with a mapping expression, or by a response template."""
    headers = {} if value is None else {NAME: value}
    response = IntegrationResponse(
        "200", PLACE, headers=headers, computed=computed_headers(template, headers)
    )
    method = Method("OPTIONS", PLACE, integration=Integration("MOCK", PLACE, responses=(response,)))
    return Api("api", Layer.STATIC, PLACE, {"/": {"OPTIONS": method, "GET": Method("GET", PLACE)}})


@pytest.mark.parametrize(
    ("value", "origins"),
    [
        (f"'{APP}'", (APP,)),
        (f"'{APP}/'", (APP,)),  # the page of that site asks, and shows what is wrong with the value
        ("'*'", ()),
        ("'${Origin}'", ()),
        ("'https://${Domain}'", ("https://domain",)),  # localhost is none of its pages
        ("'${Site is one of https://a.example | https://b.example}'", ("https://a.example",)),
        ("'https://*.example.com'", ()),
        ("'https://a, https://b'", ()),
        ("'true'", ()),
        ("'https://a:b'", ()),
        ("method.request.header.Origin", ()),
        (None, ()),
    ],
)
def test_a_mapping_expression_names_one_origin_or_none(value: str | None, origins: tuple[str, ...]) -> None:
    assert origins_by_name(rest(value)) == origins


@pytest.mark.parametrize(
    ("cors", "origins"),
    [
        ((APP, HERE), (APP, HERE)),
        ((APP, "*"), ()),
        ((APP, "${Other}"), ()),
        ((APP, "http://${Other}"), (APP,)),
        ((), ()),
    ],
)
def test_a_list_names_all_of_its_origins(cors: tuple[str, ...], origins: tuple[str, ...]) -> None:
    api = Api("api", Layer.STATIC, PLACE, {}, http_cors=HttpCors(PLACE, origins=cors))
    assert origins_by_name(api) == origins


@pytest.mark.parametrize(
    ("pattern", "allowed", "refused"),
    [
        ("https://app[.]example[.]com", APP, "https://appxexample.com"),
        ("https://.*[.]example[.]com", APP, "https://example.com"),
        (r"https://app\.example\.com", APP, HERE),
        (r"http://localhost:\d+|https://.*", HERE, "http://127.0.0.1:4200"),
    ],
)
def test_a_regular_expression_in_a_response_template_allows_what_it_matches(
    pattern: str, allowed: str, refused: str
) -> None:
    found: Any = computed_headers(VTL % pattern, {})[NAME]
    assert (found.allows(allowed), found.allows(refused)) == (True, False)


def test_what_cannot_be_read_as_a_regular_expression_allows_any() -> None:
    found: Any = computed_headers(VTL % "https://(app", {})[NAME]
    assert found.origins is None


def test_the_page_that_an_api_allows_is_checked_and_another_on_request() -> None:
    sources = DiagnosisSources(static=lambda: [rest(f"'{APP}'")])
    assert [found.ask.origin for found in find_out(sources, Query()).diagnoses] == [APP]
    assert [found.ask.origin for found in find_out(sources, Query(origin=HERE)).diagnoses] == [HERE]


@pytest.mark.parametrize(
    ("handler", "value", "origins"),
    [
        (FunctionHandler(PLACE, allows=frozenset({APP})), None, (APP,)),
        (FunctionHandler(PLACE, allows=frozenset({APP})), f"'{HERE}'", (HERE,)),
        (FunctionHandler(PLACE, allows=frozenset({APP}), computed=True), None, ()),
        (FunctionHandler(PLACE, allows=frozenset({APP, "*"})), None, ()),
        (FunctionHandler(PLACE), None, ()),
    ],
)
def test_code_names_an_origin_where_the_api_names_none(
    handler: FunctionHandler, value: str | None, origins: tuple[str, ...]
) -> None:
    api = replace(rest(value), functions={"F": Function("F", PLACE, handler=handler)})
    assert origins_by_name(api) == origins


def test_code_behind_the_cors_configuration_of_an_http_api_names_none() -> None:
    handler = FunctionHandler(PLACE, allows=frozenset({APP}))
    functions = {"F": Function("F", PLACE, handler=handler)}
    api = Api("api", Layer.STATIC, PLACE, {}, http_cors=HttpCors(PLACE), functions=functions)
    assert origins_by_name(api) == ()


def test_where_the_header_of_one_response_is_not_known_the_others_name_the_page() -> None:
    preflight, response = rest("'${Hidden}'"), rest(f"'{APP}'").routes["/"]["OPTIONS"]
    assert origins_by_name(preflight) == ()
    both = {"/": {"OPTIONS": preflight.routes["/"]["OPTIONS"], "GET": response}}
    assert origins_by_name(Api("api", Layer.STATIC, PLACE, both)) == (APP,)
