"""The mark of a root whose function code `push --watch` may update past the stack.

It is a part of the root's template, so that every later push, on any machine, finds it where it looks anyway, and
sees that the templates alone do not tell which code runs.
"""

from __future__ import annotations

from dataclasses import replace

from accountsctl.model.assembly import Assembly
from accountsctl.model.names import WATCH_MARK
from accountsctl.synth.canonical import canonical_template


def marked(assembly: Assembly) -> Assembly:
    """The assembly with the mark in its root: a resource that is nothing in AWS."""
    root = assembly.root
    resources = {**root.body["Resources"], WATCH_MARK: {"Type": "AWS::CloudFormation::WaitConditionHandle"}}
    return replace(
        assembly, root=canonical_template(root.id, root.source, {**root.body, "Resources": resources})
    )
