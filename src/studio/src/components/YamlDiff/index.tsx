import { useMemo } from "react";
import { lineDiff, type DiffLine } from "../../designer/differences";
import { visible } from "../../text/format";
import "./style.css";

const AROUND = 3;

/** Lines of two texts: what is the same on both sides is folded away but for a few lines around. */
export function YamlDiff({ a, b, label }: { a: string; b: string; label: string }) {
  const parts = useMemo(() => folded(lineDiff(a, b)), [a, b]);
  return (
    <div className="yd" role="region" aria-label={label} tabIndex={0}>
      {parts.length === 0 ? <p className="sub yd-none">The texts are the same.</p> : null}
      {parts.map((p, i) =>
        typeof p === "number" ? (
          <div key={i} className="yd-fold">
            {p} unchanged lines
          </div>
        ) : (
          <div key={i} className={p.sign === "+" ? "yd-l add" : p.sign === "-" ? "yd-l del" : "yd-l"}>
            <span className="yd-n">{p.a ?? ""}</span>
            <span className="yd-n">{p.b ?? ""}</span>
            <span className="yd-s">{p.sign === "-" ? "−" : p.sign}</span>
            <code>{visible(p.text)}</code>
          </div>
        ),
      )}
    </div>
  );
}

function folded(lines: readonly DiffLine[]): (DiffLine | number)[] {
  if (!lines.some((l) => l.sign !== " ")) return [];
  const near = lines.map((_, i) => lines.slice(Math.max(0, i - AROUND), i + AROUND + 1).some((l) => l.sign !== " "));
  const out: (DiffLine | number)[] = [];
  let hidden = 0;
  lines.forEach((l, i) => {
    if (near[i]) {
      if (hidden > 0) out.push(hidden);
      hidden = 0;
      out.push(l);
    } else hidden++;
  });
  if (hidden > 0) out.push(hidden);
  return out;
}
