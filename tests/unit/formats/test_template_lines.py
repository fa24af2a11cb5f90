"""The line of a part of a template, however it is spelled."""

from __future__ import annotations

import pytest

from accountsctl.formats.template_lines import TemplatePath, line_of

YAML = """# a bucket
Resources:
  Bucket:
    Type: AWS::S3::Bucket
    Properties:
      Tags:
        - {Key: a, Value: b}
        - Key: c
          Value: !Sub "${AWS::Region}"
"""
JSON = """{
  "Resources": {
    "Bucket": {
      "Type": "AWS::S3::Bucket"
    }
  }
}
"""


@pytest.mark.parametrize(
    ("text", "path", "line"),
    [
        (YAML, (), 1),
        (YAML, ("Resources", "Bucket", "Type"), 4),
        (YAML, ("Resources", "Bucket", "Properties", "Tags", 1), 8),
        (YAML, ("Resources", "Bucket", "Properties", "Tags", 1, "Value", "Fn::Sub"), 9),
        (YAML, ("Resources", "Bucket", "Properties", "Tags", 7), 6),
        (YAML, ("Resources", "Bucket", "Properties", "Missing"), 5),
        (JSON, ("Resources", "Bucket", "Type"), 4),
        (JSON, ("Resources", "Bucket", "Missing", "More"), 3),
        ("a: [", ("a",), 1),
        ("", ("a",), 1),
    ],
)
def test_the_line_is_that_of_the_part_or_of_its_nearest_parent(
    text: str, path: TemplatePath, line: int
) -> None:
    assert line_of(text, path) == line
