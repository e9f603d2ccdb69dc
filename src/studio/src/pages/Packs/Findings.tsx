import type { PackFinding, PackLinted } from "../../api/client";
import { Glyph } from "../../components/Icon";
import { OtherText } from "../../components/OtherText";
import { fixes, packs as words } from "../../text/packs";
import { placeOf } from "./model";

/** Every finding with its path, its code and what to do. */
export function Findings({ linted, onGo }: { linted: PackLinted; onGo?: (finding: PackFinding) => void }) {
  if (linted.findings.length === 0) {
    return (
      <p className="pad sub">
        <span className="t-ok">
          <Glyph name="tick" />
        </span>{" "}
        {onGo === undefined ? words.lintNone : words.sound}
      </p>
    );
  }
  return (
    <ul className="findings">
      {linted.findings.map((f, i) => (
        <li key={i} data-level={f.level}>
          <span className={f.level === "error" ? "t-bad" : "t-warn"}>
            <Glyph name={f.level === "error" ? "cross" : "triangle"} size={13} />
            <span className="sr">{f.level === "error" ? fixes.error : fixes.warn}</span>
          </span>
          <span className="finding">
            <span>
              <code>{f.code}</code>{" "}
              {onGo === undefined || f.line === null ? <code className="mut">{placeOf(f)}</code> : (
                <button type="button" className="link mono" onClick={() => onGo(f)}>
                  {placeOf(f)}
                </button>
              )}
            </span>
            <OtherText most={600}>{f.message}</OtherText>
            <span className="sub sm">
              <OtherText most={600}>{f.remediation}</OtherText>
            </span>
          </span>
        </li>
      ))}
    </ul>
  );
}
