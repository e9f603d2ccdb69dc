import { data as words } from "../../text/operate";

/** What the squares mean; blue and orange stay apart for every eye. */
export function Legend() {
  return (
    <span className="heat-legend sm sub">
      <span>
        <i className="sq h-full" aria-hidden="true" /> {words.complete}
      </span>
      <span>
        <i className="sq h-part" aria-hidden="true" /> {words.gaps}
      </span>
      <span>
        <i className="sq h-none" aria-hidden="true" /> {words.empty}
      </span>
    </span>
  );
}
