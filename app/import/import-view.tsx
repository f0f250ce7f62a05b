"use client";
import { useQuery } from "@tanstack/react-query";
import { useSearchParams } from "next/navigation";
import { LiveProvider, useLiveState } from "@/app/live";
import { replaceSearch } from "@/app/search-params";
import { useTRPC } from "@/app/trpc/client";
import { LiveMark } from "@/components/ui/live-mark";
import { Page } from "@/components/ui/page";
import { Chosen } from "./chosen";
import { RecentImports } from "./recent-imports";
import { RunningImport } from "./running-import";
import { SourceStep } from "./source-step";
import { StudyStep } from "./study-step";

/** Bring data in: the study, the file, what it is taken for; then its progress. */
export function ImportView() {
  return (
    <LiveProvider>
      <Content />
    </LiveProvider>
  );
}

function Content() {
  const trpc = useTRPC();
  const live = useLiveState();
  const search = useSearchParams();
  const studies = useQuery(trpc.studies.list.queryOptions());
  const [run, study, upload, hub] = ["run", "study", "upload", "hub"].map((name) => search.get(name) ?? "");
  const crumbs = study ? [{ label: study, href: `/studies/${encodeURIComponent(study)}` }] : [];
  const known = studies.data?.some((s) => s.name === study) === true;
  return (
    <Page crumbs={[...(known ? crumbs : []), { label: "Import", href: "/import" }]} status={<LiveMark state={live} />}>
      <h1 className="mb-2 text-2xl">Import</h1>
      {run ? (
        <RunningImport run={run} />
      ) : (
        <div className="space-y-10">
          <p className="max-w-prose text-soft">
            Problems, a model’s attempts, or traces whose first error is known, from a file of any size or from the
            Hugging Face hub. Attempts are graded as they come in; labels and interventions keep their source.
          </p>
          <StudyStep
            study={study ?? ""}
            studies={(studies.data ?? []).map((s) => s.name)}
            onChange={(name) => replaceSearch((s) => (name === "" ? s.delete("study") : s.set("study", name)))}
          />
          <SourceStep upload={upload ?? ""} hub={hub ?? ""} />
          {(upload || hub) && <Chosen study={study ?? ""} />}
          <RecentImports />
        </div>
      )}
    </Page>
  );
}
