// data-api-client as its README shows it: rows, types, a transaction, an error.
const api = require("data-api-client")({
  resourceArn: process.env.CLUSTER,
  secretArn: process.env.SECRET,
  database: process.env.DATABASE,
  engine: "pg",
  options: { endpoint: process.env.AWS_ENDPOINT_URL, region: process.env.AWS_REGION, sslEnabled: false },
});

async function main() {
  await api.query("DROP TABLE IF EXISTS dac");
  await api.query("CREATE TABLE dac (id serial PRIMARY KEY, name text, price numeric, at timestamp)");
  const inserted = await api.query("INSERT INTO dac (name, price) VALUES (:name, :price) RETURNING id", { name: "a", price: 1.5 });
  await api.query("INSERT INTO dac (name) VALUES (:name)", [[{ name: "b" }], [{ name: "c" }]]);
  const rolledBack = await api
    .transaction()
    .query("INSERT INTO dac (name) VALUES (:name)", { name: "lost" })
    .query("INSERT INTO nowhere VALUES (1)")
    .rollback(() => {})
    .commit()
    .then(() => "committed", (error) => error.name);
  await api.transaction().query("INSERT INTO dac (name) VALUES ('kept')").commit();
  const { records } = await api.query("SELECT name, price, at FROM dac ORDER BY id");
  const error = await api.query("SELECT * FROM nowhere").catch((found) => found);
  return { inserted: inserted.records, rolledBack, records, error: { name: error.name, message: error.message } };
}

main().then((found) => console.log(JSON.stringify(found)), (error) => { console.error(error); process.exit(1); });
