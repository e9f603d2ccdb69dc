import { Link } from "react-router";
import { lookOf } from "../../flow/states";
import { Glyph } from "../Icon";
import { Skeleton } from "../Skeleton";
import type { Kpi, KpiStripProps } from "./types";
import "./style.css";

export function KpiStrip({ label, items, count }: KpiStripProps) {
  return (
    <section className="strip" aria-label={label} aria-busy={items === null}>
      {items === null
        ? Array.from({ length: count }, (_, i) => (
            <div key={i} className="kpi">
              <Skeleton width="50%" height={16} />
              <Skeleton width="75%" height={12} />
            </div>
          ))
        : items.map((item) =>
            item.to === undefined ? (
              <div key={item.id} className="kpi">
                <Inside item={item} />
              </div>
            ) : (
              <Link key={item.id} className="kpi" to={item.to}>
                <Inside item={item} />
              </Link>
            ),
          )}
    </section>
  );
}

function Inside({ item }: { item: Kpi }) {
  const look = item.state === undefined ? null : lookOf(item.state);
  const tone = look === null || look.tone === "idle" ? "" : `t-${look.tone}`;
  return (
    <>
      <span className={`kpi-l ${tone}`}>
        {look === null ? null : <Glyph name={look.glyph} size={13} />}
        {item.label}
        <span className="kpi-v">{item.value}</span>
      </span>
      <span className="kpi-s one">{item.detail}</span>
    </>
  );
}
