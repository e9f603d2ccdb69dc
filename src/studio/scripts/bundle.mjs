// Writes .br and .gz beside every text file of a build, prints the sizes, and fails where the main bundle is above its budget.
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const MAIN_BYTES_MAX = 400_000;
const out = process.env.STUDIO_OUT ?? "dist";
const assets = join(out, "assets");
const page = readFileSync(join(out, "index.html"), "utf8");
let main = 0;
let all = 0;
const rows = [];
for (const name of readdirSync(assets).sort()) {
  if (!/\.(js|css|svg)$/.test(name)) continue;
  const plain = readFileSync(join(assets, name));
  const brotli = brotliCompressSync(plain, { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } });
  const gzip = gzipSync(plain, { level: 9 });
  if (brotli.length < plain.length) writeFileSync(join(assets, name + ".br"), brotli);
  if (gzip.length < plain.length) writeFileSync(join(assets, name + ".gz"), gzip);
  // What the page names is loaded before anything is shown; everything else comes with the page that needs it.
  const isMain = page.includes(name);
  if (isMain) main += gzip.length;
  all += gzip.length;
  rows.push(`${isMain ? "main " : "later"} ${String(plain.length).padStart(9)} ${String(gzip.length).padStart(8)} gz ${String(brotli.length).padStart(8)} br  ${name}`);
}
console.log(rows.join("\n"));
console.log(`main ${(main / 1000).toFixed(1)} kB of ${MAIN_BYTES_MAX / 1000} kB allowed, all ${(all / 1000).toFixed(1)} kB (gzip)`);
if (main > MAIN_BYTES_MAX) {
  console.error(`The main bundle is ${main} bytes compressed; ${MAIN_BYTES_MAX} are allowed. Load the newest part of it on demand.`);
  process.exit(1);
}
