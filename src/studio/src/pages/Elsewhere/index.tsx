import { useMemo } from "react";
import { useLocation } from "react-router";
import { Link } from "react-router";
import { EmptyState } from "../../components/EmptyState";
import { usePage } from "../../components/Shell/page";
import { places } from "../../components/Shell/places";
import { matches } from "../../components/Palette/match";
import { cut } from "../../text/format";
import { nav } from "../../text/strings";

/** An unknown address offers the pages that its last part may have meant. */
export function UnknownPage() {
  const { pathname } = useLocation();
  const asked = decoded(pathname.split("/").filter(Boolean).at(-1) ?? "");
  usePage("Not found", useMemo(() => [{ label: "Not found" }], []));
  const near = useMemo(() => matches(places, asked.slice(0, 3), (p) => nav[p.id]), [asked]);
  return (
    <div className="pg">
      <div className="hd">
        <h1>Nothing at this address</h1>
      </div>
      <section className="card">
        <EmptyState
          what={`There is no page “${cut(asked)}”`}
          why={
            <>
              {near.length === 0 ? "Search by " : "Did you mean "}
              {near.slice(0, 3).map((p, i) => (
                <span key={p.id}>
                  {i > 0 ? ", " : ""}
                  <Link className="link" to={p.path}>
                    {nav[p.id]}
                  </Link>
                </span>
              ))}
              {near.length === 0 ? "" : "? Or search by "}
              <kbd>Ctrl K</kbd>.
            </>
          }
          action={
            <Link className="btn p" to="/">
              {nav.home}
            </Link>
          }
        />
      </section>
    </div>
  );
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
