import { Modal } from "@mantine/core";
import { useEffect, useId, useRef, useState, type ReactNode } from "react";
import { useLive } from "../../live/Live";
import { visible } from "../../text/format";
import { common, needs } from "../../text/strings";
import { CommandLine } from "../CopyAsCli";
import { ErrorPanel } from "../ErrorPanel";
import type { PreviewDialogProps } from "./types";
import "./style.css";

const REASON_MOST = 2000;

/** Shows what would happen before it does; sent once, however often it is pressed. */
export function PreviewDialog({ title, open, onClose, effects, stays = [], children, confirm, danger = false, reason, onConfirm, cli }: PreviewDialogProps) {
  const { state } = useLive();
  const [text, setText] = useState("");
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const id = useId();
  const field = useRef<HTMLTextAreaElement>(null);

  useEffect(() => {
    if (!open) return;
    setText("");
    setError(null);
    setBusy(false);
  }, [open]);

  const missing = state === "offline" ? needs.online : reason && text.trim() === "" ? needs.reason : null;

  async function send() {
    setBusy(true);
    setError(null);
    try {
      await onConfirm(text.trim());
      onClose();
    } catch (caught) {
      setError(caught);
    } finally {
      setBusy(false);
    }
  }

  return (
    <Modal opened={open} onClose={onClose} title={<bdi dir="ltr">{visible(title)}</bdi>} centered lockScroll={false} size={520} closeButtonProps={{ "aria-label": common.cancel }} classNames={{ content: "dialog", title: "dialog-t", header: "dialog-h", body: "dialog-b", overlay: "veil" }}>
      <form
        onSubmit={(e) => {
          e.preventDefault();
          if (missing === null && !busy) void send();
        }}
      >
        <ul className="effects">
          {effects.map((effect, i) => (
            <li key={i}>{shown(effect)}</li>
          ))}
        </ul>
        {stays.length === 0 ? null : (
          <ul className="effects stays">
            {stays.map((effect, i) => (
              <li key={i}>{shown(effect)}</li>
            ))}
          </ul>
        )}
        {children}
        {reason ? (
          <div className="field">
            <label htmlFor={id}>
              {common.reason} <span className="mut">{common.reasonHelp}</span>
            </label>
            <textarea ref={field} id={id} className="input" value={text} maxLength={REASON_MOST} onChange={(e) => setText(e.target.value)} placeholder={common.reasonPlaceholder} data-autofocus required />
          </div>
        ) : null}
        {error === null ? null : <ErrorPanel error={error} />}
        <CommandLine command={typeof cli === "function" ? cli(text.trim() === "" ? "TEXT" : text.trim()) : cli} />
        <div className="dialog-f">
          <span className="sm mut" id={`${id}-why`} aria-live="polite">
            {missing}
          </span>
          <span className="sp" />
          <button type="button" className="btn" onClick={onClose}>
            {common.cancel}
          </button>
          <button type="submit" className={danger ? "btn d" : "btn p"} disabled={missing !== null || busy} aria-describedby={`${id}-why`}>
            {confirm}
          </button>
        </div>
      </form>
    </Modal>
  );
}

/** What people typed stands in these sentences: it turns none of them round. */
function shown(effect: ReactNode): ReactNode {
  return typeof effect === "string" ? <bdi dir="ltr">{visible(effect)}</bdi> : effect;
}
