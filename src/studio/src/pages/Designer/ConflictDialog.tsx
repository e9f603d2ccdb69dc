import { CompareDialog } from "./CompareDialog";
import type { Conflict } from "./SaveDialog";

/** Somebody else's version came first: both are shown, and nothing of either is lost. */
export function ConflictDialog({ conflict, mine, version, onTake, onGoOn, onClose }: { conflict: Conflict | null; mine: string; version: string; onTake(): void; onGoOn(): void; onClose(): void }) {
  return (
    <CompareDialog open={conflict !== null} title="Another version came first" words={<>{conflict?.message} Nothing was overwritten. Below, theirs is marked −, yours +.</>} a={conflict?.present ?? ""} b={mine} label={`Theirs and yours, ${version}`} onClose={onClose}>
      <button type="button" className="btn" onClick={onTake}>
        Take theirs
      </button>
      <button type="button" className="btn p" onClick={onGoOn}>
        Keep mine, after theirs
      </button>
    </CompareDialog>
  );
}
