"""What two slashes in a row in a URL's path show: no route takes them, which a base URL that ends with one gives."""

from __future__ import annotations

from accountsctl.doctor.browser.page_request import PageRequest

OF_NO_ROUTE = frozenset({"deploy.wrong-path", "auth.route-missing+token"})


def has_doubled_slash(ask: PageRequest) -> bool:
    """Whether the URL's path has two slashes in a row."""
    return "//" in ask.url_path


def causes_of_doubled_slash(ask: PageRequest) -> frozenset[str]:
    """The causes that two slashes hint at; without them these are as likely as others."""
    return OF_NO_ROUTE if has_doubled_slash(ask) else frozenset()


def causes_of_unrouted_options(ask: PageRequest) -> tuple[str, ...]:
    """Why a server knows no OPTIONS at a path: there is none for it, or none for the path."""
    causes = ("preflight.no-options", "deploy.wrong-path")
    return causes[::-1] if has_doubled_slash(ask) else causes
