import { useState } from "react";
import { refusal } from "../../api/http";
import { Icon } from "../Icon";
import { useToast } from "../Toasts";
import type { ColumnFilesProps } from "./types";

const kinds = { csv: { type: "text/csv", label: "CSV" }, parquet: { type: "application/vnd.apache.parquet", label: "Parquet" } } as const;

/** An answer in columns as a file: the server writes it, the browser keeps it. */
export function ColumnFiles({ path, name }: ColumnFilesProps) {
  const toast = useToast();
  const [busy, setBusy] = useState(false);
  async function take(kind: keyof typeof kinds): Promise<void> {
    setBusy(true);
    try {
      const answer = await fetch(path, { headers: { Accept: kinds[kind].type }, credentials: "same-origin" });
      if (!answer.ok) throw await refusal(answer);
      const address = URL.createObjectURL(await answer.blob());
      const link = document.createElement("a");
      link.href = address;
      link.download = `${name}.${kind}`;
      link.click();
      setTimeout(() => URL.revokeObjectURL(address), 10_000);
    } catch (error) {
      toast({ tone: "bad", text: error instanceof Error ? error.message : "The file cannot be read." });
    } finally {
      setBusy(false);
    }
  }
  return (
    <>
      {(Object.keys(kinds) as (keyof typeof kinds)[]).map((kind) => (
        <button key={kind} type="button" className="btn s" disabled={busy} onClick={() => void take(kind)} aria-label={`${kinds[kind].label}: ${name}`}>
          <Icon name="download" size={14} />
          {kinds[kind].label}
        </button>
      ))}
    </>
  );
}
