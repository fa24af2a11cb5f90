"""Firefox's console in other languages."""

from __future__ import annotations

import pytest

from accountsctl.doctor.observed.console_lines import console_lines
from accountsctl.doctor.observed.console_words import BlockReason

URL = "https://abc123.execute-api.eu-west-1.amazonaws.com/dev/items"
FRENCH = (
    "Blocage d\u2019une requête multiorigine (Cross-Origin Request)\u00a0: la politique «\u00a0Same Origin\u00a0» "
    f"ne permet pas de consulter la ressource distante située sur {URL}. Raison\u00a0: "
)
GERMAN = (
    "Quellübergreifende (Cross-Origin) Anfrage blockiert: Die Gleiche-Quelle-Regel verbietet das Lesen der externen "
    f"Ressource auf {URL}. (Grund: "
)
SPANISH = (
    "Solicitud de origen cruzado bloqueada: La misma política de origen no permite la lectura de recursos remotos en "
    f"{URL}. (Razón: "
)
PORTUGUESE = (
    "Requisição cross-origin bloqueada: A diretiva Same Origin (mesma origem) não permite a leitura do recurso "
    f"remoto em {URL} (motivo: "
)
NAME = "Access-Control-Allow-Origin"


@pytest.mark.parametrize(
    ("text", "reason", "status"),
    [
        (
            f"{FRENCH}l\u2019en-tête CORS «\u00a0{NAME}\u00a0» est manquant. Code d\u2019état\u00a0: 403.",
            BlockReason.NO_ORIGIN,
            403,
        ),
        (
            f"{FRENCH}échec de la requête CORS. Code d\u2019état\u00a0: (null).",
            BlockReason.NO_CONNECTION,
            0,
        ),
        (f"{GERMAN}CORS-Kopfzeile '{NAME}' fehlt). Statuscode: 502.", BlockReason.NO_ORIGIN, 502),
        (f"{GERMAN}CORS-Anfrage schlug fehl). Statuscode: (null).", BlockReason.NO_CONNECTION, 0),
        (
            f"{SPANISH}falta la cabecera CORS '{NAME}'). Código de estado: 404.",
            BlockReason.NO_ORIGIN,
            404,
        ),
        (
            f"{PORTUGUESE}falta cabeçalho '{NAME}' no CORS). Código de status: 401.",
            BlockReason.NO_ORIGIN,
            401,
        ),
        (f"{PORTUGUESE}a requisição CORS não teve sucesso).", BlockReason.NO_CONNECTION, 0),
    ],
)
def test_firefox_in_other_languages(text: str, reason: BlockReason, status: int) -> None:
    (line,) = console_lines(f"[hmr] connected\n{text}\n")
    assert line.message is not None
    assert (line.url, line.message.reason, line.status, line.line) == (URL, reason, status, 2)


def test_firefox_names_a_service_worker() -> None:
    text = f"Failed to load \u2018{URL}\u2019. A ServiceWorker passed an opaque Response to FetchEvent.respondWith()."
    (line,) = console_lines(text)
    assert line.message is not None
    assert line.message.reason is BlockReason.WORKER
