import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { z } from "zod";

const schema = z.object({ packages: z.record(z.string(), z.object({ version: z.string().optional(), optionalDependencies: z.record(z.string(), z.string()).optional() })) });

test("package-lock.json names every optional package, those of other platforms too (npm ci refuses it otherwise)", () => {
  const { packages } = schema.parse(JSON.parse(readFileSync("package-lock.json", "utf8")));
  const missing = Object.entries(packages).flatMap(([folder, { optionalDependencies = {} }]) =>
    Object.keys(optionalDependencies).filter((name) => !placesFor(folder, name).some((place) => packages[place]?.version)),
  );
  expect(missing).toEqual([]);
});

/** Where a package may lie that `folder` depends on: in it, or in any node_modules above. */
function placesFor(folder: string, name: string): string[] {
  const above = folder.split("node_modules/").map((_, k, parts) => parts.slice(0, k).join("node_modules/"));
  return [`${folder}/node_modules/${name}`, ...above.map((place) => `${place}node_modules/${name}`)];
}
