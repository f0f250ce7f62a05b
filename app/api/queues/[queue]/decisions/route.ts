import { decisionsDownload } from "@/server/api/decisions";

export const dynamic = "force-dynamic";

/** The decisions of a queue as a file: ?format=csv (default) or jsonl. */
export async function GET(request: Request, { params }: { params: Promise<{ queue: string }> }): Promise<Response> {
  return decisionsDownload(request, (await params).queue);
}
