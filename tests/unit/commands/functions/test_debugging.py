"""Which function a debugger may connect to, and what an editor needs to know."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from accountsctl.commands.functions.debugging import (
    check_debuggable,
    check_debugged_functions,
    debugged_functions,
    how_to_attach,
    vscode_configuration,
)
from accountsctl.model.backend import Backend, FilePosition, Resource
from accountsctl.model.environment import Cloud, Environment
from accountsctl.model.errors import UsageError
from accountsctl.model.names import ResourceId
from accountsctl.ports.local_cloud import DebuggedFunction

ONE = {"function/orders": "orders-dev"}
TWO = {**ONE, "function/mailer": "mailer-dev"}
REGION = "eu-west-1"
DOCS = Path(__file__).parents[4] / "docs/debugging.md"


def test_a_port_alone_is_for_the_only_function() -> None:
    assert debugged_functions(("5678",), ONE, REGION) == (
        DebuggedFunction("orders", "orders-dev", REGION, 5678),
    )


def test_each_function_has_a_port_of_its_own() -> None:
    found = debugged_functions(("orders=5678", "function/mailer=9229"), TWO, REGION)
    assert [(function.physical, function.port) for function in found] == [
        ("orders-dev", 5678),
        ("mailer-dev", 9229),
    ]


@pytest.mark.parametrize(
    ("stated", "functions", "what"),
    [
        (("5678",), TWO, "--debug-port 5678 does not say which function is meant."),
        (("5678",), {}, "--debug-port 5678 does not say which function is meant."),
        (("order=5678",), ONE, "No function named order is deployed in this environment."),
        (("orders=5678", "mailer=5678"), TWO, "--debug-port mailer=5678 repeats a function or a port."),
        (("orders=5678", "orders=5679"), TWO, "--debug-port orders=5679 repeats a function or a port."),
    ],
)
def test_what_is_not_clear_is_refused(stated: tuple[str, ...], functions: dict[str, str], what: str) -> None:
    with pytest.raises(UsageError) as refused:
        debugged_functions(stated, functions, REGION)
    assert refused.value.what == what
    assert refused.value.hint


BACKEND = Backend(
    tuple(
        Resource(ResourceId("function", name), "Lambda", False, (), FilePosition("backend-config.json", 1))
        for name in ("mailer", "orders")
    ),
    "backend-config.json",
)


def test_a_function_that_the_backend_does_not_have_is_refused_before_the_push() -> None:
    with pytest.raises(UsageError) as refused:
        check_debugged_functions(("order=5678",), BACKEND, REGION)
    assert refused.value.what == "--debug-port order=5678 names a function that the backend does not have."
    assert "orders" in refused.value.hint
    with pytest.raises(UsageError, match="does not say which function"):
        check_debugged_functions(("5678",), BACKEND, REGION)
    check_debugged_functions(("function/orders=5678", "mailer=5679"), BACKEND, REGION)


@pytest.mark.parametrize("text", ["", "orders", "orders=", "80", "65536", "-1", "orders=http"])
def test_a_port_is_a_number_that_a_user_may_listen_on(text: str) -> None:
    with pytest.raises(UsageError, match="has no port from 1024 to 65535"):
        check_debuggable(Environment("dev", Cloud.LOCAL, REGION, "shop-dev"), (text,))


def test_functions_on_aws_have_no_port() -> None:
    prod = Environment("prod", Cloud.AWS, REGION, "shop-prod")
    with pytest.raises(UsageError, match="prod is on AWS"):
        check_debuggable(prod, ("5678",))
    check_debuggable(prod, ())


@pytest.mark.parametrize("language", ["python", "node"])
def test_the_documented_configuration_is_the_one_that_is_printed(language: str) -> None:
    block = re.search(rf"<!-- launch {language} -->\n```json\n(.*?)```", DOCS.read_text(), re.S)
    assert block is not None
    assert json.loads(block[1]) == vscode_configuration("orders", 5678, python=language == "python")
    files = {"python": ["index.py", "README.md"], "node": ["index.mjs"]}[language]
    said = how_to_attach(DebuggedFunction("orders", "orders-dev", REGION, 5678), files)
    assert json.loads(said[-1]) == json.loads(block[1])
    assert "127.0.0.1:5678" in said[0]
