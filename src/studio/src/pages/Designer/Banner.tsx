import type { ReactNode } from "react";
import { Glyph } from "../../components/Icon";

/** What somebody must know before they go on, with what they can do about it; it lies over the canvas and moves nothing. */
export function Banner({ tone, title, children, actions, label }: { tone: "bad" | "warn" | "idle"; title: ReactNode; children?: ReactNode; actions?: ReactNode; label: string }) {
  return (
    <section className={`bn ${tone}`} role="status" aria-label={label}>
      <span className={`t-${tone}`}><Glyph name={tone === "bad" ? "cross" : tone === "warn" ? "triangle" : "dash"} /></span>
      <div className="bn-t">
        <b>{title}</b>
        {children === undefined ? null : <span className="sub">{children}</span>}
      </div>
      {actions === undefined ? null : <div className="bn-a">{actions}</div>}
    </section>
  );
}
