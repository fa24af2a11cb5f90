# ruff: noqa: RUF001 -- the letters and quotes of the languages
"""Firefox's sentences in Russian, Italian and Chinese, as Mozilla translates them (mozilla-l10n/firefox-l10n)."""

from __future__ import annotations

import pytest

from accountsctl.doctor.observed.console_lines import console_lines
from accountsctl.doctor.observed.console_words import BlockReason

URL = "https://abc123.execute-api.eu-west-1.amazonaws.com/dev/items"
RUSSIAN = (
    "Запрос из постороннего источника заблокирован: Политика одного источника запрещает чтение удаленного ресурса на "
    f"{URL}. (Причина: {{}})."
)
ITALIAN = (
    "Bloccata richiesta multiorigine (cross-origin): il criterio di corrispondenza dell’origine non consente la "
    f"lettura della risorsa remota da {URL}. Motivo: {{}}."
)
CHINESE = f"已拦截跨源请求：同源策略禁止读取位于 {URL} 的远程资源。（原因：{{}}）。"


@pytest.mark.parametrize(
    ("said", "reason", "value", "status"),
    [
        (
            RUSSIAN.format("отсутствует заголовок CORS «Access-Control-Allow-Origin»")
            + " Код состояния: 200.",
            BlockReason.NO_ORIGIN,
            "",
            200,
        ),
        (
            RUSSIAN.format("не удалось выполнить запрос CORS") + " Код состояния: (null).",
            BlockReason.NO_CONNECTION,
            "",
            0,
        ),
        (
            RUSSIAN.format("неудача ответа CORS preflight") + " Код состояния: 403.",
            BlockReason.PREFLIGHT_STATUS,
            "",
            403,
        ),
        (
            RUSSIAN.format("Внешнее перенаправление запроса CORS не разрешено"),
            BlockReason.REDIRECT,
            "",
            0,
        ),
        (RUSSIAN.format("запрос CORS выполнен не по http"), BlockReason.NOT_HTTP, "", 0),
        (
            RUSSIAN.format("несколько заголовков CORS «Access-Control-Allow-Origin» не разрешены"),
            BlockReason.SEVERAL_ORIGINS,
            "",
            0,
        ),
        (
            RUSSIAN.format("Не найден метод в заголовке CORS «Access-Control-Allow-Methods»"),
            BlockReason.METHOD,
            "",
            0,
        ),
        (
            ITALIAN.format("header CORS “Access-Control-Allow-Origin” mancante") + " Codice di stato: 502.",
            BlockReason.NO_ORIGIN,
            "",
            502,
        ),
        (
            ITALIAN.format("header CORS “Access-Control-Allow-Origin” non corrisponde a “https://a.b.com”"),
            BlockReason.OTHER_ORIGIN,
            "https://a.b.com",
            0,
        ),
        (
            ITALIAN.format(
                "l’header “amz-sdk-invocation-id” non è consentito a causa dell’header “Access-Control-Allow-Headers” "
                "nella risposta CORS preliminare (“preflight”)"
            ),
            BlockReason.HEADER,
            "amz-sdk-invocation-id",
            0,
        ),
        (
            ITALIAN.format("risposta CORS preliminare (“preflight”) non riuscita") + " Codice di stato: 401.",
            BlockReason.PREFLIGHT_STATUS,
            "",
            401,
        ),
        (
            CHINESE.format("CORS 头缺少 'Access-Control-Allow-Origin'") + "状态码：500。",
            BlockReason.NO_ORIGIN,
            "",
            500,
        ),
        (
            CHINESE.format("CORS 头 'Access-Control-Allow-Origin' 不匹配 'https://a.com'"),
            BlockReason.OTHER_ORIGIN,
            "https://a.com",
            0,
        ),
        (
            CHINESE.format("不允许有多个 ‘Access-Control-Allow-Origin’ CORS 头"),
            BlockReason.SEVERAL_ORIGINS,
            "",
            0,
        ),
        (
            CHINESE.format("凭据不支持，如果 CORS 头 ‘Access-Control-Allow-Origin’ 为 ‘*’"),
            BlockReason.WILDCARD,
            "",
            0,
        ),
        (CHINESE.format("CORS 预检通道未成功"), BlockReason.PREFLIGHT_STATUS, "", 0),
        (CHINESE.format("CORS 请求未能成功"), BlockReason.NO_CONNECTION, "", 0),
    ],
)
def test_a_translated_sentence_has_its_reason_its_value_and_its_status(
    said: str, reason: BlockReason, value: str, status: int
) -> None:
    (line,) = console_lines(said)
    assert line.url == URL
    assert line.message is not None
    assert (line.message.reason, line.message.value, line.status) == (reason, value, status)
