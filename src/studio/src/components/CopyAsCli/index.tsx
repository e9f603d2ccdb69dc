import { useRef, useState } from "react";
import { common } from "../../text/strings";
import { Icon } from "../Icon";
import { typed } from "./quote";
import type { CopyAsCliProps } from "./types";
import "./style.css";

/** Copies and says so for a moment. */
export function useCopied(): [copied: boolean, copy: (text: string) => void] {
  const [copied, setCopied] = useState(false);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  return [
    copied,
    (text) => {
      void navigator.clipboard.writeText(text).then(() => {
        setCopied(true);
        clearTimeout(timer.current);
        timer.current = setTimeout(() => setCopied(false), 1600);
      });
    },
  ];
}

export function CopyAsCli({ command }: CopyAsCliProps) {
  const [copied, copy] = useCopied();
  const text = typed(command);
  return (
    <button type="button" className="btn s copy-cli" title={text} onClick={() => copy(text)} data-copy-cli>
      <Icon name="cli" size={14} />
      <span aria-live="polite">{copied ? common.copied : common.copyCli}</span>
    </button>
  );
}

/** A command in the page, with its copy button. */
export function CommandLine({ command }: CopyAsCliProps) {
  const [copied, copy] = useCopied();
  const text = typed(command);
  return (
    <span className="cmd">
      <code>{text}</code>
      <button type="button" aria-label={copied ? common.copied : `${common.copy}: ${text}`} onClick={() => copy(text)}>
        {copied ? common.copied : <Icon name="copy" size={14} />}
      </button>
    </span>
  );
}
