import type { Metadata } from "next";
import { type ListPageProps, listPage } from "../lists/list-page";

export const dynamic = "force-dynamic";
export const metadata: Metadata = { title: "Attempts" };

export default function AttemptsPage(props: ListPageProps) {
  return listPage("attempts", props);
}
