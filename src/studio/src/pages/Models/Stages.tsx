import { stages } from "../../text/models";
import { reached } from "./list";

/** How far a model has come, as six marks and a word. */
export function Stages({ next, words = false }: { next: string; words?: boolean }) {
  const done = reached(next);
  const at = stages[Math.min(done, stages.length - 1)]!;
  return (
    <span className={words ? "stages words" : "stages"} role="img" aria-label={next === "restore" ? "Retired" : `${done} of ${stages.length} stages behind it, now at ${at.label}`}>
      {stages.map((s, i) => (
        <span key={s.id} data-at={i < done ? "done" : i === done && next !== "restore" ? "now" : "open"} title={s.label}>
          {words ? s.label : null}
        </span>
      ))}
    </span>
  );
}
