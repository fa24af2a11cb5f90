"""The command line of curl, as far as it says what was sent (https://curl.se/docs/manpage.html)."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from dataclasses import dataclass

from accountsctl.doctor.browser.fetch import Headers
from accountsctl.doctor.observed.pasted_text import with_straight_quotes

_DATA = frozenset(
    {
        "-d",
        "--data",
        "--data-raw",
        "--data-binary",
        "--data-ascii",
        "--data-urlencode",
        "--json",
        "-F",
        "--form",
    }
)
_WITH_VALUE = frozenset(
    {
        *_DATA,
        *("-X", "--request", "-H", "--header", "-u", "--user", "-b", "--cookie", "-A", "--user-agent", "-e"),
        *(
            "--referer",
            "-o",
            "--output",
            "-w",
            "--write-out",
            "-m",
            "--max-time",
            "--connect-timeout",
            "--url",
        ),
        *(
            "-x",
            "--proxy",
            "--resolve",
            "--cacert",
            "-E",
            "--cert",
            "--key",
            "-T",
            "--upload-file",
            "--retry",
        ),
        *("-D", "--dump-header", "--aws-sigv4", "-c", "--cookie-jar"),
    }
)


@dataclass(frozen=True)
class CurlCommand:
    """What a command sends. `data`: the request has a body."""

    method: str
    url: str
    headers: Headers
    data: bool = False


def read_command(text: str) -> CurlCommand:
    """What a command line of curl sends; what is not known of it is left out."""
    method, url, data = "", "", False
    headers: list[tuple[str, str]] = []
    for option, value in _options(_words(text)[1:]):
        if option in ("-X", "--request"):
            method = value.upper()
        elif option in ("-H", "--header"):
            name, _, stated = value.partition(":")
            headers.append((name.strip(), stated.strip()))
        elif option in ("-b", "--cookie"):
            headers.append(("Cookie", value))
        elif option in ("-u", "--user", "--aws-sigv4"):
            headers.append(("Authorization", "AWS4-HMAC-SHA256" if option == "--aws-sigv4" else "Basic"))
        elif option in _DATA or option in ("-T", "--upload-file"):
            data = True
        elif option in ("-I", "--head"):
            method = method or "HEAD"
        elif option in ("", "--url"):
            url = url or (value if "://" in value else f"http://{value}")
    return CurlCommand(method or ("POST" if data else "GET"), url, tuple(headers), data)


def _words(text: str) -> list[str]:
    """The words of a shell's line; of one whose quotes do not close, what stands between spaces."""
    plain = with_straight_quotes(text)
    try:
        return shlex.split(plain)
    except ValueError:
        return [word.strip("'\"") for word in plain.split()]


def _options(words: list[str]) -> Iterator[tuple[str, str]]:
    """Options with their values; the URL has an empty name. What follows a pipe or a redirection is another's."""
    waiting = ""
    for word in words:
        if waiting:
            yield waiting, word
            waiting = ""
        elif word in ("|", ">", "2>&1", "&&", ";", "|&"):
            return
        elif word.startswith("--") and "=" in word:
            name, _, value = word.partition("=")
            yield name, value
        elif word in _WITH_VALUE:
            waiting = word
        elif word.startswith("-") and len(word) > 2 and word[:2] in _WITH_VALUE and word[1] != "-":
            yield word[:2], word[2:]
        elif word.startswith("-") and not word.startswith("--"):
            # Letters that are put together (-sSIX): the last may have a value.
            for letter in word[1:-1]:
                yield f"-{letter}", ""
            last = f"-{word[-1]}"
            if last in _WITH_VALUE:
                waiting = last
            else:
                yield last, ""
        elif word.startswith("--"):
            yield word, ""
        else:
            yield "", word
