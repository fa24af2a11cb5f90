"""CloudFormation's and Lambda's limits that a linter of one template does not see.

Sources: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html (template in S3 1 MB,
in a call 51,200 bytes, 500 resources, 200 parameters and 200 outputs) and
https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html (a package unzipped 250 MB: 262,144,000 bytes).
"""

from __future__ import annotations

from collections.abc import Iterator

from accountsctl.formats.layout import build_folder, code_folder
from accountsctl.model.assembly import Assembly, Child, Template
from accountsctl.model.code_sizes import UNZIPPED_BYTES, by_part, largest
from accountsctl.model.errors import Fault
from accountsctl.synth.inputs import Inputs
from accountsctl.synth.validation.places import template_fault

TEMPLATE_BYTES = 1_000_000
INLINE_BYTES = 51_200
COUNTS = {"Resources": 500, "Parameters": 200, "Outputs": 200}


def child_limits(inputs: Inputs, child: Child) -> Iterator[Fault]:
    """A template or a package that is too large."""
    size = len(child.template.text.encode())
    if size > TEMPLATE_BYTES:
        what = f"The template has {size:,} bytes; CloudFormation accepts {TEMPLATE_BYTES:,}."
        yield template_fault(inputs.project, child, (), what, "Divide it into several resources.")
    if child.package and child.package.size > UNZIPPED_BYTES:
        what = f"{child.id}: its code has {child.package.size:,} bytes; Lambda accepts {UNZIPPED_BYTES:,}, unzipped."
        hint = f"The largest parts: {largest(by_part(child.package.sizes))}. Leave out what it does not need to run."
        yield Fault(code_folder(child.id), 0, what, hint, str(child.id))


def root_limits(assembly: Assembly) -> Iterator[Fault]:
    """A root stack that is too large: it holds one nested stack for each resource."""
    yield from _root_limits(assembly, assembly.root, TEMPLATE_BYTES)
    yield from _root_limits(assembly, assembly.seed, INLINE_BYTES)


def _root_limits(assembly: Assembly, root: Template, most: int) -> Iterator[Fault]:
    file = f"{build_folder(assembly.environment.name)}/root.json"
    hint = "Divide the backend into two projects."
    size = len(root.text.encode())
    if size > most:
        yield Fault(file, 0, f"The root template has {size:,} bytes; CloudFormation accepts {most:,}.", hint)
    for section, limit in COUNTS.items():
        count = len(root.body.get(section, {}))
        if count > limit:
            what = f"The root template has {count} {section}; CloudFormation accepts {limit}."
            yield Fault(file, 0, what, hint, path=section)
