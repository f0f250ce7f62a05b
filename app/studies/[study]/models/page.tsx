import type { Metadata } from "next";
import { type ListPageProps, listPage } from "../lists/list-page";

export const dynamic = "force-dynamic";
export const metadata: Metadata = { title: "Models" };

export default function ModelsPage(props: ListPageProps) {
  return listPage("models", props);
}
