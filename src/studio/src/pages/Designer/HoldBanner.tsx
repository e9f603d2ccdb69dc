import type { WorkflowSource } from "../../api/client";
import { many } from "../../text/format";
import { Banner } from "./Banner";

/** Why the newest file fires nothing, and how it is mended: its text is here, and what is saved is a version after it. */
export function HoldBanner({ source, problems, barred, onFirst, onCompare, onTake }: { source: WorkflowSource; problems: number; barred: boolean; onFirst(): void; onCompare(): void; onTake(): void }) {
  const good = source.good;
  const file = source.file ?? source.version;
  const compare = good === null ? null : <button type="button" className="btn s" onClick={onCompare}>Compare with {good.version}</button>;
  const take = good === null || barred ? null : <button type="button" className="btn s" onClick={onTake}>{source.state === "changed" ? "Take what was published" : `Begin from ${good.version}`}</button>;
  if (source.state === "changed") {
    return (
      <Banner tone="warn" label="Edited after it was published" title={`${file} was edited after ${source.version} was published.`} actions={<>{compare}{take}</>}>
        It starts nothing by itself until it is mended. Save what it says now as a version of its own, or go back to what was published.
      </Banner>
    );
  }
  return (
    <Banner tone="bad" label="Broken file" title={source.state === "unreadable" ? `${file} cannot be read: ${source.problems[0]?.message ?? "it is no text."}` : `${file} is no workflow: ${many(source.problems.length, "problem", "problems")}.`}
      actions={<>{source.state === "unreadable" || problems === 0 ? null : <button type="button" className="btn s" onClick={onFirst}>First problem <kbd>F8</kbd></button>}{source.state === "unreadable" ? null : compare}{source.state === "unreadable" ? null : take}</>}>
      It starts nothing until it is mended.{" "}
      {source.state === "unreadable"
        ? good === null ? "No version before it could be read." : `You see ${good.version}, the last that could be read; the file stays as it is.`
        : good === null ? "No version before it could be read." : `The last that could be read is ${good.version}.`}{" "}
      What you save is a version after it.
    </Banner>
  );
}
