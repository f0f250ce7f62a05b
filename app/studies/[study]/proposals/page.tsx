import type { Metadata } from "next";
import { type ListPageProps, listPage } from "../lists/list-page";

export const dynamic = "force-dynamic";
export const metadata: Metadata = { title: "Proposals" };

export default function ProposalsPage(props: ListPageProps) {
  return listPage("proposals", props);
}
