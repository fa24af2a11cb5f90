"""What outputs show of the data that custom resources returned under NoEcho.

See https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/crpg-ref-responses.html
"""

from __future__ import annotations

import copy
from dataclasses import replace

from accountsctl.localcloud.cloudformation.runtime.state import Stack
from accountsctl.localcloud.cloudformation.template.intrinsics import Evaluator
from accountsctl.localcloud.cloudformation.template.parameters import MASK


def for_outputs(evaluator: Evaluator, stack: Stack) -> Evaluator:
    """An evaluator for which every attribute under NoEcho is the mask.

    The values themselves are not looked for in the outputs: another output may be the same short text by chance.
    """
    shown = copy.copy(evaluator)
    shown.known = dict(evaluator.known)
    for name, record in stack.resources.items():
        if record.no_echo and name in shown.known:
            known = shown.known[name]
            masks = dict.fromkeys(record.attributes, MASK)
            shown.known[name] = replace(known, attributes={**known.attributes, **masks})
    return shown
