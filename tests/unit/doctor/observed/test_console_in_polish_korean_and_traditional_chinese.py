# ruff: noqa: RUF001 -- the letters and quotes of the languages
"""Firefox's sentences in Polish, Korean and traditional Chinese, as public repositories show them."""

from __future__ import annotations

import pytest

from accountsctl.doctor.observed.console_lines import console_lines
from accountsctl.doctor.observed.console_words import BlockReason

URL = "https://abc123.execute-api.eu-west-1.amazonaws.com/dev/items"
POLISH = (
    "Zablokowano żądanie do zasobu innego pochodzenia: zasady „Same Origin Policy” nie pozwalają wczytywać zdalnych "
    f"zasobów z „{URL}” ({{}})."
)
KOREAN = (
    f"교차 출처 요청 차단: 동일 출처 정책으로 인해 {URL}에 있는 원격 자원을 차단하였습니다. (원인: {{}})."
)
TRADITIONAL = f"已封鎖跨來源請求: 同源政策不允許讀取 {URL} 的遠端資源。（原因: {{}}）。"
MISSING, OTHER = BlockReason.NO_ORIGIN, BlockReason.OTHER_ORIGIN


@pytest.mark.parametrize(
    ("said", "reason", "value", "status"),
    [
        (
            POLISH.format("brakujący nagłówek CORS „Access-Control-Allow-Origin”") + " Kod stanu: 200.",
            MISSING,
            "",
            200,
        ),
        (POLISH.format("nieudane żądanie CORS") + " Kod stanu: (null).", BlockReason.NO_CONNECTION, "", 0),
        # Copied by hand: another closing quote, and lines that a terminal broke.
        (
            POLISH.replace("”", '"')
            .replace(" nie pozwalają", "\nnie pozwalają")
            .format('nagłówek CORS „Access-Control-Allow-Origin" nie pasuje do „https://a.example, *"'),
            OTHER,
            "https://a.example, *",
            0,
        ),
        (KOREAN.format("‘Access-Control-Allow-Origin’ CORS 헤더가 없음"), MISSING, "", 0),
        (KOREAN.format("CORS 사전 점검 응답 실패"), BlockReason.PREFLIGHT_STATUS, "", 0),
        (
            KOREAN.replace("하였", "했").format(
                "‘Access-Control-Allow-Origin` CORS 헤더가 ‘https://a.example'와 일치하지 않음"
            ),
            OTHER,
            "https://a.example",
            0,
        ),
        (
            TRADITIONAL.format("缺少 CORS 'Access-Control-Allow-Origin' 檔頭") + "狀態代碼: 404。",
            MISSING,
            "",
            404,
        ),
        (TRADITIONAL.format("CORS 請求未成功") + "狀態代碼: (null)。", BlockReason.NO_CONNECTION, "", 0),
        (TRADITIONAL.format("CORS 請求未使用 http 通訊協定"), BlockReason.NOT_HTTP, "", 0),
    ],
)
def test_a_sentence_has_the_url_the_reason_the_value_and_the_status(
    said: str, reason: BlockReason, value: str, status: int
) -> None:
    (line,) = (line for line in console_lines(said) if line.message is not None)
    assert line.url == URL
    assert line.message is not None
    assert (line.message.reason, line.message.value, line.status) == (reason, value, status)
