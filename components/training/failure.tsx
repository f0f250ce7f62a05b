import { type TrainingFailure, parseFailure } from "@/server/core/training/failure";
import { Disclosure } from "../ui/disclosure";

/** Why a training failed: the sentence, then exit status, folder, the last lines of its log, and its spec. */
export function Failure({ message, spec }: { message: string; spec: unknown }) {
  const failure = parseFailure(message);
  if (failure === null) return <span className="block break-words text-error">{message}</span>;
  return (
    <div className="mt-1 min-w-0">
      <p className="break-words text-error">{failure.said}</p>
      <p className="mt-1 break-words text-faint">{exitOf(failure)}</p>
      <Log text={failure.log} />
      {spec !== null && (
        <Disclosure title="Spec that it was given">
          <Block label="Spec" text={JSON.stringify(spec, null, 2)} />
        </Disclosure>
      )}
    </div>
  );
}

function exitOf({ status, folder }: TrainingFailure): string {
  return `${status === null ? "It ended without an exit status." : `Exit status ${status}.`} Spec, log, events and checkpoints: ${folder}`;
}

function Log({ text }: { text: string }) {
  if (text === "") return <p className="mt-1 text-faint">Its log is empty.</p>;
  return <Block label="Last lines of the log" text={text} />;
}

function Block({ label, text }: { label: string; text: string }) {
  return (
    <pre tabIndex={0} role="group" aria-label={label} className="mt-2 max-h-64 overflow-auto border-s-2 border-edge bg-sunken px-3 py-2 font-mono text-xs whitespace-pre">
      {text}
    </pre>
  );
}
