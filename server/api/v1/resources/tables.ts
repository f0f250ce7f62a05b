import { z } from "zod";
import { conditioningShape, verificationCountsShape } from "../../../core/programs/shapes";
import { readTable } from "../../../usecases/programs/tables";
import { csvAnswer, wantsCsv } from "../csv";
import { type Route, route } from "../route";
import { inStudy } from "./params";

const query = z.object({
  pipeline: z.uuid().optional().meta({ description: "of which recipe; the newest without it" }),
  format: z.enum(["json", "csv"]).optional().meta({ description: "or by the header Accept" }),
});

const COLUMNS = [
  "arm",
  "problems",
  "covered",
  "coverage",
  "coverage_low",
  "coverage_high",
  "samples",
  "correct",
  "accuracy",
  "accuracy_low",
  "accuracy_high",
];

export const tableRoutes: readonly Route[] = [
  route({
    method: "GET",
    path: "/studies/{study}/tables/conditioning",
    id: "getConditioningTable",
    tag: "tables",
    summary: "Coverage and accuracy of each arm with 95 % intervals",
    scope: "read",
    params: inStudy,
    query,
    answer: conditioningShape,
    also: [{ media: "text/csv", description: "one line per arm, shares from 0 to 1" }],
    async handle({ program, path, query, request }) {
      const table = await readTable(program.deps, path.study, query.pipeline);
      if (!wantsCsv(request, query.format)) return { value: { study: table.study, pipeline_id: table.pipelineId, rows: table.rows } };
      const lines = table.rows.map(({ coverage, accuracy, ...row }) => ({
        ...row,
        coverage: coverage?.value,
        coverage_low: coverage?.low,
        coverage_high: coverage?.high,
        accuracy: accuracy?.value,
        accuracy_low: accuracy?.low,
        accuracy_high: accuracy?.high,
      }));
      return csvAnswer(COLUMNS, lines);
    },
  }),
  route({
    method: "GET",
    path: "/studies/{study}/tables/proposals",
    id: "getProposalCounts",
    tag: "tables",
    summary: "What became of the verifications: proposed, leaked, chosen, kept",
    scope: "read",
    params: inStudy,
    query,
    answer: verificationCountsShape,
    also: [{ media: "text/csv", description: "one line of counts" }],
    async handle({ program, path, query, request }) {
      const { study, pipelineId, proposals: p } = await readTable(program.deps, path.study, query.pipeline);
      const counts = {
        attempts: p?.attempts ?? 0,
        verifications: p?.verifications ?? 0,
        proposed: p?.proposed ?? 0,
        no_error: p?.noError ?? 0,
        unparsed: p?.unparsed ?? 0,
        out_of_range: p?.outOfRange ?? 0,
        cut_off: p?.cutOff ?? 0,
        leaked_equivalent: p?.leakedEquivalent ?? 0,
        leaked_substring: p?.leakedSubstring ?? 0,
        leaked_both: p?.leakedBoth ?? 0,
        chosen: p?.chosen ?? 0,
        judged: p?.judged ?? 0,
        kept: p?.kept ?? 0,
      };
      if (wantsCsv(request, query.format)) return csvAnswer(Object.keys(counts), [counts]);
      return { value: { study, pipeline_id: pipelineId, ...counts } };
    },
  }),
];
