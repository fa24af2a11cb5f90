"""Tables name causes by their ids, as text: one that is misspelt would only be left out."""

from __future__ import annotations

import re
from pathlib import Path

import accountsctl
from accountsctl.doctor.catalogue.cards import BY_ID
from tests.unit.source_trees import constants_of, python_files

PACKAGE = Path(accountsctl.__file__).parent
OTHER = "localcloud"
FAMILIES = "|".join(sorted({re.escape(id_.partition(".")[0]) for id_ in BY_ID}))
ID = re.compile(rf"(?:{FAMILIES})\.[a-z0-9+-]*[a-z0-9]")


def test_every_id_of_a_cause_that_the_code_names_is_in_the_catalogue() -> None:
    unknown = [
        f"{path.relative_to(PACKAGE)}:{line} {text}"
        for path in python_files(PACKAGE)
        if path.relative_to(PACKAGE).parts[0] != OTHER
        for line, text in constants_of(path)
        if ID.fullmatch(text) and text not in BY_ID
    ]
    assert unknown == []
