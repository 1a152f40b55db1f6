// Writes the Parquet files that the tests of org.jtorch.data.sources read, with the Rust implementation of Parquet.
// Usage: in the repository's root, after `npm install parquet-wasm@0.8.0 apache-arrow@21.2.0`:
//     node parity/record/sources_parquet.cjs
const fs = require("fs");
const arrow = require("apache-arrow");
const parquet = require("parquet-wasm/node");

const OUT = "data/src/test/resources/org/jtorch/data/sources";
const ROWS = 100;
const rows = Array.from({ length: ROWS }, (_, i) => i);
const vector = (values, type) => arrow.vectorFromArray(values, type);
const floats = new arrow.List(new arrow.Field("item", new arrow.Float32(), true));

const table = new arrow.Table({
  id: vector(rows.map((i) => BigInt(i) * 10000000000n), new arrow.Int64()),
  small: vector(rows.map((i) => (i % 5 == 4 ? null : i - 100)), new arrow.Int32()),
  byte: vector(rows.map((i) => i % 256), new arrow.Uint8()),
  huge: vector(rows.map((i) => 18446744073709551615n - BigInt(i)), new arrow.Uint64()),
  x: vector(rows.map((i) => i / 7), new arrow.Float64()),
  y: vector(rows.map((i) => (i % 3 == 0 ? null : i / 3)), new arrow.Float32()),
  flag: vector(rows.map((i) => i % 2 == 1), new arrow.Bool()),
  text: vector(rows.map((i) => (i % 4 == 3 ? null : "näme " + i)), new arrow.Utf8()),
  label: vector(rows.map((i) => ["cat", "dog", "bird"][i % 3]), new arrow.Utf8()),
  embedding: vector(rows.map((i) => (i == 2 ? null : Array.from({ length: i % 4 }, (_, k) => i + k / 2))), floats),
  day: vector(rows.map((i) => new Date(Date.UTC(2024, 0, 1 + i))), new arrow.DateDay()),
  when: vector(rows.map((i) => new Date(Date.UTC(2024, 0, 1, i))), new arrow.TimestampMillisecond("UTC")),
  local: vector(rows.map((i) => new Date(Date.UTC(2024, 0, 1, i))), new arrow.TimestampMillisecond()),
  bytes: vector(rows.map((i) => Uint8Array.of(i % 256, 255)), new arrow.Binary()),
});
const bytes = arrow.tableToIPC(table, "stream");
for (const codec of ["UNCOMPRESSED", "SNAPPY", "GZIP", "BROTLI", "ZSTD", "LZ4_RAW"]) {
  const properties = new parquet.WriterPropertiesBuilder()
    .setCompression(parquet.Compression[codec])
    .setMaxRowGroupSize(30)
    .build();
  const written = parquet.writeParquet(parquet.Table.fromIPCStream(bytes), properties);
  fs.writeFileSync(`${OUT}/${codec.toLowerCase()}.parquet`, written);
}
