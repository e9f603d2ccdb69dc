import { inUnit, wanted, withoutSkill } from "../../evidence/facts";
import { count } from "../../text/format";
import { review as words } from "../../text/strings";
import { Glyph } from "../Icon";
import type { GateRowProps } from "./types";
import "./style.css";

const verdicts: Record<string, { word: string; glyph: "tick" | "cross"; tone: string }> = {
  pass: { word: "Pass", glyph: "tick", tone: "ok" }, fail: { word: "Fail", glyph: "cross", tone: "bad" }, no_value: { word: "None", glyph: "cross", tone: "bad" },
};

/** One gate: what was required, what came out, and how often nothing at all would have passed. */
export function GateRow({ gate }: GateRowProps) {
  const verdict = verdicts[gate.status] ?? verdicts["no_value"]!;
  const behind = [
    gate.sample === null ? null : `n ${count(gate.sample)}`,
    gate.low === null || gate.high === null ? null : `95% ${inUnit(gate.low, gate.unit)} to ${inUnit(gate.high, gate.unit)}`,
  ].filter(Boolean).join(", ");
  return (
    <div className="gate" role="row" title={behind === "" ? undefined : behind}>
      <span className={`g t-${verdict.tone}`} role="cell">
        <Glyph name={verdict.glyph} size={13} />
        <span className="sr">{verdict.word}</span>
      </span>
      <span className="gate-n" role="rowheader">
        {gate.label}
        <span className="gate-w">
          {wanted(gate)}
          <span className="gate-b">{behind === "" ? "" : `, ${behind}`}</span>
          {gate.critical ? <span className="gate-c">critical</span> : null}
        </span>
      </span>
      <b className="r" role="cell">
        {gate.actual === null ? <span className="mut">n/a</span> : inUnit(gate.actual, gate.unit)}
      </b>
      <span className={`r sm t-${verdict.tone}`} role="cell" aria-hidden="true">
        {verdict.word}
      </span>
      <span className="r sub sm fp" role="cell">
        <span className="sr">{words.withoutSkill}: </span>
        {withoutSkill(gate)}
      </span>
    </div>
  );
}

export function GateHead() {
  return (
    <div className="gate gate-h" role="row">
      <span role="columnheader">
        <span className="sr">Verdict</span>
      </span>
      <span role="columnheader">{words.gate}</span>
      <span className="r" role="columnheader">
        {words.actual}
      </span>
      <span role="columnheader" aria-hidden="true" />
      <span className="r fp" role="columnheader" title={words.withoutSkillHint}>
        {words.withoutSkill}
      </span>
    </div>
  );
}
