"""MOCK integrations and the templates that they are made of."""

from __future__ import annotations

import contextlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accountsctl.localcloud.apigateway.templates import vtl, vtl_check
from accountsctl.localcloud.apigateway.templates.vtl_nodes import VtlError
from tests.local.apigateway.conftest import World, mocked

ALLOW_LIST = """#set($origin = $input.params().header.get("Origin"))
#if($origin == "") #set($origin = $input.params().header.get("origin")) #end
#if($origin == "https://a.example" || $origin.matches("http://localhost:[0-9]+"))
  #set($context.responseOverride.header.Access-Control-Allow-Origin = $origin)
#end"""


def answering(template: str) -> dict[str, Any]:
    return mocked(
        integrationResponses={
            "204": {"statusCode": "204", "responseTemplates": {"application/json": template}}
        }
    )


def inputs(**changes: Any) -> vtl.TemplateInputs:
    plain: dict[str, Any] = {
        "params": {"header": {"Origin": "https://a"}, "path": {"id": "7"}, "querystring": {"q": "x"}},
        "body": "{}",
        "context": {"stage": "dev", "identity": {"sourceIp": "1.2.3.4"}},
        "stage_variables": {"k": "v"},
    }
    return vtl.TemplateInputs(**{**plain, **changes})


def text(template: str) -> str:
    vtl_check.check(template)
    return vtl.render(template, inputs()).text


def test_options_answers_what_the_integration_response_says(world: World) -> None:
    answer = world.serve({"/x": {"OPTIONS": mocked()}}).send("OPTIONS", "/x")
    assert (answer.status, answer.body) == (204, b"")
    assert answer.header("Access-Control-Allow-Headers") == "Authorization"
    assert answer.header("x-amzn-ErrorType") is None


@pytest.mark.parametrize(
    ("name", "origin", "allowed"),
    [
        ("Origin", "https://a.example", True),
        ("origin", "https://a.example", True),
        ("Origin", "http://localhost:4200", True),
        ("Origin", "http://localhost:4200.evil", False),
        ("Origin", "https://b.example", False),
    ],
)
def test_an_allow_list_in_vtl_echoes_only_who_is_on_it(
    world: World, name: str, origin: str, allowed: bool
) -> None:
    world.serve({"/x": {"OPTIONS": answering(ALLOW_LIST)}})
    answer = world.send_with({name: origin}, "OPTIONS", "/x")
    assert answer.status == 204
    assert answer.header("Access-Control-Allow-Origin") == (origin if allowed else None)


def test_no_origin_gets_no_header(world: World) -> None:
    answer = world.serve({"/x": {"OPTIONS": answering(ALLOW_LIST)}}).send("OPTIONS", "/x")
    assert answer.header("Access-Control-Allow-Origin") is None


def test_a_template_may_override_the_status(world: World) -> None:
    world.serve({"/x": {"OPTIONS": answering("#set($context.responseOverride.status = 418)short")}})
    answer = world.send("OPTIONS", "/x")
    assert (answer.status, answer.body) == (418, b"short")


@pytest.mark.parametrize("template", ['{"statusCode": 204}', "{statusCode:204}", '{"statusCode": "204"}'])
def test_every_spelling_of_the_status_code_is_taken(world: World, template: str) -> None:
    world.serve({"/x": {"OPTIONS": mocked(requestTemplates={"application/json": template})}})
    assert world.send("OPTIONS", "/x").status == 204


@pytest.mark.parametrize(
    "changes",
    [
        {"requestTemplates": {}},
        {"requestTemplates": {"application/json": "{}"}},
        {"requestTemplates": {"application/json": '{"statusCode": "soon"}'}},
        {"integrationResponses": {}},
        {"integrationResponses": {"204": {"statusCode": "204", "selectionPattern": "5\\d\\d"}}},
    ],
)
def test_a_mock_that_cannot_answer_is_a_server_error(world: World, changes: dict[str, Any]) -> None:
    answer = world.serve({"/x": {"OPTIONS": mocked(**changes)}}).send("OPTIONS", "/x")
    assert (answer.status, answer.body) == (500, b'{"message":"Internal server error"}')
    assert answer.header("x-amzn-ErrorType") == "InternalServerErrorException"


def test_the_selection_pattern_chooses_the_answer(world: World) -> None:
    method = mocked(
        integrationResponses={
            "200": {"statusCode": "200"},
            "204": {"statusCode": "204", "selectionPattern": "2\\d4"},
        }
    )
    method["methodResponses"]["200"] = {"statusCode": "200"}
    assert world.serve({"/x": {"OPTIONS": method}}).send("OPTIONS", "/x").status == 204


@pytest.mark.parametrize(
    ("behaviour", "status"), [("NEVER", 415), ("WHEN_NO_TEMPLATES", 415), ("WHEN_NO_MATCH", 500)]
)
def test_a_content_type_without_a_template_is_passed_through_or_refused(
    world: World, behaviour: str, status: int
) -> None:
    world.serve({"/x": {"POST": mocked(passthroughBehavior=behaviour)}})
    answer = world.send("POST", "/x", b"<a/>", Content_Type="text/xml")
    assert answer.status == status
    if status == 415:
        assert answer.body == b'{"message":"Unsupported Media Type"}'
        assert answer.header("x-amzn-ErrorType") == "BadRequestException"


def test_binary_media_types_break_a_mock_that_does_not_convert(world: World) -> None:
    everything = {"id": "api1", "binaryMediaTypes": ["*/*"]}
    world.serve({"/x": {"OPTIONS": mocked()}}, api=everything)
    assert world.send("OPTIONS", "/x").status == 500
    world.serve({"/x": {"OPTIONS": mocked(contentHandling="CONVERT_TO_TEXT")}}, api=everything)
    assert world.send("OPTIONS", "/x").status == 204


@pytest.mark.parametrize(
    ("template", "rendered"),
    [
        ("plain $ and # and 5$", "plain $ and # and 5$"),
        ("a## gone\nb#* gone *#c", "abc"),
        ("$input.params('id') $input.params('q') $input.params('Origin')", "7 x https://a"),
        ("${context.stage}:$context.identity.sourceIp:$stageVariables.k", "dev:1.2.3.4:v"),
        ("${context.stage}-x $context.stage-x", "dev-x "),
        ("$nothing $!nothing.", "$nothing ."),
        ("#set($a = 'x')#set($b = \"<$a>\")$b", "<x>"),
        ("#if($input.params('none'))yes#{else}no#end", "no"),
        ("#if(1 == 2)a#elseif(!(1 == 2) && 'a' != 'b')b#else c#end", "b"),
        ("#if(true)#if(false)1#else 2#end#end", " 2"),
        ("$input.params().path.containsKey('id')", "true"),
        ("$util.base64Encode('hi') $util.urlEncode('a b/*~&')", "aGk= a+b%2F*%7E%26"),
        ("$util.urlDecode('a+b%26%20c')", "a b& c"),
        ("$input.body", "{}"),
        ("[$stageVariables.none]$context.none.of.it$!stageVariables.none", "[]"),
        (
            "#set($m = {'a': 1})#set($m['b'] = 2)#set($m.c = [1..3])$m.put('d', 4)$m",
            "{a=1, b=2, c=[1,2,3], d=4}",
        ),
        (
            "#foreach($k in $input.params().keySet())$k#if($foreach.hasNext),#end#end",
            "header,path,querystring",
        ),
        ("#foreach($n in [3..1])$n$foreach.index$velocityCount#if($n == 2)#break#end#end", "301212"),
        ("a#stop()b", "a"),
        ('#set($o = $util.parseJson(\'{"a": {"b": [1, 2]}}\'))$o.a.b.get(1)$o.toString()', "2{a={b=[1,2]}}"),
        ('#set($q = "\\"x\\"")$q', '"x"'),
        ("#if(2 > 1 && 1 <= 1)#set($s = 1 + 2 * 3 - 4 / 2)$s#end", "5"),
        ("#set($s = 'a' + 1)$s.concat('b').substring(1)", "1b"),
    ],
)
def test_templates_mean_what_velocity_means(template: str, rendered: str) -> None:
    assert text(template) == rendered


@pytest.mark.parametrize(
    "template",
    [
        "#foreach($x in $y)",
        "#macro(x)#end",
        "#if(true)",
        "#end",
        "#else",
        "#set(1 = 2)",
        "#set($a = )",
        "#if($a > )#end",
        "$input.path('$..a')",
        "$input.json()",
        "$a.evil()",
        '#set($a = "open)',
    ],
)
def test_what_is_not_understood_is_refused_before_it_is_deployed(template: str) -> None:
    with pytest.raises(VtlError):
        vtl_check.check(template)


@given(st.text(alphabet="#$(){}=!|&\"'ab.if set else end\n", max_size=60))
def test_any_text_is_checked_without_a_crash(template: str) -> None:
    try:
        vtl_check.check(template)
    except VtlError:
        return
    with contextlib.suppress(VtlError):  # a value of the wrong kind shows only in a request
        vtl.render(template, inputs())


def test_a_broken_pattern_in_a_request_is_a_server_error(world: World) -> None:
    world.serve({"/x": {"OPTIONS": answering("#if($input.params('Origin').matches('['))a#end")}})
    assert world.send("OPTIONS", "/x", Origin="https://a").status == 500


def test_a_status_without_a_method_response_fails_when_a_request_comes(world: World) -> None:
    world.serve({"/x": {"OPTIONS": mocked(integrationResponses={"200": {"statusCode": "200"}})}})
    assert world.send("OPTIONS", "/x").status == 500


def test_the_response_template_reads_what_the_request_template_overrode(world: World) -> None:
    overrides = "#set($context.responseOverride.status = 444)#set($context.requestOverride.path.a = 'b')"
    request = overrides + '{"statusCode": 204}'
    response = "$context.responseOverride.status $context.requestOverride.path.a"
    method = answering(response)
    method["methodIntegration"]["requestTemplates"] = {"application/json": request}
    answer = world.serve({"/x": {"OPTIONS": method}}).send("OPTIONS", "/x")
    assert (answer.status, answer.body) == (444, b"444 b")
    again = world.serve({"/x": {"OPTIONS": answering("$!context.responseOverride.status")}}).send(
        "OPTIONS", "/x"
    )
    assert (again.status, again.body) == (204, b"")
