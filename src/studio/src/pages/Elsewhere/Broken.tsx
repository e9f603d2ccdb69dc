import { useRouteError } from "react-router";

/** What is left where a page broke: what happened, and the way back. */
export function Broken() {
  const error = useRouteError();
  return (
    <main className="pg" role="alert">
      <div className="hd">
        <h1>This page broke</h1>
      </div>
      <p className="sub">{error instanceof Error ? error.message : String(error)}</p>
      <p>
        <button type="button" className="btn p" onClick={() => location.reload()}>
          Load it again
        </button>
      </p>
    </main>
  );
}
