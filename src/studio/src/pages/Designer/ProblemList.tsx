import { Glyph } from "../../components/Icon";
import type { Problem } from "../../designer/check";
import { designer as words } from "../../text/designer";

/** All problems of the text; a click leads to the step, the field and the line. */
export function ProblemList({ problems, text, onShow, onClose }: { problems: readonly Problem[]; text: string; onShow(problem: Problem): void; onClose(): void }) {
  return (
    <section className="pl" aria-label={words.problems}>
      <div className="ch"><h2>{words.problems}</h2><span className="sp" /><button type="button" className="btn s g" onClick={onClose}>Close</button></div>
      <ul>
        {problems.map((p, i) => (
          <li key={i}>
            <button type="button" onClick={() => onShow(p)}>
              <span className={p.severity === "error" ? "t-bad" : "t-warn"}><Glyph name={p.severity === "error" ? "cross" : "triangle"} /></span>
              <span className="mono one">{p.step ?? p.path[0] ?? "file"}</span>
              <span className="pl-m">{p.message} <span className="sub">{p.remedy}</span></span>
              <span className="mut mono">{lineOf(text, p.from)} {p.code}</span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** Line and column of a place, from 1. */
export function lineOf(text: string, at: number): string {
  const before = text.slice(0, at).split("\n");
  return `${before.length}:${before.at(-1)!.length + 1}`;
}
