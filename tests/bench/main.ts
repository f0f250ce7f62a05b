/**
 * `npm run bench -- NAME [ARGS] [--json]`: measure, print the figures, and end with 1 when a bound is missed.
 * `npm run bench` lists what there is. A bench is a file NAME.bench.ts beside this one (see bench.ts).
 */
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { ensureGenerated } from "@/workers/setup/ensure-generated";
import { type Bench, type Figure, keeps } from "./bench";

const END = ".bench.ts";
const names = readdirSync(import.meta.dirname)
  .filter((file) => file.endsWith(END))
  .map((file) => file.slice(0, -END.length))
  .sort();

async function load(name: string): Promise<Bench> {
  const file = pathToFileURL(path.join(import.meta.dirname, `${name}${END}`)).href;
  return ((await import(file)) as { bench: Bench }).bench;
}

const round = (value: number) =>
  Math.abs(value) >= 100 ? value.toFixed(0) : Math.abs(value) >= 10 ? value.toFixed(1) : value.toFixed(2);

function bound(f: Figure): string {
  if (f.atMost !== undefined) return `at most ${f.atMost} ${f.unit}`;
  return f.atLeast !== undefined ? `at least ${f.atLeast} ${f.unit}` : "";
}

function line(f: Figure): string {
  const note = f.note === undefined ? "" : `  (${f.note})`;
  const kept = bound(f) === "" ? "" : `  ${keeps(f) ? "kept" : "MISSED"}: ${bound(f)}`;
  return `${f.what.padEnd(62)} ${`${round(f.value)} ${f.unit}`.padStart(14)}${kept}${note}`;
}

async function main(): Promise<number> {
  const given = process.argv.slice(2);
  const json = given.includes("--json");
  const [name, ...args] = given.filter((a) => a !== "--json");
  if (name === undefined || !names.includes(name)) {
    if (name !== undefined) process.stderr.write(`There is no bench “${name}”.\n`);
    process.stderr.write("npm run bench -- NAME [--json]\n");
    for (const n of names) process.stderr.write(`  ${n.padEnd(12)} ${(await load(n)).about}\n`);
    return 2;
  }
  ensureGenerated();
  const bench = await load(name);
  const folder = mkdtempSync(path.join(os.tmpdir(), `intervene-bench-${name}-`));
  const figures: Figure[] = [];
  const began = Date.now();
  try {
    await bench.run({
      folder,
      args,
      figure: (f) => {
        figures.push(f);
        process.stderr.write(`  ${line(f)}\n`);
      },
      say: (text) => process.stderr.write(`${text}\n`),
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  const machine = { cores: os.availableParallelism(), cpu: os.cpus()[0]?.model ?? "", node: process.version };
  const missed = figures.filter((f) => !keeps(f));
  if (json) {
    process.stdout.write(
      `${JSON.stringify({ bench: name, machine, seconds: (Date.now() - began) / 1000, figures }, null, 2)}\n`,
    );
  } else {
    process.stdout.write(`\n${name}: ${bench.about}\n${machine.cores} cores (${machine.cpu}), Node ${machine.node}\n`);
    for (const f of figures) process.stdout.write(`${line(f)}\n`);
    process.stdout.write(missed.length === 0 ? "Every bound is kept.\n" : `${missed.length} missed.\n`);
  }
  return missed.length === 0 ? 0 : 1;
}

process.exit(await main());
