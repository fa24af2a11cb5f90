"""cfn-lint, in this process: AWS's resource schemas, and its rules over them.

A project comes from others, and so does a template's metadata. Neither may choose what runs here: cfn-lint's own
configuration files (``.cfnlintrc``, whose ``append_rules`` loads Python) are not read, and of a template's
``Metadata.cfn-lint.config`` only ``ignore_checks`` and ``configure_rules`` count.
Source: https://github.com/aws-cloudformation/cfn-lint#configuration
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from functools import cached_property
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from accountsctl.model.suggestions import did_you_mean
from accountsctl.ports.linter import LintFinding
from accountsctl.ports.template_cache import TemplateCache

if TYPE_CHECKING:
    from cfnlint.config import ConfigMixIn
    from cfnlint.rules import Match, Rules

FORMAT = 1
"""Raise it when what is stored, or how a template is checked, changes."""
HARMLESS = ("ignore_checks", "configure_rules")
UNKNOWN_TYPE = "E3006"
DEFAULT_REGION = "us-east-1"
"""Where to look a type up if cfn-lint has no list for the region."""


class CfnLinter:
    """`ports.Linter`. A template that was checked before is not checked again, and cfn-lint not even imported.

    `busy` shows a message while one is checked: that takes seconds.
    """

    def __init__(
        self, results: TemplateCache, busy: Callable[[str], AbstractContextManager[object]] = nullcontext
    ) -> None:
        self._results = results
        self._busy = busy

    def lint(self, text: str, region: str) -> tuple[LintFinding, ...]:
        key = self._key(text, region)
        stored = self._results.get(key)
        if stored is not None and (findings := _loaded(stored)) is not None:
            return findings
        with self._busy("checking the templates"):
            findings = self._checked(text, region)
        rows = [
            [finding.rule, finding.error, list(finding.path), finding.message, finding.hint]
            for finding in findings
        ]
        self._results.put(key, json.dumps({"findings": rows}).encode())
        return findings

    def _key(self, text: str, region: str) -> str:
        digest = hashlib.sha256(f"{FORMAT}\0{region}\0{text}".encode()).hexdigest()
        return f"cfn-lint-{version('cfn-lint')}-{digest}"

    def _checked(self, text: str, region: str) -> tuple[LintFinding, ...]:
        from cfnlint.decode import decode_str
        from cfnlint.helpers import REGIONS
        from cfnlint.runner.template.runner import run_template_by_data

        template, unreadable = decode_str(text)
        if unreadable:
            return tuple(_finding(match, "") for match in unreadable)
        _disarm(template)
        known = region if region in REGIONS else DEFAULT_REGION
        matches = run_template_by_data(template, _configuration(known), self._rules)
        findings = {_finding(match, _hint(match, template, known)) for match in matches}
        return tuple(sorted(findings, key=repr))

    @cached_property
    def _rules(self) -> Rules:
        from cfnlint.runner import Runner

        return Runner(_configuration(DEFAULT_REGION)).rules


def _configuration(region: str) -> ConfigMixIn:
    from cfnlint.config import ConfigMixIn

    # An empty file named here keeps cfn-lint from looking for one in this folder and at home.
    return ConfigMixIn(config_file=Path(os.devnull), regions=[region])


def _disarm(template: Any) -> None:
    """Leave of a template's configuration of cfn-lint only what cannot load anything."""
    metadata = template.get("Metadata") if isinstance(template, dict) else None
    own = metadata.get("cfn-lint") if isinstance(metadata, dict) else None
    if isinstance(own, dict) and "config" in own:
        written = own["config"] if isinstance(own["config"], dict) else {}
        own["config"] = {key: written[key] for key in HARMLESS if key in written}


def _finding(match: Match, hint: str) -> LintFinding:
    path = tuple(part if isinstance(part, int) else str(part) for part in match.path or ())
    message = " ".join(match.message.split())
    return LintFinding(str(match.rule.id), match.rule.severity == "error", path, message, hint)


def _hint(match: Match, template: Any, region: str) -> str:
    """The type that a misspelled one may have meant; cfn-lint itself only helps with properties."""
    if match.rule.id != UNKNOWN_TYPE or len(match.path) < 2:
        return ""
    from cfnlint.schema.manager import PROVIDER_SCHEMA_MANAGER

    written = template["Resources"][match.path[1]].get("Type", "")
    return did_you_mean(str(written), PROVIDER_SCHEMA_MANAGER.get_resource_types(region))


def _loaded(stored: bytes) -> tuple[LintFinding, ...] | None:
    """What was stored; None if it is not what this version stores."""
    try:
        rows = json.loads(stored)["findings"]
        return tuple(
            LintFinding(rule, error, tuple(path), message, hint) for rule, error, path, message, hint in rows
        )
    except (ValueError, TypeError, KeyError):
        return None
