import Link from "next/link";
import { Page } from "@/components/ui/page";

export default function NotFound() {
  return (
    <Page>
      <h1 className="text-2xl">Nothing is here</h1>
      <p className="mt-3 max-w-prose text-soft">
        The address names a study, an attempt or a page that does not exist, or no longer exists.
      </p>
      <p className="mt-4">
        <Link href="/">All studies</Link>
      </p>
    </Page>
  );
}
