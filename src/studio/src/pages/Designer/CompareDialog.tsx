import { Modal } from "@mantine/core";
import type { ReactNode } from "react";
import { YamlDiff } from "../../components/YamlDiff";
import { common } from "../../text/strings";

/** Two texts line by line, and what can be done about it. */
export function CompareDialog({ open, title, words, a, b, label, onClose, children }: { open: boolean; title: string; words: ReactNode; a: string; b: string; label: string; onClose(): void; children?: ReactNode }) {
  return (
    <Modal opened={open} onClose={onClose} title={title} centered lockScroll={false} size={920} closeButtonProps={{ "aria-label": common.cancel }} classNames={{ content: "dialog", title: "dialog-t", header: "dialog-h", body: "dialog-b", overlay: "veil" }}>
      {open ? (
        <div className="cf">
          <p>{words}</p>
          <YamlDiff a={a} b={b} label={label} />
          <div className="dialog-f">
            <span className="sp" />
            <button type="button" className="btn" onClick={onClose}>
              {common.cancel}
            </button>
            {children}
          </div>
        </div>
      ) : null}
    </Modal>
  );
}
