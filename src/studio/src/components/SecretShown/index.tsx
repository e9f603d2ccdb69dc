import { Modal } from "@mantine/core";
import { common } from "../../text/strings";
import { useCopied } from "../CopyAsCli";
import type { SecretShownProps } from "./types";
import "./style.css";

/** A secret that is shown once: whoever closes it has kept it or makes another. */
export function SecretShown({ title, why, secret, done, onClose }: SecretShownProps) {
  const [copied, copy] = useCopied();
  return (
    <Modal opened onClose={onClose} title={title} centered lockScroll={false} size={560} withCloseButton={false} closeOnClickOutside={false} classNames={{ content: "dialog", title: "dialog-t", header: "dialog-h", body: "dialog-b", overlay: "veil" }}>
      <div className="secret">
        <p className="sub">{why}</p>
        <output className="mono secret-v" data-testid="secret">
          {secret}
        </output>
        <div className="dialog-f">
          <span className="sp" />
          <button type="button" className="btn" onClick={() => copy(secret)} data-autofocus>
            {copied ? common.copied : common.copy}
          </button>
          <button type="button" className="btn p" onClick={onClose}>
            {done}
          </button>
        </div>
      </div>
    </Modal>
  );
}
