"use client";
import { type ReactNode, useEffect } from "react";
import { type Crumb, Page } from "@/components/ui/page";
import type { PublishedStudy } from "@/server/core/views/publication";
import { hrefOf, usePlace } from "./address";

/** The frame of every page of a publication. */
export function Frame(props: {
  study: Pick<PublishedStudy, "name">;
  title: string;
  crumbs?: readonly Crumb[];
  wide?: boolean;
  children: ReactNode;
}) {
  const { study, title } = props;
  const { visit } = usePlace();
  useEffect(() => {
    document.title = title === "" ? `${study.name} · Intervene` : `${title} · ${study.name} · Intervene`;
  }, [study.name, title]);
  useEffect(() => {
    // A new page begins at its top; the first one may stand where the browser remembers it.
    if (visit > 0) window.scrollTo(0, 0);
  }, [visit]);
  return (
    <Page wide={props.wide === true} home={{ label: study.name, href: hrefOf([]) }} crumbs={props.crumbs ?? []}>
      {props.children}
    </Page>
  );
}
