import { redirect } from "next/navigation";

/** The comparisons begin with the final table. */
export default async function ComparePage({ params }: { params: Promise<{ study: string }> }) {
  redirect(`/studies/${encodeURIComponent(decodeURIComponent((await params).study))}/compare/table`);
}
