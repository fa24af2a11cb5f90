"""Firefox's sentence about a blocked request in other languages, as the English one.

Firefox translates it, and Chromium and Safari do not. The names of headers, and the values in quotes, are the same in
all languages, and tell the reason. Sentences as Mozilla translates them (mozilla-l10n/firefox-l10n,
dom/chrome/security/security.properties), or as public issues and repositories show them.
"""

from __future__ import annotations

import re

from accountsctl.doctor.observed.console_words import QUOTES

_URL = rf"[{QUOTES}«„]?(?P<url>https?://[^\s{QUOTES}«»„]+?)[{QUOTES}»]?"
# URL, then the reason in brackets, then the status; a URL may be followed by a full stop.
_END = r"[)\uff09](?:[.\u3002]?\s{0,3}[^\W\d][^\d:\uff1a\n(]{1,30}[:\uff1a]\s?(?P<status>\d{3}))?"
# French and Italian have no brackets: the reason ends with a full stop that is not in quotes.
_UNBRACKETED = r"(?P<reason>(?:[“«\"][^”»\"\n]{0,400}[”»\"]|[^.\n“«\"]){1,400})\."
_FRENCH_END = _UNBRACKETED + r"(?:\s?Code d.état\s?:\s?(?P<status>\d{3}))?"
_ITALIAN_END = _UNBRACKETED + r"(?:\s?Codice di stato:\s?(?P<status>\d{3}))?"
_FRENCH = (
    r"la politique «\s?Same Origin\s?» ne permet pas de consulter la ressource distante située sur "
    r"{URL}\.? Raison\s?: "
)
_ITALIAN = (
    r"[Rr]ichiesta multiorigine (?:bloccata )?\(cross-origin\): il criterio di corrispondenza dell.origine non "
    r"consente la lettura della risorsa remota da {URL}\.? Motivo: "
)
_RUSSIAN = (
    r"Запрос из постороннего источника заблокирован: Политика одного источника запрещает чтение удал[её]нного "
    r"ресурса на {URL}\.? "  # noqa: RUF001 -- Russian
)
_BEGINNING = "Cross-Origin Request Blocked: The Same Origin Policy disallows reading the remote resource at "
_WITHOUT_REASON = rf"{_BEGINNING}\g<url>. This can be fixed by moving the resource to the same domain"


def _pattern(words: str, end: str) -> re.Pattern[str]:
    return re.compile(words.replace(" ", r"\s+").replace("{URL}", _URL) + end)


_SENTENCES = (
    _pattern(_FRENCH, _FRENCH_END),
    _pattern(_ITALIAN, _ITALIAN_END),
    *(
        _pattern(words, r"(?P<reason>[^)\uff09]{1,4000}?)" + _END)
        for words in (
            r"Anfrage blockiert: Die Gleiche-Quelle-Regel verbietet das Lesen der externen Ressource auf "
            r"{URL}\.? \(Grund: ",
            r"Solicitud desde otro origen bloqueada: la política de mismo origen impide leer el recurso remoto en "
            r"{URL}\.? \((?:razón|motivo): ",
            r"クロスオリジン要求をブロックしました: 同一生成元ポリシーにより、\s*{URL} "
            r"にあるリモートリソースの読み込みは拒否されます\s*[(\uff08]理由: ",
            r"[Ss]olicitud de origen cruzado bloqueada: [Ll]a (?:misma política de origen|política de mismo origen) "
            r"no permite la lectura de recursos remotos en {URL}\.? \((?:[Rr]azón|[Mm]otivo): ",
            r"cross-origin bloqueada: A (?:diretiva Same Origin(?: \(mesma origem\))? não permite|política de mesma "
            r"origem \(Same Origin Policy\) impede) a leitura do recurso remoto em {URL}\.? \((?:[Mm]otivo|[Rr]azão): ",
            _RUSSIAN + r"\(Причина: ",
            # Polish states the reason without a word before it, and Korean joins its particle to the URL.
            r"Zablokowano żądanie do zasobu innego pochodzenia: zasady [„\"]Same Origin Policy[”\"] nie pozwalają "
            r"wczytywać zdalnych zasobów z {URL} \(",
            r"교차 출처 요청 차단: 동일 출처 정책으로 인해 {URL}\s?에 있는 원격 자원을 "
            r"차단(?:하였|했)습니다\.? \(원인: ",
            r"已封鎖跨來源請求[:\uff1a]\s*同源政策不允許讀取\s*{URL}\s*的遠端資源\u3002?\s*[(\uff08]原因[:\uff1a]\s*",
            r"已(?:拦截|阻止)跨源请求[:\uff1a]\s*同源策略禁止读取位于\s*{URL}\s*的远程资源\u3002?\s*[(\uff08]原因[:\uff1a]\s*",
        )
    ),
)
# A grave accent stands for a closing quote in Korean sentences.
_IN_QUOTES = re.compile(rf"[{QUOTES}«„]\s?([^{QUOTES}«»„`]+?)\s?[{QUOTES}»`]")
# Firefox until 2015, which gave no reason.
_RUSSIAN_WITHOUT_REASON = _pattern(
    _RUSSIAN,
    r"Это может быть исправлено пут[её]м перемещения ",
)
# An apostrophe within a word is not a quote.
_APOSTROPHE = re.compile(r"(?<=[a-zà-ÿ])['\u2019](?=[a-zà-ÿ])", re.IGNORECASE)
_SEVERAL = re.compile(
    r"mehrere|mehrfach|múltiple|varias|multiples|plusieurs|複数|несколько|multipli|多个|多個|wiele|kilka|여러|다중",
    re.IGNORECASE,
)
_OF_PREFLIGHT = re.compile(
    r"preflight|プリフライト|prevuelo|pre-vuelo|preliminar|预检|預檢|사전 (?:점검|요청)|wstępne",
    re.IGNORECASE,
)
_OF_REDIRECT = re.compile(
    r"redire(?:ct|cc)|redirecionamento|weiterleitung|リダイレクト|перенаправление|重定向|重新導向|przekierowani|리다이렉트|리디렉션",
    re.IGNORECASE,
)
_ALLOW = "access-control-allow-"


def in_english(text: str) -> str:
    """The text with each such sentence as Firefox has it in English; all else, and the number of lines, stays."""
    text = _RUSSIAN_WITHOUT_REASON.sub(_WITHOUT_REASON, text)
    for sentence in _SENTENCES:
        text = sentence.sub(_translated, text)
    return text


def _translated(found: re.Match[str]) -> str:
    status = f" Status code: {found['status']}." if found["status"] else ""
    return f"{_BEGINNING}{found['url']}. (Reason: {_reason(found['reason'])}).{status}" + "\n" * found[
        0
    ].count("\n")


def _reason(words: str) -> str:
    """The reason by the header that it names, the other value in quotes, and the words for several and a preflight."""
    quoted = _IN_QUOTES.findall(_APOSTROPHE.sub("", words))
    header = next((value for value in quoted if value.lower().startswith(_ALLOW)), "")
    other = next((value for value in quoted if not value.lower().startswith(_ALLOW)), "")
    match header.lower().removeprefix(_ALLOW):
        case "origin":
            return _reason_of_origin(header, other, several=_SEVERAL.search(words) is not None)
        case "methods":
            return (
                f"invalid token '{other}' in CORS header '{header}'"
                if other
                else f"Did not find method in CORS header '{header}'"
            )
        case "headers":
            return (
                f"header '{other}' is not allowed according to header '{header}' from CORS preflight response"
            )
        case "credentials":
            return f"expected 'true' in CORS header '{header}'"
    if _OF_PREFLIGHT.search(words):
        return "CORS preflight response did not succeed"
    if _OF_REDIRECT.search(words):
        return "CORS request external redirect not allowed"
    # Of the reasons without a header, one alone names the protocol.
    return "CORS request not http" if "http" in words.lower() else "CORS request did not succeed"


def _reason_of_origin(header: str, other: str, *, several: bool) -> str:
    if several:
        return f"Multiple CORS header '{header}' not allowed"
    if other == "*":
        return f"Credential is not supported if the CORS header '{header}' is '*'"
    return f"CORS header '{header}' does not match '{other}'" if other else f"CORS header '{header}' missing"
