import { useMemo, useState } from "react";
import { KIND_DRAG } from "../../components/FlowCanvas/types";
import { Icon } from "../../components/Icon";
import { grouped, iconOf, labelOf } from "../../designer/palette";
import type { Kind } from "../../designer/types";
import { designer as words } from "../../text/designer";

/** Step kinds to drag onto the canvas; a click adds one behind what is chosen. */
export function KindPalette({ kinds, disabled, onAdd }: { kinds: ReadonlyMap<string, Kind>; disabled: boolean; onAdd(kind: string): void }) {
  const [query, setQuery] = useState("");
  const groups = useMemo(() => grouped(kinds, query), [kinds, query]);
  return (
    <aside className="pal" aria-label={words.kinds}>
      <label className="srch">
        <Icon name="search" size={13} />
        <input type="search" placeholder={words.findKind} aria-label={words.findKind} value={query} onChange={(e) => setQuery(e.target.value)} />
      </label>
      {groups.map((g) => (
        <section key={g.label} aria-label={g.label}>
          <h3>{g.label}</h3>
          <ul>
            {g.kinds.map((k) => (
              <li key={k.id}>
                <button
                  type="button" className={k.isBuilt ? "pi" : "pi later"} title={`${k.id}: ${k.summary}`} disabled={disabled} draggable={!disabled}
                  onDragStart={(e) => {
                    e.dataTransfer.setData(KIND_DRAG, k.id);
                    e.dataTransfer.effectAllowed = "copy";
                  }}
                  onClick={() => onAdd(k.id)}
                >
                  <Icon name={iconOf(k.id)} size={15} />
                  <span className="one">{labelOf(k.id)}</span>
                </button>
              </li>
            ))}
          </ul>
        </section>
      ))}
      {groups.length === 0 ? <p className="sm mut">Nothing matches.</p> : null}
    </aside>
  );
}
