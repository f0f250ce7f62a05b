import { parseEnv } from "@/server/env";
import { InterveneError } from "@/server/errors";
import { rawEvents } from "@/server/usecases/training/raw-events";

export const dynamic = "force-dynamic";

/** The raw events of a training, as a file. */
export async function GET(_: Request, { params }: { params: Promise<{ training: string }> }): Promise<Response> {
  const { training } = await params;
  try {
    return new Response(await rawEvents(parseEnv().home, training), {
      headers: {
        "content-type": "application/x-ndjson; charset=utf-8",
        "content-disposition": `attachment; filename="events-${training.slice(-8).replace(/[^0-9a-f]/gi, "")}.jsonl"`,
      },
    });
  } catch (error) {
    if (error instanceof InterveneError) return new Response(error.message, { status: 404 });
    throw error;
  }
}
