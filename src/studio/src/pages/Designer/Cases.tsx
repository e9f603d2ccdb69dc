import type { WorkflowCase } from "../../api/client";
import { Glyph } from "../../components/Icon";
import { OtherText } from "../../components/OtherText";
import { many } from "../../text/format";

/** How the cases of the file came out; a click shows the end states of one on the canvas. */
export function Cases({ cases, isOld, onShow, onClose }: { cases: { cases: readonly WorkflowCase[]; shown: number }; isOld: boolean; onShow(i: number): void; onClose(): void }) {
  const failed = cases.cases.filter((c) => !c.passed).length;
  const shown = cases.cases[cases.shown]!;
  return (
    <section className="cs" aria-label="Tests" role="status">
      <div className="cs-h">
        <span className={failed === 0 ? "t-ok" : "t-bad"}><Glyph name={failed === 0 ? "tick" : "cross"} /></span>
        <b>{failed === 0 ? `${many(cases.cases.length, "case passes", "cases pass")}` : `${failed} of ${many(cases.cases.length, "case fails", "cases fail")}`}</b>
        {isOld ? <span className="mut sm">of an earlier text</span> : null}
        <span className="sp" />
        <button type="button" className="btn s g" onClick={onClose}>Close</button>
      </div>
      <ul>
        {cases.cases.map((c, i) => (
          <li key={c.name}>
            <button type="button" aria-pressed={i === cases.shown} onClick={() => onShow(i)}>
              <span className={c.passed ? "t-ok" : "t-bad"}><Glyph name={c.passed ? "tick" : "cross"} size={11} /></span>
              <OtherText most={70}>{c.name}</OtherText>
            </button>
          </li>
        ))}
      </ul>
      {shown.differences.slice(0, 3).map((x) => <p key={x} className="sm t-bad"><OtherText most={160}>{x}</OtherText></p>)}
    </section>
  );
}
