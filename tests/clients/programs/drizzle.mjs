// drizzle-orm's aws-data-api/pg: typed rows, conditions, a transaction that is rolled back, an error.
import { RDSDataClient } from "@aws-sdk/client-rds-data";
import { and, eq, gt, sql } from "drizzle-orm";
import { drizzle } from "drizzle-orm/aws-data-api/pg";
import { boolean, integer, jsonb, numeric, pgTable, serial, text, timestamp, uuid } from "drizzle-orm/pg-core";

const { CLUSTER, SECRET, DATABASE } = process.env;
const db = drizzle(new RDSDataClient({}), { database: DATABASE, resourceArn: CLUSTER, secretArn: SECRET });
const orders = pgTable("drizzle_orders", {
  id: serial("id").primaryKey(),
  key: uuid("key"),
  name: text("name").notNull(),
  amount: integer("amount"),
  price: numeric("price"),
  paid: boolean("paid"),
  tags: jsonb("tags"),
  at: timestamp("at"),
});

await db.execute(sql`DROP TABLE IF EXISTS drizzle_orders`);
await db.execute(sql`CREATE TABLE drizzle_orders (id serial PRIMARY KEY, key uuid, name text NOT NULL, amount int,
  price numeric, paid boolean, tags jsonb, at timestamp)`);
const first = {
  key: "11111111-2222-3333-4444-555555555555",
  name: "a",
  amount: 7,
  price: "1.50",
  paid: true,
  tags: { list: [1, 2] },
  at: new Date("2026-01-02T03:04:05.000Z"),
};
const returned = await db.insert(orders).values(first).returning();
await db.insert(orders).values({ name: "b", amount: 1 });
const rolledBack = await db
  .transaction(async (tx) => {
    await tx.update(orders).set({ amount: 100 }).where(eq(orders.name, "b"));
    throw new Error("changed my mind");
  })
  .catch((error) => error.message);
const found = await db.select({ name: orders.name, amount: orders.amount }).from(orders).where(and(gt(orders.amount, 0), eq(orders.name, "b")));
const error = await db.insert(orders).values({ name: null }).catch((caught) => caught.cause ?? caught);
console.log(JSON.stringify({ returned, rolledBack, found, error: { name: error.name, message: error.message } }));
