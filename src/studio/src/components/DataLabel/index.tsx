import { common } from "../../text/strings";
import "./style.css";

/** Says on every page that the bars were made, and with what effect in them. */
export function DataLabel({ plantedEffect }: { plantedEffect: string | null }) {
  return (
    <span className="b synth" title={plantedEffect ?? undefined} data-testid="data-label">
      <svg width="12" height="12" viewBox="0 0 12 12" fill="none" stroke="currentColor" strokeWidth={1.5} strokeLinecap="round" aria-hidden="true">
        <path d="M2 8c1.500-6 3 3 4.500-3S9 7 10 4" strokeDasharray="2.200 1.600" />
      </svg>
      {common.syntheticShort}
      <span className="synth-more">{common.synthetic.slice(common.syntheticShort.length)}</span>
    </span>
  );
}
