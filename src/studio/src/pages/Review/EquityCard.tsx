import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import type { ColumnTable } from "../../api/client";
import { EquityChart } from "../../components/EquityChart";
import type { EquityWindow } from "../../components/EquityChart/types";
import { ErrorPanel } from "../../components/ErrorPanel";
import { Segmented } from "../../components/Segmented";
import { useAddress } from "../../components/Shell/address";
import { Skeleton } from "../../components/Skeleton";
import { rate, returnPercent } from "../../text/format";
import { review as words } from "../../text/strings";
import { equityQuery } from "./queries";

type Mode = "same" | "full";
type Range = "both" | "holdout";

/** Equity and drawdown, by default against buy and hold at the same exposure: two percent invested against all of it would flatter the fall. */
export function EquityCard({ id }: { id: string }) {
  const [search, setSearch] = useAddress();
  const mode: Mode = search.get("view") === "full" ? "full" : "same";
  const range: Range = search.get("range") === "holdout" ? "holdout" : "both";
  const held = useQuery(equityQuery(id, "holdout"));
  const chosen = useQuery(equityQuery(id, "selection"));
  const set = (name: string, value: string, usual: string): void =>
    setSearch(
      (was) => {
        const next = new URLSearchParams(was);
        if (value === usual) next.delete(name);
        else next.set(name, value);
        return next;
      },
      { replace: true },
    );

  const windows = useMemo<EquityWindow[]>(
    () => [...(range === "both" && chosen.data !== undefined ? [windowOf(chosen.data, "Selection", false, mode)] : []), ...(held.data === undefined ? [] : [windowOf(held.data, words.holdout, true, mode)])],
    [held.data, chosen.data, mode, range],
  );
  const last = windows.at(-1);
  const name = mode === "same" ? words.holdSame : words.hold;
  const share = held.data?.about["invested_share"];
  return (
    <section className="card" id="equity" aria-labelledby="equity-h">
      <div className="ch">
        <h2 id="equity-h">{words.equity}</h2>
        {last === undefined ? null : (
          <span className="lg">
            <span title={words.holdout}>
              <i className="lg-line" />
              {words.strategy} {returnPercent(last.strategy.at(-1))}
            </span>
            <span title={typeof share === "number" ? `On average ${rate(share, 2)} of the account was invested.` : undefined}>
              <i className="lg-dash" />
              {name} {returnPercent(last.benchmark.at(-1))}
            </span>
          </span>
        )}
        <span className="sp" />
        <Segmented label="Benchmark" value={mode} options={[{ value: "same", label: words.same }, { value: "full", label: words.full }]} onChange={(v) => set("view", v, "same")} />
      </div>
      {held.error !== null ? (
        <ErrorPanel error={held.error} what="The account cannot be read." onRetry={() => void held.refetch()} />
      ) : last === undefined || (range === "both" && chosen.isPending) ? (
        <div style={{ padding: 12 }} aria-busy="true">
          <Skeleton height={348} />
        </div>
      ) : (
        <EquityChart
          windows={windows} benchmark={name} aside={<Segmented label="Windows" value={range} options={[{ value: "both", label: words.withSelection }, { value: "holdout", label: words.holdoutOnly }]} onChange={(v) => set("range", v, "both")} />}
          summary={`On the hold-out the strategy came to ${returnPercent(last.strategy.at(-1))}, ${name.toLowerCase()} to ${returnPercent(last.benchmark.at(-1))}.`}
        />
      )}
    </section>
  );
}

function windowOf(table: ColumnTable, label: string, shaded: boolean, mode: Mode): EquityWindow {
  const of = (name: string): (number | null)[] => (table.columns[name] ?? []) as (number | null)[];
  const bench = mode === "same" ? "same_exposure" : "hold";
  return { label, shaded, dates: (table.columns["date"] ?? []) as string[], strategy: of("strategy"), benchmark: of(bench), strategyDrawdown: of("strategy_drawdown"), benchmarkDrawdown: of(`${bench}_drawdown`) };
}
