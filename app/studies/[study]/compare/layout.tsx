import type { ReactNode } from "react";
import { CompareNav } from "@/components/comparing/compare-nav";
import { Page } from "@/components/ui/page";

/** The frame of the four comparisons; each page below it is its own content alone. */
export default async function CompareLayout(props: { params: Promise<{ study: string }>; children: ReactNode }) {
  const study = decodeURIComponent((await props.params).study);
  const base = `/studies/${encodeURIComponent(study)}`;
  return (
    <Page
      crumbs={[
        { label: study, href: base },
        { label: "compare", href: `${base}/compare/table` },
      ]}
    >
      <h1 className="text-2xl">Compare</h1>
      <p className="mt-1 mb-4 max-w-prose text-soft">
        What to train on: models, runs, sources and interventions side by side. Every figure stands with how many it is of and
        how sure it is, and leads to its rows.
      </p>
      <CompareNav base={`${base}/compare`} />
      {props.children}
    </Page>
  );
}
