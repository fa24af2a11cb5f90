"""What an API is defined with and what its functions are written in, as templates and a folder's files show them."""

from __future__ import annotations

import re
from collections.abc import Iterable
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
    """What is seen of a backend; None for what is not."""

    tool: DefinitionTool | None = None
    language: Language | None = None


NOTHING_SEEN = BackendTool()


def tool_of_template(text: str) -> BackendTool:
    """What wrote a template, and the one language of its functions; None if they have several."""
    languages = {_LANGUAGE_OF_RUNTIME.get(name) for name in _RUNTIME.findall(text)}
    return BackendTool(_writer(text), next(iter(languages)) if len(languages) == 1 else None)


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
