import { ApiError } from "../../api/http";
import { visible } from "../../text/format";
import { common } from "../../text/strings";
import { Glyph } from "../Icon";
import type { ErrorPanelProps } from "./types";
import "./style.css";

/** What happened, where, what to do, and the code. It is local: the rest of the page goes on. */
export function ErrorPanel({ error, onRetry, what }: ErrorPanelProps) {
  const known = error instanceof ApiError ? error : null;
  const message = visible(known?.message ?? (error instanceof Error ? error.message : String(error)));
  return (
    <div className="error" role="alert">
      <p className="error-t">
        <Glyph name="cross" />
        <span>
          {what === undefined ? null : <b>{what} </b>}
          {message}
        </span>
      </p>
      {known?.remedy ? <p>{visible(known.remedy)}</p> : null}
      <p className="error-f">
        {known === null ? null : <code>{known.code}</code>}
        {known?.where ? <code>{visible(known.where)}</code> : null}
        {onRetry === undefined ? null : (
          <button type="button" className="btn s" onClick={onRetry}>
            {common.retry}
          </button>
        )}
      </p>
      {known?.problem ? (
        <details>
          <summary>{common.details}</summary>
          <pre>{visible(typeof known.problem === "string" ? known.problem : JSON.stringify(known.problem, null, 2)).replaceAll("\\u{a}", "\n")}</pre>
        </details>
      ) : null}
    </div>
  );
}
