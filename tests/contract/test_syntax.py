"""`ports.Syntax`: what a runtime can load, and its fake."""

from __future__ import annotations

import pytest

from accountsctl.adapters.syntax import InstalledSyntax
from accountsctl.ports.syntax import Syntax
from tests.fakes.syntax import FakeSyntax

WRONG = {"index.py": b"import json\n\ndef handler(event, context)\n    return 1\n", "text.txt": b"def ("}


@pytest.mark.parametrize("syntax", [InstalledSyntax(), FakeSyntax([("index.py", 3, "expected ':'")])])
def test_a_file_that_cannot_be_read_is_named_with_its_line(syntax: Syntax) -> None:
    found = syntax.errors(WRONG, "python3.11", local=True)
    assert [(path, line) for path, line, _ in found] == [("index.py", 3)]


@pytest.mark.parametrize("syntax", [InstalledSyntax(), FakeSyntax()])
def test_sound_code_has_no_errors(syntax: Syntax) -> None:
    assert list(syntax.errors({"index.py": b"a = 1\n"}, "python3.11", local=True)) == []
