/** What is asked of a file that was sent, as a body and as a command. */
import type { ImportAsked, ImportShown } from "../../api/client";

export interface Options {
  symbol: string;
  interval: string;
  zone: string;
  assetClass: string;
  columns: string;
  /** Rules that are let pass in this import. */
  waive: readonly string[];
  reason: string;
}

export const noOptions: Options = { symbol: "", interval: "", zone: "", assetClass: "", columns: "", waive: [], reason: "" };

const said = (text: string): string | null => (text.trim() === "" ? null : text.trim());

/** The body: what is left open is null, and the reason goes along where a rule is let pass. */
export function askedOf(upload: string, o: Options): ImportAsked {
  return { upload, symbol: said(o.symbol), interval: said(o.interval), zone: said(o.zone), asset_class: said(o.assetClass), columns: said(o.columns), waive: [...o.waive], reason: said(o.reason) };
}

/** The command that does the same. */
export function commandOf(file: string, o: Options, dry: boolean): readonly string[] {
  const option = (name: string, value: string): string[] => (said(value) === null ? [] : [name, value.trim()]);
  return [
    "./sigmatiq", "data", "import", file, ...(dry ? ["--dry-run"] : []), ...option("--symbol", o.symbol), ...option("--interval", o.interval), ...option("--tz", o.zone), ...option("--asset-class", o.assetClass),
    ...option("--columns", o.columns), ...(o.waive.length === 0 ? [] : ["--waive", ...o.waive, "--reason", said(o.reason) ?? "TEXT"]),
  ];
}

/** Rules that found something and may be let pass, as the server says. */
export function rulesOf(report: ImportShown): readonly string[] {
  return [...new Set(report.series.flatMap((s) => s.waivable))].sort();
}
