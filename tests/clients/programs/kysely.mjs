// kysely with kysely-data-api: the query builder's own calls, a transaction that is rolled back, an error.
import { RDSData } from "@aws-sdk/client-rds-data";
import { Kysely, sql } from "kysely";
import { DataApiDialect } from "kysely-data-api";

const { CLUSTER, SECRET, DATABASE } = process.env;
const driver = { client: new RDSData({}), database: DATABASE, secretArn: SECRET, resourceArn: CLUSTER };
const db = new Kysely({ dialect: new DataApiDialect({ mode: "postgres", driver }) });

await db.schema.dropTable("kysely_pets").ifExists().execute();
await db.schema
  .createTable("kysely_pets")
  .addColumn("id", "serial", (column) => column.primaryKey())
  .addColumn("name", "text", (column) => column.notNull())
  .addColumn("weight", "float8")
  .addColumn("tame", "boolean")
  .execute();
const inserted = await db.insertInto("kysely_pets").values([{ name: "a", weight: 1.5, tame: true }, { name: "b", weight: null, tame: false }]).returning("id").execute();
const rolledBack = await db
  .transaction()
  .execute(async (tx) => {
    await tx.deleteFrom("kysely_pets").execute();
    throw new Error("changed my mind");
  })
  .catch((error) => error.message);
const updated = await db.updateTable("kysely_pets").set({ weight: 2 }).where("name", "=", "b").executeTakeFirst();
const rows = await db.selectFrom("kysely_pets").selectAll().orderBy("id").execute();
const error = await sql`SELECT * FROM nowhere`.execute(db).catch((caught) => caught);
console.log(JSON.stringify({ inserted, rolledBack, updated: Number(updated.numUpdatedRows), rows, error: { name: error.name, message: error.message } }));
