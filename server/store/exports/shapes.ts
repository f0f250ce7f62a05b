import { bool, type Field, int, nullable, type Row, struct, text, time } from "../../core/exporting/fields";
import { LABEL_SOURCES, type LabelSource } from "../../core/exporting/request";
import type { PairRow, ProblemRow, ShapeRows, StepsRow, TrainingRow } from "../../core/exporting/shapes";
import { guidedAttempt, joinSteps, splitSteps } from "../../core/steps";
import { uuidLiteral } from "../transaction";
import type { Query } from "./copy-out";
import { equals, isRun, judge, readable, type Scope, SETTLEMENT, where } from "./scope";
import { datasetFrom, proposalsFrom } from "./tables";

/** A query whose rows become those of a shape. */
export interface Shaped<S extends keyof ShapeRows> {
  query: Query;

  row(row: Row): ShapeRows[S];
}

const string = (row: Row, name: string) => row[name] as string;
const number = (row: Row, name: string) => row[name] as number;

/** Rows to train on. */
export function trainingRows({ datasetId }: Scope): Shaped<"training"> {
  return {
    query: {
      fields: [int("ordinal"), text("key"), text("answer"), text("prompt"), text("completion"), bool("ends")],
      columns: {
        ordinal: "x.ordinal",
        key: "p.key",
        answer: "p.answer",
        prompt: "x.prompt",
        completion: "x.completion",
        ends: "x.ends",
      },
      from: datasetFrom(datasetId),
      order: "x.ordinal",
    },
    row: (r): TrainingRow => ({
      ordinal: number(r, "ordinal"),
      problemKey: string(r, "key"),
      answer: string(r, "answer"),
      prompt: string(r, "prompt"),
      completion: string(r, "completion"),
      ends: r.ends === true,
    }),
  };
}

const PROBLEM_FIELDS: readonly Field[] = [
  ...["id", "problemSet", "key"].map((n) => text(n)),
  int("ordinal"),
  ...["statement", "answer", "reference", "referenceSource", "difficulty"].map((n) => text(n)),
];

/**
 * Problems: of the study, or those that a data set has rows of, each once. A data set of hinted prompts holds prompts
 * rather than problems, so each of its rows is one, with its prompt as the statement.
 */
export function problemRows(scope: Scope, hinted: boolean): Shaped<"problems"> {
  const columns = {
    id: hinted ? "x.id" : "p.id",
    problemSet: "ps.name",
    key: hinted ? "p.key || '-' || x.ordinal" : "p.key",
    ordinal: hinted ? "x.ordinal" : "p.ordinal",
    statement: hinted ? "x.prompt" : "p.statement",
    answer: "p.answer",
    reference: "p.reference",
    referenceSource: "p.reference_source",
    difficulty: "p.difficulty",
  };
  const { datasetId, studyId, filters } = scope;
  const ofStudy = where(`p.study_id = ${uuidLiteral(studyId)}`, equals("ps.name", filters.problemSet));
  const used =
    datasetId === undefined
      ? ""
      : ` AND EXISTS (SELECT 1 FROM dataset_row x WHERE x.problem_id = p.id AND x.dataset_id = ${uuidLiteral(datasetId)})`;
  return {
    query: {
      fields: PROBLEM_FIELDS,
      columns,
      from: hinted
        ? datasetFrom(datasetId)
        : `FROM problem p JOIN problem_set ps ON ps.id = p.problem_set_id ${ofStudy}${used}`,
      order: hinted ? "x.ordinal" : "p.id",
    },
    row: (r) => r as unknown as ProblemRow,
  };
}

/** Proposals beside the steps they replace: those of the study, or those that a data set's rows were made from. */
export function pairRows(scope: Scope): Shaped<"pairs"> {
  const ofDataset =
    scope.datasetId === undefined
      ? null
      : `FROM dataset_row x JOIN proposal pr ON pr.id = x.proposal_id JOIN attempt a ON a.id = pr.attempt_id
         JOIN problem p ON p.id = x.problem_id WHERE x.dataset_id = ${uuidLiteral(scope.datasetId)}`;
  return {
    query: {
      fields: [text("id"), text("key"), text("statement"), text("answer"), text("text"), text("content"), int("location")],
      columns: {
        id: "pr.id",
        key: "p.key",
        statement: ofDataset === null ? "p.statement" : "x.prompt",
        answer: "p.answer",
        text: "a.text",
        content: "pr.content",
        location: "pr.location",
      },
      from: ofDataset ?? proposalsFrom(scope),
      order: ofDataset === null ? "pr.id" : "x.ordinal",
    },
    row(r): PairRow {
      const steps = splitSteps(string(r, "text"));
      const location = number(r, "location");
      const prefix = steps.slice(0, location - 1);
      // As in the guided attempt: the intervention alone, its lines as steps.
      const chosen = guidedAttempt([], string(r, "content"), 1);
      return {
        proposalId: string(r, "id"),
        problemKey: string(r, "key"),
        statement: string(r, "statement"),
        answer: string(r, "answer"),
        prefix,
        rejected: steps[location - 1] ?? null,
        chosen,
      };
    },
  };
}

/** Votes and settlements that name a first error, or say that there is none. */
const SAYS = (d: string) =>
  `(${d}.action IN ('accept', 'edit', 'locate', 'no_error') OR (${d}.action = 'reject' AND ${d}.first_error IS NOT NULL))`;

/** The step that a decision names: said, or the place of the correction it wrote or accepted. */
const NAMED = (d: string) =>
  `CASE WHEN ${d}.action = 'no_error' THEN NULL WHEN ${d}.action = 'accept' THEN coalesce(${d}.first_error, ${d}.location, jp.location) ELSE coalesce(${d}.first_error, ${d}.location) END`;

/** One subquery for each source of labels: first error, by whom, when, a correction and whether it was taken. */
function labelsBy(source: LabelSource, rank: number, scope: Scope): string {
  const queue = `JOIN queue q ON q.id = i.queue_id AND ${readable(scope, "q")} LEFT JOIN proposal jp ON jp.id = i.proposal_id`;
  const correction = (d: string) =>
    `CASE WHEN ${d}.content IS NOT NULL THEN ${d}.content WHEN ${d}.action = 'accept' THEN jp.content END`;
  const head = (d: string, name: string) =>
    `SELECT ${rank} AS rank, '${name}' AS source, ${NAMED(d)} AS first_error, ${judge(scope, "w")} AS labeler, ${d}.created_at AS labelled, ${correction(d)} AS correction, true AS accepted`;
  switch (source) {
    case "settled":
      return `${head("st", "settled")} FROM queue_item i ${queue} ${SETTLEMENT("i")} JOIN person w ON w.id = st.person_id
              WHERE i.attempt_id = a.id AND ${SAYS("st")}`;
    case "decided":
      return `${head("d", "decided")} FROM queue_item i ${queue} JOIN decision d ON d.id = i.agreed_id JOIN person w ON w.id = d.person_id
              WHERE i.attempt_id = a.id AND ${SAYS("d")}`;
    case "imported":
      return `SELECT ${rank} AS rank, 'imported' AS source, l.first_error, l.source AS labeler, NULL::timestamptz AS labelled,
                     NULL AS correction, false AS accepted FROM label l WHERE l.attempt_id = a.id`;
    case "model":
      // The chosen proposal; or a verification that went through all steps and found nothing.
      return `SELECT ${rank} AS rank, 'model' AS source, x.first_error, '' AS labeler, x.created_at AS labelled,
                     x.content AS correction, coalesce(x.kept, false) AS accepted FROM (
                SELECT 0 AS o, pr.location AS first_error, pr.created_at, pr.content, pr.kept, pr.id FROM proposal pr
                WHERE pr.attempt_id = a.id AND pr.chosen AND pr.decision_id IS NULL AND pr.settlement_id IS NULL
                UNION ALL
                SELECT 1, NULL, v.created_at, NULL, NULL, v.id FROM verification v WHERE v.attempt_id = a.id AND v.outcome = 'no_error'
              ) x`;
  }
}

/** Attempts whose first wrong step is known, with the best source's word for it. */
export function stepsRows(scope: Scope): Shaped<"steps"> {
  const { studyId, datasetId, filters } = scope;
  const wanted = filters.labels ?? LABEL_SOURCES;
  const labels = LABEL_SOURCES.flatMap((s, rank) => (wanted.includes(s) ? [labelsBy(s, rank, scope)] : []));
  const inDataset =
    datasetId === undefined
      ? ""
      : `EXISTS (SELECT 1 FROM dataset_row x WHERE x.attempt_id = a.id AND x.dataset_id = ${uuidLiteral(datasetId)})`;
  return {
    query: {
      fields: [
        text("id"),
        nullable(text("generator")),
        text("statement"),
        text("answer"),
        text("reference"),
        text("text"),
        nullable(int("reward")),
        nullable(text("extracted")),
        struct("label", [
          text("source"),
          nullable(int("first_error")),
          text("labeler"),
          nullable(time("labelled")),
          nullable(text("correction")),
          bool("accepted"),
        ]),
      ],
      columns: {
        id: "a.id",
        generator: "m.name",
        statement: "p.statement",
        answer: "p.answer",
        reference: "p.reference",
        text: "a.text",
        reward: "a.reward",
        extracted: "(SELECT g.extracted FROM grade g WHERE g.attempt_id = a.id ORDER BY g.created_at DESC, g.id DESC LIMIT 1)",
        label: "row_to_json(l)",
      },
      from: `FROM attempt a JOIN run r ON r.id = a.run_id JOIN problem p ON p.id = a.problem_id
             JOIN problem_set ps ON ps.id = p.problem_set_id LEFT JOIN model m ON m.id = a.model_id
             JOIN LATERAL (SELECT * FROM (${labels.join(" UNION ALL ")}) y
                           ORDER BY y.rank, y.labelled DESC NULLS LAST, y.labeler LIMIT 1) l ON true
             ${where(`r.study_id = ${uuidLiteral(studyId)}`, inDataset, isRun("r.id", filters.run), equals("ps.name", filters.problemSet), equals("m.name", filters.model), equals("a.reward", filters.reward))}`,
      order: "a.id",
    },
    row(r): StepsRow {
      const label = r.label as Row;
      const correction = label.correction as string | null;
      return {
        id: string(r, "id"),
        generator: (r.generator as string | null) ?? "",
        statement: string(r, "statement"),
        answer: string(r, "answer"),
        reference: string(r, "reference"),
        steps: splitSteps(string(r, "text")),
        firstError: label.first_error as number | null,
        labelSource: string(label, "source"),
        labeler: string(label, "labeler"),
        labelled: label.labelled instanceof Date ? label.labelled.toISOString() : "",
        reward: r.reward as number | null,
        extracted: (r.extracted as string | null) ?? "",
        correction:
          correction === null
            ? null
            : { text: joinSteps(splitSteps(correction.replace(/\n+/g, "\n\n"))), accepted: label.accepted === true },
      };
    },
  };
}

