import { expect, test } from "vitest";
import { mappingSchema, parseMapping } from "@/server/core/importing/mapping";
import { hubName, hubOf, hubSourceSchema } from "@/server/core/importing/settings";

test("mappings as people write them", () => {
  expect(parseMapping("attempt=out.text")).toEqual({ target: "attempt", source: { column: "out.text" } });
  expect(parseMapping("problem=a=b")).toEqual({ target: "problem", source: { column: "a=b" } });
  expect(parseMapping('model="DeepSeek-R1"')).toEqual({ target: "model", source: { value: "DeepSeek-R1" } });
  expect(parseMapping("models=x")).toMatch(/"models=x" is no mapping: .*the fields are id, problem, answer/);
  expect(parseMapping("attempt=")).toMatch(/names no column/);
  expect(parseMapping("attempt")).toMatch(/is no mapping/);
  expect(mappingSchema.safeParse({ attempt: { column: "x" }, model: { value: "" } }).success).toBe(true);
  expect(mappingSchema.safeParse({ attempt: { column: "" } }).success).toBe(false);
  expect(mappingSchema.safeParse({ elsewhere: { column: "x" } }).success).toBe(false);
});

test("names of datasets", () => {
  expect(hubOf("openai/gsm8k:main:test")).toEqual({ dataset: "openai/gsm8k", config: "main", split: "test" });
  expect(hubOf(" gsm8k ")).toEqual({ dataset: "gsm8k" });
  expect(hubName({ dataset: "a/b", split: "train" })).toBe("a/b:default:train");
  for (const dataset of ["../x", "a/b/c", "a b", "", "http://x"]) expect(hubSourceSchema.safeParse({ dataset }).success).toBe(false);
});
