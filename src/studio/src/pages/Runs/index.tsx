import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useCallback, useMemo, useState } from "react";
import { Link } from "react-router";
import type { RunListed } from "../../api/client";
import { CopyAsCli } from "../../components/CopyAsCli";
import { EmptyState } from "../../components/EmptyState";
import { ErrorPanel } from "../../components/ErrorPanel";
import { Icon } from "../../components/Icon";
import { OtherText } from "../../components/OtherText";
import { Segmented } from "../../components/Segmented";
import { useAddress } from "../../components/Shell/address";
import { useKeys } from "../../components/Shell/keys";
import { usePage } from "../../components/Shell/page";
import { SkeletonRows } from "../../components/Skeleton";
import { runStates, wordOf } from "../../flow/states";
import { cut, many } from "../../text/format";
import { grid as words, nav, runs as runWords } from "../../text/strings";
import { askedOf, chosen, commandOf, filterOf, isFiltered, tickerOf, withFilter, type RunField } from "./filter";
import { RunsOverTime, useGrid } from "./Grid";
import { COLUMNS, gridQuery, listQuery, ranQuery, RUNS_MOST } from "./queries";
import { DEFAULT_SORT, RunTable } from "./Table";
import "./style.css";

const crumbs = [{ label: nav.runs }];
const none: RunListed[] = [];
const views = [{ value: "grid" as const, label: words.grid }, { value: "table" as const, label: words.table }];

/** Runs over time, or a line each. */
export function RunsPage() {
  const [search, setSearch] = useAddress();
  const isTable = search.get("view") === "table";
  const filter = useMemo(() => filterOf(search), [search]);
  usePage(nav.runs, crumbs);

  // The grid is of one workflow: the one that is asked for, else the one that ran last when the page was opened.
  const ran = useQuery(ranQuery);
  const [first, setFirst] = useState<string>();
  if (first === undefined && ran.data?.[0] !== undefined) setFirst(ran.data[0].workflow);
  const workflow = filter.workflow[0] ?? first;
  const list = useInfiniteQuery({ ...listQuery(askedOf(filter)), enabled: isTable });
  const over = useInfiniteQuery({ ...gridQuery(askedOf(filter, workflow)), enabled: !isTable && workflow !== undefined });
  const loaded = useMemo(() => list.data?.pages.flat(), [list.data]);
  const rows = useMemo(() => (loaded === undefined ? none : chosen(loaded, filter)), [loaded, filter]);
  const grid = useGrid(over.data?.pages, filter.query);

  const change = useCallback(
    (edit: (next: URLSearchParams) => void, replace = false) =>
      setSearch((was) => {
        const next = new URLSearchParams(was);
        edit(next);
        return next;
      }, { replace }),
    [setSearch],
  );
  const set = (name: string, value: string, replace = false) => change((next) => (value === "" ? next.delete(name) : next.set(name, value)), replace);
  const pick = (field: RunField, values: readonly string[]) => setSearch((was) => withFilter(was, field, values));
  const clear = () => change((next) => {
    for (const name of ["f", "q", "from", "to", "sel"]) next.delete(name);
    if (!isTable && filter.workflow[0] !== undefined) next.append("f", `workflow:${filter.workflow[0]}`);
  });
  useKeys({ Escape: clear });
  const [more, setMore] = useState(false);
  const isNarrowed = filter.ticker.length > 0 || filter.by.length > 0 || filter.from !== null || filter.to !== null;

  const people = useMemo(() => distinct(isTable ? rows.map((r) => r.requested_by) : (grid?.runs ?? []).map((r) => r.requested_by)), [isTable, rows, grid]);
  const tickers = useMemo(() => distinct(isTable ? rows.map((r) => tickerOf(r)) : (grid?.runs ?? []).map((r) => r.ticker)), [isTable, rows, grid]);
  const workflows = [...new Set([...(ran.data ?? []).map((w) => w.workflow), ...filter.workflow])];
  const nothing = <EmptyState what={runWords.none} why={runWords.noneWhy} cli={["./sigmatiq", "up"]} action={<Link className="btn p" to="/workflows">{nav.workflows}</Link>} />;
  const filtered = <EmptyState what={runWords.filtered} why="The filter leaves nothing over." action={<button type="button" className="btn" onClick={clear}>Clear the filter</button>} />;

  return (
    <div className="pg">
      <div className="hd">
        <h1>{nav.runs}</h1>
        <span className="sub" aria-live="polite">
          {isTable ? (loaded === undefined ? "" : told(rows.length, loaded.length, list.hasNextPage)) : grid === null ? "" : told(grid.runs.length, over.data!.pages.reduce((n, p) => n + p.runs.length, 0), over.hasNextPage)}
          {!isTable && grid !== null && workflow !== undefined ? <> of <OtherText className="mono" most={40}>{workflow}</OtherText></> : null}
        </span>
        <span className="sp" />
        <Segmented label={words.view} value={isTable ? "table" : "grid"} options={views} onChange={(v) => set("view", v === "table" ? v : "")} />
        <CopyAsCli command={isTable ? commandOf(askedOf(filter), RUNS_MOST) : commandOf(askedOf(filter, workflow), COLUMNS)} />
      </div>
      <section className="card" aria-label={nav.runs}>
        <div className="ch filters">
          <label className="srch">
            <Icon name="search" size={14} />
            <input type="search" value={filter.query} placeholder="Find a run" aria-label="Find a run" onChange={(e) => set("q", e.target.value, true)} />
            <kbd>/</kbd>
          </label>
          <div className="seg states" role="group" aria-label="State">
            <button type="button" aria-pressed={filter.status.length === 0} onClick={() => pick("status", [])}>
              {words.all}
            </button>
            {runStates.map((state) => {
              const on = filter.status.includes(state);
              return (
                <button key={state} type="button" aria-pressed={on} onClick={() => pick("status", on ? filter.status.filter((s) => s !== state) : [...filter.status, state])}>
                  {wordOf(state)}
                </button>
              );
            })}
          </div>
          <div className={more || isNarrowed ? "picks open" : "picks"}>
            <label className="sm sub pick">
              {words.workflow}
              <select className="input" value={isTable ? (filter.workflow[0] ?? "") : (workflow ?? "")} onChange={(e) => pick("workflow", e.target.value === "" ? [] : [e.target.value])}>
                {isTable || workflow === undefined ? <option value="">{words.all}</option> : null}
                {workflows.map((w) => (
                  <option key={w} value={w}>
                    {cut(w, 48)}
                  </option>
                ))}
              </select>
            </label>
            <button type="button" className="btn s more-f" aria-expanded={more} onClick={() => setMore(!more)}>
              {words.more}
            </button>
            <Choice label={words.instrument} value={filter.ticker[0]} values={tickers} onChange={(v) => pick("ticker", v === "" ? [] : [v])} />
            <Choice label={words.by} value={filter.by[0]} values={people} onChange={(v) => pick("by", v === "" ? [] : [v])} />
            <label className="sm sub pick">
              {words.from}
              <input className="input" type="date" value={filter.from?.slice(0, 10) ?? ""} onChange={(e) => set("from", e.target.value)} />
            </label>
            <label className="sm sub pick">
              {words.to}
              <input className="input" type="date" value={filter.to?.slice(0, 10) ?? ""} onChange={(e) => set("to", e.target.value)} />
            </label>
          </div>
        </div>
        {filter.unknown.length > 0 ? (
          <p className="notice t-warn">
            This list does not know {filter.unknown.map((f, i) => <span key={f}>{i === 0 ? "" : ", "}“<OtherText most={60}>{f}</OtherText>”</span>)}; it is left out.
          </p>
        ) : null}
        {isTable ? (
          list.error !== null && loaded === undefined ? (
            <ErrorPanel error={list.error} onRetry={() => void list.refetch()} what="The runs cannot be read." />
          ) : loaded === undefined ? (
            <SkeletonRows rows={8} height={38} />
          ) : rows.length === 0 ? (
            loaded.length === 0 && !isFiltered(filter) && filter.workflow.length === 0 ? nothing : filtered
          ) : (
            <RunTable runs={rows} sort={search.get("sort") ?? DEFAULT_SORT} onSort={(s) => set("sort", s === DEFAULT_SORT ? "" : s)} isStale={list.isPlaceholderData} />
          )
        ) : ran.data?.length === 0 && workflow === undefined ? (
          nothing
        ) : (
          <RunsOverTime grid={grid} read={{ ...over, error: over.error ?? ran.error, refetch: over.refetch }} empty={isFiltered(filter) ? filtered : <EmptyState what={words.none} why={words.noneWhy} action={<Link className="btn p" to="/workflows">{nav.workflows}</Link>} />} />
        )}
        {isTable && list.hasNextPage ? (
          <p className="more">
            <button type="button" className="btn s" disabled={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
              Show older
            </button>
          </p>
        ) : null}
      </section>
    </div>
  );
}

/** How many are shown of how many that were read. */
function told(shown: number, read: number, isMore: boolean): string {
  return `${shown === read ? many(read, "run", "runs") : `${shown} of ${many(read, "run", "runs")}`}${isMore ? ", the newest" : ""}`;
}

function distinct(values: readonly (string | null)[]): string[] {
  return [...new Set(values.filter((v): v is string => v !== null && v !== ""))].sort();
}

/** One of what is there, or none. */
function Choice({ label, value, values, onChange }: { label: string; value: string | undefined; values: readonly string[]; onChange(value: string): void }) {
  return (
    <label className="sm sub pick">
      {label}
      <select className="input" value={value ?? ""} onChange={(e) => onChange(e.target.value)}>
        <option value="">{words.all}</option>
        {[...new Set([...values, ...(value === undefined ? [] : [value])])].map((v) => (
          <option key={v} value={v}>
            {cut(v, 32)}
          </option>
        ))}
      </select>
    </label>
  );
}
