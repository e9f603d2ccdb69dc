import { CommandLine } from "../CopyAsCli";
import type { EmptyStateProps } from "./types";
import "./style.css";

export function EmptyState({ what, why, action, cli, level = 2 }: EmptyStateProps) {
  const Heading = `h${level}` as const;
  return (
    <div className="empty">
      <Heading>{what}</Heading>
      {why === undefined ? null : <p>{why}</p>}
      {action}
      {cli === undefined ? null : <CommandLine command={cli} />}
    </div>
  );
}
