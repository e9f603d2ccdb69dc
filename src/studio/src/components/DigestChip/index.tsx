import { digest as short, shortId } from "../../text/format";
import { common } from "../../text/strings";
import { useCopied } from "../CopyAsCli";
import type { DigestChipProps } from "./types";

/** A digest or an id: short on screen, whole on hover and in the clipboard. */
export function DigestChip({ digest, algorithm }: DigestChipProps) {
  const [copied, copy] = useCopied();
  const shown = digest.includes("_") ? shortId(digest) : short(digest);
  return (
    <button type="button" className="mono" title={`${algorithm === undefined ? "" : `${algorithm}:`}${digest}`} onClick={() => copy(digest)}>
      <span className="sr">{common.copy} </span>
      {copied ? common.copied : shown}
    </button>
  );
}
