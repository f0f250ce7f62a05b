import type { Metadata } from "next";
import { type ListPageProps, listPage } from "../lists/list-page";

export const dynamic = "force-dynamic";
export const metadata: Metadata = { title: "Problems" };

export default function ProblemsPage(props: ListPageProps) {
  return listPage("problems", props);
}
