"""Public reports as people paste them: the cause is the first suspect, or among at most two."""

from __future__ import annotations

import pytest

from accountsctl.doctor.diagnosis.diagnose import DiagnosisOutcome
from tests.faults.reported.consoles import of_consoles
from tests.faults.reported.pasted import Pasted, diagnosis_of_text
from tests.faults.reported.set_seventeen import PASTED_SEVENTEEN
from tests.faults.reported.set_sixteen import PASTED_SIXTEEN
from tests.faults.reported.set_thirty import PASTED_THIRTY
from tests.faults.reported.set_twenty_eight import PASTED_TWENTY_EIGHT
from tests.faults.reported.set_twenty_seven_texts import PASTED_TWENTY_SEVEN
from tests.faults.reported.set_twenty_two import PASTED_TWENTY_TWO
from tests.faults.test_reported import MOST, causes


@pytest.mark.parametrize(
    "pasted",
    [
        *PASTED_SIXTEEN,
        *PASTED_SEVENTEEN,
        *PASTED_TWENTY_TWO,
        *PASTED_TWENTY_SEVEN,
        *PASTED_TWENTY_EIGHT,
        *PASTED_THIRTY,
        *of_consoles(),
        *of_consoles("pasted-clients.txt"),
        *of_consoles("pasted-code.txt"),
        *of_consoles("pasted-console-only.txt"),
        *of_consoles("pasted-questions.txt"),
    ],
    ids=str,
)
def test_of_pasted_text_the_cause_is_named_first_or_among_two(pasted: Pasted) -> None:
    named = causes(diagnosis_of_text(pasted))
    assert named[0] in pasted.causes or (len(named) <= MOST and set(named) & set(pasted.causes))


@pytest.mark.parametrize("pasted", of_consoles("pasted-open.txt"), ids=str)
def test_of_text_that_does_not_have_the_cause_few_are_named_and_nothing_passes(pasted: Pasted) -> None:
    found = diagnosis_of_text(pasted)
    assert len(causes(found)) <= MOST
    assert found.outcome in (DiagnosisOutcome.BLOCKED, DiagnosisOutcome.UNKNOWN)
    assert found.not_checked
