"""What `invoke` says of a failure: the line of the project and what to do."""

from __future__ import annotations

import pytest

from accountsctl.commands.functions.explained import FunctionCode
from accountsctl.commands.functions.invoke import cause
from accountsctl.model.logs import Invoked, LogRecord

CODE = FunctionCode("work", "index.handler", {"index.py": b"import os\nimport nosuch\n"})
FOLDER = "amplify/backend/function/work/src"


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (
            ["Runtime.ImportModuleError: Unable to import module 'index': No module named 'nosuch'"],
            f"at {FOLDER}/index.py:2 -> Add nosuch to {FOLDER}/requirements.txt, or correct the import; then push.",
        ),
        (["ValueError: no", f'File "{FOLDER}/index.py", line 4, in handler'], f"at {FOLDER}/index.py:4"),
        (["something else"], ""),
    ],
)
def test_the_cause_is_read_from_what_was_logged(lines: list[str], expected: str) -> None:
    records = tuple(LogRecord(text) for text in lines)
    assert cause(CODE, Invoked(None, failed=True, records=records)) == expected
