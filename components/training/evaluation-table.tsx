import type { ComponentType, ReactNode } from "react";
import type { EvaluationView } from "@/server/core/views/training";
import { count, percent, percentRange } from "../ui/format";

/** pass@k of every evaluated model, by problem set. Every mean stands with its interval and n. */
export function EvaluationTable(props: {
  evaluations: readonly EvaluationView[];
  href: (evaluation: EvaluationView) => string;
  link: ComponentType<{ href: string; className?: string; children: ReactNode }>;
  /** What can be done with the problems that a model never solved; not set: nothing. */
  hard?: (evaluation: EvaluationView) => ReactNode;
}) {
  const { evaluations, href, link: Link, hard } = props;
  const sets = [...new Set(evaluations.map((e) => e.problemSet))];
  return (
    <div className="space-y-8">
      {sets.map((set) => {
        const mine = evaluations.filter((e) => e.problemSet === set);
        const ks = [...new Set(mine.flatMap((e) => e.passAt.map((p) => p.k)))].sort((a, b) => a - b);
        return (
          <div key={set} className="overflow-x-auto" tabIndex={0} role="group" aria-label={`Evaluations on ${set}`}>
            <table className="w-full min-w-max text-sm">
              <caption className="pb-2 text-start">
                <b className="font-semibold">{set}</b>
                <span className="ms-3 text-faint">pass@k, mean over problems, 95 % bootstrap over problems</span>
              </caption>
              <thead>
                <tr className="border-b border-edge text-start text-faint">
                  <th scope="col" className="py-1 pe-6 text-start font-normal">Model</th>
                  <th scope="col" className="py-1 pe-6 text-end font-normal">Problems × samples</th>
                  {ks.map((k) => (
                    <th key={k} scope="col" className="py-1 ps-4 text-end font-normal">pass@{k}</th>
                  ))}
                  <th scope="col" className="py-1 ps-6 text-end font-normal">Never solved</th>
                </tr>
              </thead>
              <tbody className="divide-y divide-rule">
                {mine.map((e) => (
                  <tr key={e.modelId}>
                    <th scope="row" className="py-1.5 pe-6 text-start font-normal">
                      {/* Names of chains are long; what is beside them matters more. */}
                      <div className="w-56">
                        <Link href={href(e)} className="underline decoration-edge underline-offset-4 hover:decoration-current">{e.model}</Link>
                        {e.running && <span className="ms-2 text-uncertainty">still sampling</span>}
                      </div>
                    </th>
                    <td className="py-1.5 pe-6 text-end whitespace-nowrap">{count(e.problems)} × {count(e.perProblem)}</td>
                    {ks.map((k) => {
                      const at = e.passAt.find((p) => p.k === k);
                      return (
                        <td key={k} className="py-1.5 ps-4 text-end whitespace-nowrap">
                          {at === undefined ? (
                            <span className="text-faint">–</span>
                          ) : (
                            <>
                              {percent(at.of.value)} <span className="text-faint">({percentRange(at.of.low, at.of.high)})</span>
                            </>
                          )}
                        </td>
                      );
                    })}
                    <td className="py-1.5 ps-6 text-end whitespace-nowrap">
                      {count(e.unsolved)} {e.unsolved > 0 && !e.running && hard?.(e)}
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        );
      })}
    </div>
  );
}
