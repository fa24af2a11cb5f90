"""aurora-data-api, SQLAlchemy over it: rows, types, a transaction that is rolled back, an error."""

from __future__ import annotations

import datetime
import json
import os
from decimal import Decimal

import aurora_data_api  # type: ignore[import-not-found]
from sqlalchemy import Column, DateTime, Integer, MetaData, Numeric, String, Table, create_engine, select  # type: ignore[import-not-found]

PLACE = {"aurora_cluster_arn": os.environ["CLUSTER"], "secret_arn": os.environ["SECRET"]}
DATABASE = os.environ["DATABASE"]


def dbapi() -> dict[str, object]:
    row = {
        "id": 1,
        "price": Decimal("1.50"),
        "at": datetime.datetime(2026, 1, 2, 3, 4, 5),
        "day": datetime.date(2026, 1, 2),
    }
    with aurora_data_api.connect(database=DATABASE, **PLACE) as connection:
        with connection.cursor() as cursor:
            cursor.execute("DROP TABLE IF EXISTS ada")
            cursor.execute("CREATE TABLE ada (id int, price numeric, at timestamp, day date, tags text[])")
            cursor.execute("INSERT INTO ada VALUES (:id, :price, :at, :day, ARRAY['a', 'b'])", row)
            cursor.executemany("INSERT INTO ada (id) VALUES (:id)", [{"id": n} for n in range(2, 2002)])
        connection.commit()
        with connection.cursor() as cursor:  # a cursor belongs to one transaction
            cursor.execute("DELETE FROM ada")
        connection.rollback()
        with connection.cursor() as cursor:
            cursor.execute("SELECT * FROM ada WHERE id = :id", {"id": 1})
            first = cursor.fetchone()
            described = [column[0] for column in cursor.description]
            cursor.execute("SELECT id FROM ada ORDER BY id")
            count = len(cursor.fetchall())
            try:
                cursor.execute("SELECT * FROM nowhere")
            except aurora_data_api.DatabaseError as found:
                error = f"{type(found).__name__}: {found}"
        connection.rollback()
    return {"first": [repr(value) for value in first], "described": described, "count": count, "error": error}


def sqlalchemy() -> dict[str, object]:
    engine = create_engine(f"postgresql+auroradataapi://:@/{DATABASE}", connect_args=PLACE)
    metadata = MetaData()
    pets = Table(
        "sa_pets",
        metadata,
        Column("id", Integer, primary_key=True),
        Column("name", String(20)),
        Column("price", Numeric(6, 2)),
        Column("at", DateTime),
    )
    metadata.drop_all(engine)
    metadata.create_all(engine)
    with engine.begin() as connection:
        made = connection.execute(
            pets.insert().values(name="a", price=Decimal("1.50"), at=datetime.datetime(2026, 1, 2, 3, 4, 5))
        ).inserted_primary_key
    try:
        with engine.begin() as connection:
            connection.execute(pets.insert().values(name="lost"))
            raise RuntimeError("changed my mind")
    except RuntimeError:
        pass
    with engine.connect() as connection:
        rows = [
            [repr(value) for value in row]
            for row in connection.execute(select(pets).where(pets.c.name.in_(["a", "lost"])))
        ]
    return {"made": list(made), "rows": rows}


print(json.dumps({"dbapi": dbapi(), "sqlalchemy": sqlalchemy()}))
