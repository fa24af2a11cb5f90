"""What an answer to a question has to look like, so that a wrong one is asked again and does not end the command."""

from __future__ import annotations

import re
from dataclasses import dataclass

from accountsctl.model.http_methods import ANY, METHODS
from accountsctl.model.names import RESOURCE_NAME
from accountsctl.synth.routes import PATH


@dataclass(frozen=True)
class AnswerForm:
    """The pattern of an answer, and what to type, in words."""

    pattern: re.Pattern[str]
    words: str


NAME = AnswerForm(RESOURCE_NAME, "letters and digits, a letter first")
PATH_OF_API = AnswerForm(PATH, 'a path such as /items or /items/{id}: segments are words or "{variables}"')
_METHOD = "|".join((*METHODS, ANY))
METHOD_LIST = AnswerForm(
    re.compile(rf"\s*(?:{_METHOD})(?:\s*,\s*(?:{_METHOD}))*\s*", re.IGNORECASE), "methods such as get,post"
)
