// Gzipped size of what each face loads, against its budget. Exit code 1 when one is over.
import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";

const build = new URL("../../src/wangge/static/build/", import.meta.url);
const manifest = JSON.parse(readFileSync(new URL("manifest.json", build), "utf8"));
const faces = [
  { name: "public", entry: "src/public.ts", budget: 15 },
  { name: "desk without map", entry: "src/desk.ts", budget: 60 },
  { name: "grid editor on the desk", entry: "src/grids.ts", budget: 130, beside: "src/desk.ts" },
  { name: "map on top of the desk", entry: "src/gridmap.ts", budget: 130, beside: "src/desk.ts" },
  { name: "screen", entry: "src/screen.ts", budget: 200 },
];

function files(entry, found = new Set()) {
  const chunk = manifest[entry];
  if (!chunk) throw new Error(`${entry} is not in the manifest: run npm run build`);
  found.add(chunk.file);
  for (const css of chunk.css ?? []) found.add(css);
  for (const next of chunk.imports ?? []) files(next, found);
  return found;
}

let over = 0;
for (const { name, entry, budget, beside } of faces) {
  const already = beside ? files(beside) : new Set();
  const bytes = [...files(entry)].filter((file) => !already.has(file))
    .reduce((sum, file) => sum + gzipSync(readFileSync(new URL(file, build)), { level: 9 }).length, 0);
  const kilobytes = bytes / 1000;
  if (kilobytes > budget) over += 1;
  console.log(`${kilobytes > budget ? "OVER" : "ok  "} ${name.padEnd(24)} ${kilobytes.toFixed(1).padStart(6)} kB of ${budget} kB`);
}
process.exit(over ? 1 : 0);
