"""Names that a misspelled one may have meant."""

from __future__ import annotations

from collections.abc import Iterable


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """``Did you mean "timeout"?``, or an empty string if nothing is close."""
    from difflib import get_close_matches  # here: most commands have nothing misspelled

    by_lower = {candidate.lower(): candidate for candidate in known}
    begun = [candidate for candidate in by_lower if len(name) > 1 and candidate.startswith(name.lower())]
    close = begun if len(begun) == 1 else get_close_matches(name.lower(), by_lower, n=1, cutoff=0.6)
    return f'Did you mean "{by_lower[close[0]]}"?' if close else ""
