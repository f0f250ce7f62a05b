import Link from "next/link";
import type { StudyView } from "@/server/core/views/study";
import { moment, plural } from "../ui/format";
import { STUDY_PARTS } from "./parts";
import { RECIPES } from "./study-list";

/** Name of a study, what is in it, and its runs to choose from. */
export function StudyHead({ study, href }: { study: StudyView; href: string }) {
  const others = study.pipelines.filter((p) => p.id !== study.pipeline?.id);
  return (
    <div>
      <h1 className="text-2xl">{study.name}</h1>
      <p className="mt-1 flex flex-wrap gap-x-3 gap-y-1 text-soft">
        <Link href={`${href}/problems`}>{plural(study.problems, "problem")}</Link>
        <Link href={`${href}/attempts`}>{plural(study.attempts, "attempt")}</Link>
        <Link href={`${href}/proposals`}>proposals</Link>
        <Link href={`${href}/runs`}>runs</Link>
        {study.models.length > 0 && (
          <span>
            by <Link href={`${href}/models`}>{study.models.join(", ")}</Link>
          </span>
        )}
        {study.pipeline !== null && (
          <span className="text-faint">
            {RECIPES[study.pipeline.recipe] ?? study.pipeline.recipe}, started {moment(study.pipeline.createdAt)}
          </span>
        )}
      </p>
      <nav aria-label="Parts of this study" className="mt-2">
        <ul className="flex flex-wrap gap-x-5 gap-y-1">
          {STUDY_PARTS.map(({ path, label }) => (
            <li key={path}>
              <Link href={`${href}/${path}`}>{label}</Link>
            </li>
          ))}
          <li>
            <Link href={`/import?study=${encodeURIComponent(study.name)}`}>Import</Link>
          </li>
        </ul>
      </nav>
      {study.kind === "lab" && (
        <p className="mt-2 max-w-prose text-sm text-faint">
          The lab is a small world with a tiny model that this project trained itself. Its mistakes are real and its
          figures are its own; they say nothing about large models.
        </p>
      )}
      {study.note !== "" && study.kind !== "lab" && <p className="mt-2 max-w-prose text-sm text-faint">{study.note}</p>}
      {others.length > 0 && (
        <p className="mt-2 text-sm text-faint">
          Other runs:{" "}
          {others.slice(0, 6).map((p, i) => (
            <span key={p.id}>
              {i > 0 && ", "}
              <Link href={`${href}?pipeline=${p.id}`}>
                {moment(p.createdAt)} ({p.state})
              </Link>
            </span>
          ))}
        </p>
      )}
    </div>
  );
}
