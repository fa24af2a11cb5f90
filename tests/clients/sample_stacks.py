"""The sample's stacks as a project of another tool has them: a root that names its children by local files."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.local.project import SAMPLE, copy_sample

ANSWER = 'def handler(event, context):\n    return {{"statusCode": 200, "body": "{0}"}}\n'
STACK = "AWS::CloudFormation::Stack"
Template = dict[str, Any]


class SampleStacks:
    """root.json, its children and the function's code in a folder; `suffix` keeps names apart from other tools'.

    The root has the parameter Memory, which the function's stack takes.
    """

    def __init__(self, folder: Path, suffix: str) -> None:
        self.folder = folder
        self.suffix = suffix
        rendered = copy_sample(folder / "accounts")
        rendered.run("render")
        self._build = rendered.root / "amplify/build/dev"
        root = self._rendered("root.json")
        children = {name: body for name, body in root["Resources"].items() if body["Type"] == STACK}
        for child in children.values():
            self._localize(child)
        root["Resources"] = children
        root["Parameters"] = {"Memory": {"Type": "Number", "Default": 256}}
        root["Outputs"] = {
            "Url": {"Value": {"Fn::GetAtt": ["apiaccountsAPI", "Outputs.RootUrl"]}},
            "Function": {"Value": {"Fn::GetAtt": ["functionaccountsAPI", "Outputs.Name"]}},
        }
        (folder / "root.json").write_text(json.dumps(root, indent=1))
        self.save("one")

    @property
    def function(self) -> str:
        """The function's name in Lambda."""
        return f"accountsAPI-{self.suffix}"

    def save(self, answer: str) -> None:
        """Save the function's code, so that it gives an answer."""
        (self.folder / "src").mkdir(exist_ok=True)
        (self.folder / "src/index.py").write_text(ANSWER.format(answer))

    def _localize(self, child: Template) -> None:
        metadata = child.pop("Metadata")["accountsctl"]
        file = f"{metadata['category']}.json"
        template = self._rendered(f"{metadata['category']}/{metadata['name']}.json")
        properties = child["Properties"]
        properties["TemplateURL"] = file
        if metadata["category"] == "function":
            for name in ("deploymentBucketName", "s3Key"):
                del properties["Parameters"][name], template["Parameters"][name]
            properties["Parameters"]["Memory"] = {"Ref": "Memory"}
            template["Parameters"]["Memory"] = {"Type": "Number"}
            function = template["Resources"]["LambdaFunction"]["Properties"]
            function |= {"Code": "src", "MemorySize": {"Ref": "Memory"}}
        (self.folder / file).write_text(json.dumps(template, indent=1))

    def _rendered(self, name: str) -> Template:
        text = (self._build / name).read_text()
        template: Template = json.loads(text.replace("-dev", f"-{self.suffix}"))
        return template


__all__ = ["SAMPLE", "SampleStacks"]
