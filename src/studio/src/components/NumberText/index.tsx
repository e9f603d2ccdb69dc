import * as format from "../../text/format";
import type { NumberKind, NumberTextProps } from "./types";

const shown: Record<NumberKind, (value: number) => string> = {
  return: format.returnPercent, rate: format.rate, drawdown: format.drawdown, ratio: format.ratio, bps: format.bps, probability: format.probability, p: format.pValue,
  count: format.count, money: format.money, duration: format.duration,
};

export function NumberText({ value, kind, why }: NumberTextProps) {
  if (value === null || value === undefined || !Number.isFinite(value)) return <Missing why={why} />;
  return <span title={kind === "bps" ? format.bpsHint(value) : undefined}>{shown[kind](value)}</span>;
}

/** A blank of the width of a figure; readers hear n/a. */
export function Missing({ why }: { why?: string | undefined }) {
  return (
    <span title={why ?? format.NONE}>
      <span aria-hidden="true">{"\u2002"}</span>
      <span className="sr">{format.NONE}</span>
    </span>
  );
}
