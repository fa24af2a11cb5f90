"""How a connection to a server is opened, and what its refusal means to a caller of the Data API."""

from __future__ import annotations

from dataclasses import dataclass

from psycopg import pq

from accountsctl.localcloud.rds_data.errors import ConnectionLost, database_error
from accountsctl.localcloud.rds_data.postgres.servers import Server

_SESSION = "-c timezone=UTC -c datestyle=ISO,MDY -c intervalstyle=postgres -c bytea_output=hex -c extra_float_digits=1"
_FATAL = "FATAL:"
# libpq gives a failed connection no SQLSTATE: it is read from the server's English text (LC_MESSAGES is C).
_CONNECT_STATES = (
    ("password authentication failed", "28P01"),
    ("does not exist", "3D000"),
    ("is not permitted to log in", "28000"),
    ("permission denied for database", "42501"),
    ("too many clients", "53300"),
    ("remaining connection slots", "53300"),
    ("too many connections", "53300"),
)


@dataclass(frozen=True)
class Login:
    """Who connects to which database. `repr` does not show the password."""

    user: str
    password: str
    database: str

    def __repr__(self) -> str:
        return f"Login(user={self.user!r}, database={self.database!r})"


def connect(server: Server, login: Login) -> pq.abc.PGconn:
    words = {
        "host": str(server.host),
        "port": str(server.port),
        "user": login.user,
        "password": login.password,
        "dbname": login.database,
        "options": _SESSION,
        "client_encoding": "UTF8",
        "application_name": "rds-data",
        "connect_timeout": "10",
        # Nothing of the user's own PostgreSQL settings may reach in: PGHOSTADDR, ~/.pgpass, TLS.
        "hostaddr": "",
        "passfile": "/dev/null",
        "sslmode": "disable",
        "gssencmode": "disable",
    }
    conninfo = " ".join(f"{name}={_quoted(value)}" for name, value in words.items())
    pgconn = pq.PGconn.connect(conninfo.encode())
    if pgconn.status != pq.ConnStatus.OK:
        response = pgconn.error_message.decode("utf-8", "replace").strip()
        pgconn.finish()
        raise _connect_error(response, login)
    pgconn.nonblocking = 1
    return pgconn


def _quoted(value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"


def _connect_error(response: str, login: Login) -> Exception:
    """The server's refusal as the service reports it; no server at all is a lost connection."""
    if "no password supplied" in response:  # libpq itself reports this if the secret's password is empty
        return database_error(f'password authentication failed for user "{login.user}"', "28P01")
    _, fatal, message = response.partition(_FATAL)
    if not fatal:
        return ConnectionLost(sent=False)
    text = message.strip().splitlines()[0]
    for words, state in _CONNECT_STATES:
        if words in text:
            return database_error(text, state)
    return ConnectionLost(sent=False)  # starting up or shutting down
