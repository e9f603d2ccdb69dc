import { lookOf, wordOf } from "../../flow/states";
import { Glyph } from "../Icon";
import type { StateBadgeProps } from "./types";
import "./style.css";

export function StateBadge({ state, label, plain = false }: StateBadgeProps) {
  const look = lookOf(state);
  return (
    <span className={plain ? `state t-${look.tone}` : `b ${look.tone}${look.dashed === true ? " dashed" : ""}`} data-state={state}>
      <Glyph name={look.glyph} />
      {label ?? wordOf(state)}
    </span>
  );
}

/** The glyph alone, with its word for readers. */
export function StateGlyph({ state, size = 13 }: { state: string; size?: number }) {
  const look = lookOf(state);
  return (
    <span className={`state-glyph t-${look.tone}`} data-state={state}>
      <Glyph name={look.glyph} size={size} />
      <span className="sr">{wordOf(state)}</span>
    </span>
  );
}
