import { useQuery } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { meQuery } from "../../api/rights";
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

/** A command of the program with what it needs to mean the store that these pages are of. */
function useStored(command: readonly string[]): readonly string[] {
  const cli = useQuery(meQuery).data?.cli ?? [];
  return command[0] === "./sigmatiq" && !command.includes("--data") ? [...command, ...cli] : command;
}

export function CopyAsCli({ command }: CopyAsCliProps) {
  const [copied, copy] = useCopied();
  const text = typed(useStored(command));
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
  const text = typed(useStored(command));
  return (
    <span className="cmd">
      <code>{text}</code>
      <button type="button" aria-label={copied ? common.copied : `${common.copy}: ${text}`} onClick={() => copy(text)}>
        {copied ? common.copied : <Icon name="copy" size={14} />}
      </button>
    </span>
  );
}
