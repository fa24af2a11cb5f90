"""Firefox's sentences in other languages, as people paste them."""

from __future__ import annotations

import pytest

from accountsctl.commands.doctor.cors import from_recording
from accountsctl.doctor.observed.console_languages import in_english
from accountsctl.doctor.observed.console_lines import console_lines
from accountsctl.doctor.observed.console_words import BlockReason
from tests.faults.test_reported import causes

URL = "http://localhost:5000/api/v1.0/task"
GERMAN = (
    "Quellübergreifende (Cross-Origin) Anfrage blockiert: Die Gleiche-Quelle-Regel verbietet das Lesen der externen "
    f"Ressource auf {URL}. (Grund: {{}})."
)
SPANISH = (
    "Solicitud desde otro origen bloqueada: la política de mismo origen impide leer el recurso remoto en "
    f"{URL} (razón: {{}})."
)
JAPANESE = (
    f"クロスオリジン要求をブロックしました: 同一生成元ポリシーにより、{URL} "
    "にあるリモートリソースの読み込みは拒否されます (理由: {})。"
)


@pytest.mark.parametrize(
    ("said", "reason", "value", "status"),
    [
        (
            GERMAN.format("CORS-Kopfzeile 'Access-Control-Allow-Origin' fehlt") + " Statuscode: 200.",
            BlockReason.NO_ORIGIN,
            "",
            200,
        ),
        (
            GERMAN.format("CORS-Anfrage schlug fehl") + " Statuscode: (null).",
            BlockReason.NO_CONNECTION,
            "",
            0,
        ),
        (
            GERMAN.format(
                "CORS-Kopfzeile 'Access-Control-Allow-Origin' stimmt nicht mit 'https://tools.home' überein"
            ),
            BlockReason.OTHER_ORIGIN,
            "https://tools.home",
            0,
        ),
        (
            SPANISH.format("falta la cabecera CORS 'Access-Control-Allow-Origin'")
            + " Código de estado: 403.",
            BlockReason.NO_ORIGIN,
            "",
            403,
        ),
        (
            JAPANESE.format("CORS ヘッダー \u2018Access-Control-Allow-Origin\u2019 が足りない")
            + "ステータスコード: 200",
            BlockReason.NO_ORIGIN,
            "",
            200,
        ),
        (JAPANESE.format("CORS 要求が成功しなかった"), BlockReason.NO_CONNECTION, "", 0),
        (
            JAPANESE.format(
                "CORS ヘッダー \u2018Access-Control-Allow-Origin\u2019 が \u2018https://a.com\u2019 と異なる"
            ),
            BlockReason.OTHER_ORIGIN,
            "https://a.com",
            0,
        ),
        (SPANISH.format("'Access-Control-Allow-Methods'"), BlockReason.METHOD, "", 0),
        (
            SPANISH.format("'authorization' 'Access-Control-Allow-Headers'"),
            BlockReason.HEADER,
            "authorization",
            0,
        ),
        (GERMAN.format("Mehrere 'Access-Control-Allow-Origin'"), BlockReason.SEVERAL_ORIGINS, "", 0),
        (GERMAN.format("'Access-Control-Allow-Origin' '*'"), BlockReason.WILDCARD, "", 0),
        (GERMAN.format("'true' 'Access-Control-Allow-Credentials'"), BlockReason.CREDENTIALS, "", 0),
        (GERMAN.format("CORS-Preflight schlug fehl"), BlockReason.PREFLIGHT_STATUS, "", 0),
    ],
)
def test_a_translated_sentence_tells_what_the_english_one_does(
    said: str, reason: BlockReason, value: str, status: int
) -> None:
    (line,) = console_lines(f"app.js:1 x\n{said}\n")
    assert line.message is not None
    assert (line.url, line.message.reason, line.message.value, line.status) == (URL, reason, value, status)
    assert line.line == 2


def test_a_translated_sentence_over_two_lines_is_named_with_its_cause() -> None:
    said = SPANISH.format("falta la cabecera CORS 'Access-Control-Allow-Origin'").replace(" leer ", "\nleer ")
    (found,) = from_recording(f"{said} Código de estado: 404.", "console.txt").diagnoses
    assert causes(found)[0] == "acao.missing-error-path"
    assert in_english(said).count("\n") == 1


def test_text_in_other_words_stays_as_it_is() -> None:
    assert in_english(text := "Anfrage blockiert: nichts\n(Grund: keiner)") == text
