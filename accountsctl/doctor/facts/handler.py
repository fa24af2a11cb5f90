"""What a function's source tells of its answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from accountsctl.doctor.facts.places import SourcePlace
from accountsctl.model.backend_tool import Framework

OTHER_VERBS = ""


@dataclass(frozen=True)
class OriginChecks:
    """How code allows origins. `line` is where it compares a part of one (0: it does not), `part` what it looks for.

    `reflects`: it sends back whatever Origin asks. `credentials`: it allows them. `null`: it allows the origin null.
    """

    reflects: bool = False
    credentials: bool = False
    null: bool = False
    file: str = ""
    line: int = 0
    part: str = ""


@dataclass(frozen=True)
class FunctionHandler:
    """What a function's source tells of its answers; None is "the source does not tell".

    `allows` are the literal values of Access-Control-Allow-Origin, empty where no code sends one, and
    `computed` True if it is worked out. `handles_options`: some branch is for OPTIONS. `malformed`: a return
    that is not a valid proxy response; `unknown_to_rest`: one that a REST API refuses, for its
    keys or for want of a statusCode; `bare_errors`: a 4xx or 5xx response without the header that others carry;
    `varies`: Vary is sent; `resumes`: it knows that a database may be waking; `wants_claims`: it reads the authorizer's
    claims and cannot do without; `origins` is how it decides which origins it allows. Places are for evidence.
    `allow_headers` and `allow_methods` are all that any literal Access-Control-Allow-Headers or -Methods lists,
    `allow_credentials` is the one literal value of that header; they are empty where no code sends one.
    `status` is that of all answers; None if they have several, or it is not written there. `by_verb` has what differs
    for an HTTP method that the code compares with, and under OTHER_VERBS for all that it does not. `framework` answers
    the requests; None if none is imported. `is_valid`: all answers are written out, each with a text as its body.
    """

    place: SourcePlace
    allows: frozenset[str] | None = None
    computed: bool = False
    handles_options: bool | None = None
    malformed: SourcePlace | None = None
    unknown_to_rest: SourcePlace | None = None
    bare_errors: SourcePlace | None = None
    varies: bool | None = None
    resumes: bool | None = None
    broken: str | None = None
    allow_headers: str | None = None
    allow_methods: str | None = None
    allow_credentials: str | None = None
    wants_claims: bool | None = None
    origins: OriginChecks = OriginChecks()
    status: int | None = None
    by_verb: Mapping[str, FunctionHandler] = field(default_factory=dict)
    framework: Framework | None = None
    is_valid: bool = False

    def for_verb(self, verb: str) -> FunctionHandler:
        """What the source tells of its answers to one HTTP method."""
        return self.by_verb.get(verb) or self.by_verb.get(OTHER_VERBS) or self
