import { Modal } from "@mantine/core";
import { useMemo, useState } from "react";
import { YamlDiff } from "../../components/YamlDiff";
import { decided, merged, type Side } from "../../designer/merge";
import { YamlDoc } from "../../designer/document";
import { many } from "../../text/format";
import { common } from "../../text/strings";

export interface Rebase {
  version: string;
  base: string;
  mine: string;
  theirs: string;
}

/** One's own changes on somebody else's newer version: line by line, each conflict decided by hand, and the outcome seen before it is taken. */
export function RebaseDialog({ rebase, onTake, onClose }: { rebase: Rebase | null; onTake(text: string): void; onClose(): void }) {
  return (
    <Modal opened={rebase !== null} onClose={onClose} title={`Put mine onto ${rebase?.version ?? ""}`} centered lockScroll={false} size={920} closeButtonProps={{ "aria-label": common.cancel }} classNames={{ content: "dialog", title: "dialog-t", header: "dialog-h", body: "dialog-b", overlay: "veil" }}>
      {rebase === null ? null : <Body key={rebase.version} rebase={rebase} onTake={onTake} onClose={onClose} />}
    </Modal>
  );
}

function Body({ rebase, onTake, onClose }: { rebase: Rebase; onTake(text: string): void; onClose(): void }) {
  const parts = useMemo(() => merged(rebase.base, rebase.mine, rebase.theirs), [rebase]);
  const conflicts = parts.flatMap((p) => (p.conflict === null ? [] : [p.conflict]));
  const [choices, setChoices] = useState<readonly (Side | null)[]>(() => conflicts.map(() => null));
  const text = useMemo(() => decided(parts, choices.map((c) => c ?? "mine"), rebase.mine.includes("\r\n") ? "\r\n" : "\n"), [parts, choices, rebase]);
  const open = choices.filter((c) => c === null).length;
  const parses = useMemo(() => YamlDoc.read(text).doc !== undefined, [text]);
  return (
    <div className="cf">
      <p>
        {conflicts.length === 0 ? `Your changes and those of ${rebase.version} are in different lines: both stand.` : `${many(conflicts.length, "place was", "places were")} changed by both. Choose for each; the rest of both stands.`}{" "}
        Below, what yours adds to {rebase.version} is marked +, what it takes away −. Undo brings back what you had.
      </p>
      {conflicts.length === 0 ? null : (
        <ul className="rb">
          {conflicts.map((c, i) => (
            <li key={i}>
              <fieldset>
                <legend className="sr">Place {i + 1} of {conflicts.length}</legend>
                {(["mine", "theirs"] as const).map((side) => (
                  <label key={side} className={choices[i] === side ? "on" : ""}>
                    <span><input type="radio" name={`place-${i}`} checked={choices[i] === side} onChange={() => setChoices((was) => was.map((x, j) => (j === i ? side : x)))} /> {side === "mine" ? "Mine" : rebase.version}</span>
                    <pre>{c[side].length === 0 ? <span className="mut">nothing</span> : c[side].join("\n")}</pre>
                  </label>
                ))}
              </fieldset>
            </li>
          ))}
        </ul>
      )}
      <YamlDiff a={rebase.theirs} b={text} label={`${rebase.version} and yours on it`} />
      {parses ? null : <p className="t-bad">Together they do not parse as YAML. Take it and mend it in the text, or choose otherwise.</p>}
      <div className="dialog-f">
        <span className="sp" />
        <button type="button" className="btn" onClick={onClose}>
          {common.cancel}
        </button>
        <button type="button" className="btn p" disabled={open > 0} title={open > 0 ? `${many(open, "place is", "places are")} not decided yet.` : undefined} onClick={() => onTake(text)}>
          Take it onto {rebase.version}
        </button>
      </div>
    </div>
  );
}
