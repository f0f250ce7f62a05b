"use client";

/** The last resort: the frame of the page itself failed, so nothing of it is used. */
export default function GlobalError({ retry }: { error: unknown; retry: () => void }) {
  return (
    <html lang="en">
      <body style={{ fontFamily: "system-ui, sans-serif", margin: "3rem", maxWidth: "40rem" }}>
        <h1>Intervene could not draw this page</h1>
        <p>Try again; if that does not help, restart it. Nothing that was sampled is lost.</p>
        <button type="button" onClick={() => retry()}>
          Try again
        </button>
      </body>
    </html>
  );
}
