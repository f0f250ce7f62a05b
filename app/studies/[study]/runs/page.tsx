import type { Metadata } from "next";
import { type ListPageProps, listPage } from "../lists/list-page";

export const dynamic = "force-dynamic";
export const metadata: Metadata = { title: "Runs" };

export default function RunsPage(props: ListPageProps) {
  return listPage("runs", props);
}
