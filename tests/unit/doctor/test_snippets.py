"""Code to paste: for the cause, in the language that was seen, with the page's values; and it is valid."""

from __future__ import annotations

import ast

import pytest

from accountsctl.doctor.catalogue.snippets import snippet

VALUES = {"origin": "https://app.example.com", "methods": "GET,OPTIONS", "headers": "authorization"}
CAUSES = ("acao.missing-actual", "acao.missing-error-path", "preflight.proxy-any-lambda")


@pytest.mark.parametrize("cause", CAUSES)
def test_python_is_valid_and_has_the_values(cause: str) -> None:
    text = snippet(cause, "src/index.py:12", VALUES)
    ast.parse("def handler(event):\n" + "".join(f"    {line}\n" for line in text.splitlines()))
    assert "https://app.example.com" in text
    assert "{origin}" not in text + snippet(cause, "index.js", VALUES)


@pytest.mark.parametrize("source", ["index.js", "index.mjs", "src/app.ts", "a/b.cjs:7"])
def test_javascript_has_one_text_for_all_its_files(source: str) -> None:
    assert snippet(CAUSES[0], source, VALUES) == snippet(CAUSES[0], "index.js", VALUES) != ""


@pytest.mark.parametrize(("cause", "source"), [(CAUSES[0], "template.json"), ("auth.waf", "index.py")])
def test_what_has_no_code_gets_none(cause: str, source: str) -> None:
    assert snippet(cause, source, VALUES) == ""
