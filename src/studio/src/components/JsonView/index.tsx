import { visible } from "../../text/format";
import "./style.css";

/** Values of a step, one a row; what is nested stays as it was sent. */
export function JsonView({ value }: { value: Record<string, unknown> }) {
  return (
    <dl className="json">
      {Object.entries(value).map(([key, one]) => (
        <div key={key}>
          <dt>{visible(key)}</dt>
          <dd className="mono">{visible(typeof one === "string" ? one : JSON.stringify(one))}</dd>
        </div>
      ))}
    </dl>
  );
}
