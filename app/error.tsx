"use client";
import Link from "next/link";
import { Button } from "@/components/ui/button";
import { Page } from "@/components/ui/page";

/** What a person sees when a page could not be read, most often because the database is away. */
export default function ErrorPage({ error, retry }: { error: unknown; retry: () => void }) {
  const digest = error instanceof Error && "digest" in error ? String(error.digest) : "";
  return (
    <Page>
      <h1 className="text-2xl">This page could not be read</h1>
      <p className="mt-3 max-w-prose text-soft">
        The server is up, but it could not put the page together. Most often the database is starting or away; then
        trying again in a moment helps. Nothing that was sampled is lost.
      </p>
      {digest !== "" && <p className="mt-2 text-sm text-faint">The server’s log has the details under {digest}.</p>}
      <p className="mt-5 flex items-center gap-4">
        <Button onClick={() => retry()}>Try again</Button>
        <Link href="/">All studies</Link>
      </p>
    </Page>
  );
}
