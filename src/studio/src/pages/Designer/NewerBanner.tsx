import type { WorkflowDesk } from "../../api/client";
import { OtherText } from "../../components/OtherText";
import { TimeText } from "../../components/TimeText";
import { Banner } from "./Banner";

/** A version that came while this one is edited, and the three ways on. */
export function NewerBanner({ desk, newer, base, isChanged, me, barred, onCompare, onRebase, onKeep, onShow }: {
  desk: WorkflowDesk; newer: string; base: string; isChanged: boolean; me: string | null; barred: boolean; onCompare(): void; onRebase(): void; onKeep(): void; onShow(): void;
}) {
  const who = desk.editors.find((e) => e.user === desk.saved_by)?.name ?? desk.drafts.find((d) => d.user === desk.saved_by)?.name ?? desk.saved_by;
  return (
    <Banner tone="warn" label="A newer version"
      title={<>{who === null ? `${newer} came as a file` : <>{desk.saved_by === me ? "You" : <OtherText most={40}>{who}</OtherText>} saved {newer}{desk.saved_by === me ? " elsewhere" : ""}</>}{desk.saved_at_utc === null ? null : <> at <TimeText at={desk.saved_at_utc} form="time" precision="minute" /></>}, after {base} that you {isChanged ? "change" : "see"}.</>}
      actions={
        <>
          <button type="button" className="btn s" onClick={onCompare}>Compare</button>
          {barred ? null : isChanged ? (
            <>
              <button type="button" className="btn s" onClick={onKeep} title={`What ${newer} changed is not in yours, nor in what you save after it.`}>Keep mine</button>
              <button type="button" className="btn s p" onClick={onRebase}>Put mine onto {newer}…</button>
            </>
          ) : (
            <button type="button" className="btn s p" onClick={onShow}>Go on from {newer}</button>
          )}
        </>
      }
    >
      {desk.note === null || desk.note === "" ? "Nothing of yours is lost or overwritten." : <>“<OtherText most={120}>{desk.note}</OtherText>”</>}
    </Banner>
  );
}
