import { Modal } from "@mantine/core";
import { YamlDiff } from "../../components/YamlDiff";
import { common } from "../../text/strings";
import type { Conflict } from "./SaveDialog";

/** Somebody else's version came first: both are shown, and nothing of either is lost. */
export function ConflictDialog({ conflict, mine, version, onTake, onGoOn, onClose }: { conflict: Conflict | null; mine: string; version: string; onTake(): void; onGoOn(): void; onClose(): void }) {
  return (
    <Modal opened={conflict !== null} onClose={onClose} title="Another version came first" centered lockScroll={false} size={920} closeButtonProps={{ "aria-label": common.cancel }} classNames={{ content: "dialog", title: "dialog-t", header: "dialog-h", body: "dialog-b", overlay: "veil" }} transitionProps={{ duration: 120 }}>
      {conflict === null ? null : (
        <div className="cf">
          <p>
            {conflict.message} Nothing was overwritten. Below, theirs is marked −, yours +.
          </p>
          <YamlDiff a={conflict.present} b={mine} label={`Theirs and yours, ${version}`} />
          <div className="dialog-f">
            <span className="sp" />
            <button type="button" className="btn" onClick={onClose}>
              {common.cancel}
            </button>
            <button type="button" className="btn" onClick={onTake}>
              Take theirs
            </button>
            <button type="button" className="btn p" onClick={onGoOn}>
              Keep mine, after theirs
            </button>
          </div>
        </div>
      )}
    </Modal>
  );
}
