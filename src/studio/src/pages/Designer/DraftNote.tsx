import { TimeText } from "../../components/TimeText";
import { designer as words } from "../../text/designer";
import type { useDesigner } from "./useDesigner";

/** What becomes of what is written and not saved yet. */
export function DraftNote({ d, isChanged, hadDraft, canDrop, onDrop }: { d: ReturnType<typeof useDesigner>; isChanged: boolean; hadDraft: boolean; canDrop: boolean; onDrop(): void }) {
  return (
    <span className="dn sm mut">
      {d.draft.failed ? <span className="t-warn">{words.draftNot}</span> : d.draft.at !== null ? <span>{words.draftKept} <TimeText at={d.draft.at} form="time" precision="second" /></span> : !isChanged ? words.unchanged : hadDraft ? "From your draft" : ""}
      {isChanged && canDrop ? <button type="button" className="btn s g" onClick={onDrop}>Discard</button> : null}
    </span>
  );
}
