"""What an API is defined with and what its functions are written in, as templates and a folder's files show them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

_RUNTIME = re.compile(r"""["']?Runtime["']?\s*:\s*["']?(nodejs|python|java|dotnet|go1|ruby)""")


class DefinitionTool(StrEnum):
    """A tool whose way of defining an API we can write down."""

    CDK = "CDK"
    CLOUDFORMATION = "CloudFormation"
    SAM = "SAM"
    SERVERLESS = "Serverless Framework"
    TERRAFORM = "Terraform"


class Language(StrEnum):
    """A language that functions are written in."""

    PYTHON = "Python"
    JAVASCRIPT = "JavaScript"
    GO = "Go"
    JAVA = "Java"
    CSHARP = "C#"


class Framework(StrEnum):
    """A framework that answers requests."""

    EXPRESS = "Express"
    FASTAPI = "FastAPI"
    FLASK = "Flask"
    MIDDY = "middy"
    POWERTOOLS = "Powertools"
    OTHER = "another framework"
    """One whose configuration we do not write down."""

    @property
    def language(self) -> Language | None:
        """The language that it is for; None if it may be any."""
        if self is Framework.OTHER:
            return None
        of_javascript = self in (Framework.EXPRESS, Framework.MIDDY)
        return Language.JAVASCRIPT if of_javascript else Language.PYTHON


_FRAMEWORK_OF_PACKAGE = {"@middy/core": Framework.MIDDY, "express": Framework.EXPRESS}
_FRAMEWORK_OF_REQUIREMENT = {
    "fastapi": Framework.FASTAPI,
    "flask": Framework.FLASK,
    "aws-lambda-powertools": Framework.POWERTOOLS,
}
_OF_PAGES = frozenset({"@angular/core", "next", "react", "svelte", "vue"})
"""Packages of a page, whose own server may be Express."""
_REQUIREMENT = re.compile(r"""^[\s"']*([A-Za-z0-9._-]+)""", re.MULTILINE)
_LANGUAGE_OF_RUNTIME = {
    "nodejs": Language.JAVASCRIPT,
    "python": Language.PYTHON,
    "java": Language.JAVA,
    "dotnet": Language.CSHARP,
    "go1": Language.GO,
}
_LANGUAGE_OF_FILE = {"go.mod": Language.GO, "pom.xml": Language.JAVA, "build.gradle": Language.JAVA}
_TOOL_OF_FILE = {
    "cdk.json": DefinitionTool.CDK,
    "serverless.yml": DefinitionTool.SERVERLESS,
    "serverless.yaml": DefinitionTool.SERVERLESS,
    "serverless.ts": DefinitionTool.SERVERLESS,
    "samconfig.toml": DefinitionTool.SAM,
}


@dataclass(frozen=True)
class BackendTool:
    """What is seen of a backend; None for what is not. `is_json`: its template is in JSON, not in YAML."""

    tool: DefinitionTool | None = None
    language: Language | None = None
    framework: Framework | None = None
    is_json: bool = False


NOTHING_SEEN = BackendTool()


def tool_of_template(text: str) -> BackendTool:
    """What wrote a template, and the one language of its functions; None if they have several."""
    languages = {_LANGUAGE_OF_RUNTIME.get(name) for name in _RUNTIME.findall(text)}
    language = next(iter(languages)) if len(languages) == 1 else None
    return BackendTool(_writer(text), language, is_json=text.lstrip("\ufeff \t\r\n").startswith("{"))


def _writer(text: str) -> DefinitionTool:
    if "aws:cdk:path" in text or "AWS::CDK::Metadata" in text:
        return DefinitionTool.CDK
    if "ServerlessDeploymentBucket" in text:
        return DefinitionTool.SERVERLESS
    return DefinitionTool.SAM if "AWS::Serverless" in text else DefinitionTool.CLOUDFORMATION


def tool_of_folder(names: Iterable[str]) -> BackendTool:
    """What the names of a folder's files show."""
    found = sorted(names)
    tools = [_TOOL_OF_FILE[name] for name in found if name in _TOOL_OF_FILE]
    if not tools and any(name.endswith(".tf") for name in found):
        tools = [DefinitionTool.TERRAFORM]
    languages = [_LANGUAGE_OF_FILE[name] for name in found if name in _LANGUAGE_OF_FILE]
    languages += [Language.CSHARP for name in found if name.endswith(".csproj")]
    return BackendTool(next(iter(tools), None), next(iter(languages), None))


def framework_of_package(text: str) -> Framework | None:
    """The framework that a package.json of a backend depends on; None if it names none, or is a page's."""
    try:
        package = json.loads(text)
    except ValueError:
        return None
    named = package.get("dependencies") if isinstance(package, dict) else None
    names: Mapping[str, object] = named if isinstance(named, dict) else {}
    if _OF_PAGES & names.keys():
        return None
    return next((framework for name, framework in _FRAMEWORK_OF_PACKAGE.items() if name in names), None)


def framework_of_requirements(text: str) -> Framework | None:
    """The framework that requirements.txt or pyproject.toml names; None if it names none."""
    names = {name.lower().replace("_", "-") for name in _REQUIREMENT.findall(text)}
    return next((framework for name, framework in _FRAMEWORK_OF_REQUIREMENT.items() if name in names), None)
