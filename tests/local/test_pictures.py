"""The pictures of a terminal in the README: a real run gives them, and two runs give the same."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.sample import copy_sample_files
from tools.make_pictures import drawn, pictures, run, steady

PUSHED = "\x1b[32m  +  0:07 rds/db  created   8 resources\x1b[0m"
IN_FRONT = "\x1b[32m  +  0:02 api/web  created   3 resources\x1b[0m"


def test_what_differs_from_run_to_run_is_not_in_a_picture() -> None:
    one = f"{PUSHED}\n{IN_FRONT}\nPushed: a in 12.3 s.\nhttp://127.0.0.1:1/_aws/execute-api/ab1/dev"
    other = f"{IN_FRONT}\n{PUSHED.replace('0:07', '0:03')}\nPushed: a in 9.1 s.\nhttp://127.0.0.1:22/_aws/execute-api/c9/dev"
    assert drawn("x", "push", steady(one)) == drawn("x", "push", steady(other))


@pytest.mark.slow
def test_a_push_and_the_doctor_are_drawn_as_they_print(tmp_path: Path) -> None:
    copy_sample_files(tmp_path)
    try:
        found = pictures(tmp_path)
    finally:
        run(tmp_path, "local", "stop")
    assert "Pushed: accounts-dev in 9.6 s." in found["push"][1]
    assert "acao.port" in found["doctor"][1]
    for name, (typed, printed) in found.items():
        assert "…" not in drawn(name, typed, printed).partition("Evidence")[0].partition("uploaded")[0]
