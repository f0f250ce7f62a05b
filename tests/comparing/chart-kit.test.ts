import { describe, expect, it } from "vitest";
import { lookOf } from "@/components/charts/look";
import { sourceLook } from "@/components/comparing/sources/pass-lines";
import { csvOf, points, written } from "@/components/charts/table";

describe("a chart's table", () => {
  it("is written as CSV with raw values, gaps empty, and nothing a spreadsheet would run", () => {
    const csv = csvOf({
      columns: [
        { key: "row", label: "Row" },
        { key: "value", label: "pass@1, %", kind: "percent" },
        { key: "n", label: "n", kind: "count" },
      ],
      rows: [
        { row: "+ RL", value: 0.123456789012, n: 1352 },
        { row: 'a "quoted", name', value: null, n: { value: 12, href: "/x" } },
        { row: "=1+1", value: Number.NaN },
        { row: "-3", value: 0 },
      ],
    });
    expect(csv).toBe(
      'Row,"pass@1, %",n\r\n\'+ RL,0.123456789012,1352\r\n"a ""quoted"", name",,12\r\n\'=1+1,,\r\n-3,0,\r\n',
    );
  });

  it("writes for people: a gap is a dash, a zero is a zero", () => {
    expect([written(null, "percent"), written(0, "percent"), written(0.0456, "percent"), written(12345, "count"), written("x")]).toEqual([
      "—",
      "0 %",
      "4.6 %",
      "12,345",
      "x",
    ]);
    expect([points(0.0312), points(-0.004), points(0)]).toEqual(["+3.1", "−0.40", "0"]);
  });
});

describe("looks", () => {
  it("differ without colour too, and members of a group share its colour", () => {
    const looks = Array.from({ length: 6 }, (_, i) => lookOf(i));
    expect(new Set(looks.map((l) => l.stroke)).size).toBe(6);
    expect(new Set(looks.map((l) => l.dash ?? "solid")).size).toBe(6);
    expect(new Set(looks.map((l) => l.marker)).size).toBe(6);
    const [a, b] = [lookOf(2, 0), lookOf(2, 1)];
    expect(a.stroke).toBe(b.stroke);
    expect(a.dash).not.toBe(b.dash);
  });

  it("of five sources are five, though there are four colours for them", () => {
    const rows = ["int", "reference", "r1_think", "r1_summary", "self_reflection"].map((datasetId) => ({ datasetId }));
    const looks = rows.map((r) => sourceLook(r.datasetId, rows));
    expect(new Set(looks.map((l) => `${l.stroke} ${l.dash} ${l.marker}`)).size).toBe(5);
    expect(new Set(looks.map((l) => l.marker)).size).toBe(5);
  });
});
