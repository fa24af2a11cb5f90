"""The headers that a mapping template (VTL) sets by ``$context.responseOverride``, as far as its conditions are known.

Known are comparisons with literal origins, and with regular expressions (Serverless writes both). Any other condition
(a list, a loop, a stage variable) may let any origin in.

https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-override-request-response-parameters.html
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from accountsctl.doctor.facts.reflected_origin import ReflectedOrigin
from accountsctl.doctor.facts.unknown import PLACEHOLDER, placeholder
from accountsctl.model.cors_headers import ALLOW_ORIGIN

_OVERRIDE = re.compile(r"responseOverride\.header(?:\.|\[['\"])([A-Za-z0-9-]+)['\"]?\]?\s*=\s*\"?([^\s\")]+)")
_WORD = re.compile(rf"#\{{?(if|elseif|else|end|foreach)\b|{_OVERRIDE.pattern}")
_LITERAL = r"""["']([^"']*)["']"""
_COMPARED = re.compile(rf"==\s*{_LITERAL}|{_LITERAL}\s*==|\.equals\({_LITERAL}\)")
_MATCHED = re.compile(rf"\.matches\({_LITERAL}\)")
_EMPTY = re.compile(r"""!=\s*(?:""|'')""")
_OTHER_TEST = re.compile(r"==|!=|\.(?:contains|matches|equals|startsWith|endsWith|indexOf)\w*\(|#foreach")
_NOT_LITERAL = re.compile(r"[*+?()\[\]|^$]")
_ANY = ("*", ".*")
_BUILT_IN = ("context", "input", "stageVariables", "util")


def overridden(templates: Iterable[str]) -> frozenset[str]:
    """The names of all headers that some template sets, in lower case."""
    return frozenset(name.lower() for template in templates for name, _ in _OVERRIDE.findall(template))


def computed_headers(template: str, static: Mapping[str, str]) -> dict[str, ReflectedOrigin | str]:
    """The headers that a VTL template overrides: a literal, or the Origin that asks where it is in a list."""
    settings: dict[str, list[_Setting]] = {}
    for setting in _settings(template):
        settings.setdefault(setting.name, []).append(setting)
    found: dict[str, ReflectedOrigin | str] = {}
    for name, branches in settings.items():
        if name == ALLOW_ORIGIN:
            found[name] = _origin(template, branches, static.get(name, "").strip("'") or None)
        elif len(branches) == 1 and not branches[0].is_variable:
            found[name] = branches[0].value
        else:
            found[name] = not_known(name)
    return found


def not_known(name: str) -> str:
    """The value of a header that only the deployment knows."""
    return placeholder(f"responseOverride.{name}")


@dataclass(frozen=True)
class _Setting:
    """A header that is set; `for_the_rest` where no condition holds: outside of any, or where they all do not."""

    name: str
    value: str
    for_the_rest: bool
    always: bool

    @property
    def is_variable(self) -> bool:
        return self.value.startswith("$")


def _settings(template: str) -> Iterator[_Setting]:
    """Every setting, in the template's order."""
    branches: list[str] = []
    for word in _WORD.finditer(template):
        directive, name, value = word.groups()
        if name:
            others = all(branch == "else" for branch in branches)
            yield _Setting(name.lower(), value.strip("'\""), others, not branches)
        elif directive in ("if", "foreach"):
            branches.append(directive)
        elif branches and directive == "end":
            branches.pop()
        elif branches:
            branches[-1] = directive


def _origin(template: str, branches: list[_Setting], static: str | None) -> ReflectedOrigin | str:
    """Access-Control-Allow-Origin; a literal in a branch is taken to be that of an origin which the branch is for."""
    last = branches[-1]
    if last.always and not last.is_variable:
        return last.value
    if _has_hidden_part(template):
        return ReflectedOrigin(None, static)
    literals = {branch.value for branch in branches if not branch.is_variable}
    otherwise = static
    for branch in branches:
        given = _literals_of(template, branch.value) if branch.is_variable else [branch.value]
        literals.update(given)
        if branch.for_the_rest and given:
            otherwise = given[0]
    compared = _compared(template, otherwise)
    if "*" in literals or (compared.origins is None and any(branch.is_variable for branch in branches)):
        return ReflectedOrigin(None, otherwise)
    if not any(branch.is_variable for branch in branches):
        return ReflectedOrigin(frozenset(literals), otherwise)
    return ReflectedOrigin((compared.origins or frozenset()) | literals, otherwise, compared.patterns)


def _has_hidden_part(template: str) -> bool:
    """Whether a part is known only to the deployment: a ${reference} that is none of VTL's own."""
    own = {*_BUILT_IN, *re.findall(r"#(?:set|foreach)\(\s*\$\{?(\w+)", template)}
    return any(re.split(r"\W", name, maxsplit=1)[0] not in own for name in PLACEHOLDER.findall(template))


def _literals_of(template: str, variable: str) -> list[str]:
    """The literals that a variable is set to, without the empty one."""
    name = re.escape(variable.removeprefix("$").strip("!{}"))
    return [value for value in re.findall(rf"#set\(\s*\${{?{name}}}?\s*=\s*{_LITERAL}", template) if value]


def _compared(template: str, otherwise: str | None) -> ReflectedOrigin:
    """The origins that a template compares with."""
    origins = {value for values in _COMPARED.findall(template) for value in values if _is_origin(value)}
    patterns: list[str] = []
    for value in filter(_is_origin, _MATCHED.findall(template)):
        plain = value.replace("\\", "").replace("[.]", ".")
        if plain == "*" or not _NOT_LITERAL.search(plain):
            origins.add(plain)
        else:
            patterns.append(value)
    rest = _EMPTY.sub("", _MATCHED.sub("", _COMPARED.sub("", template)))
    anyone = not (origins or patterns) or origins & set(_ANY) or set(patterns) & set(_ANY)
    if anyone or _OTHER_TEST.search(rest) or not all(map(_is_pattern, patterns)):
        return ReflectedOrigin(None, otherwise)
    return ReflectedOrigin(frozenset(origins), otherwise, tuple(patterns))


def _is_origin(text: str) -> bool:
    return "://" in text or text in _ANY


def _is_pattern(text: str) -> bool:
    try:
        re.compile(text)
    except re.error:
        return False
    return True
