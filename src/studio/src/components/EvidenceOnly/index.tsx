import { training as words } from "../../text/training";
import { Glyph } from "../Icon";

/** On every page that names a combo trained for evidence alone. */
export function EvidenceOnly({ on }: { on: boolean }) {
  return on ? (
    <span className="b bad" data-evidence-only>
      <Glyph name="cross" />
      {words.evidenceOnly}
    </span>
  ) : null;
}
