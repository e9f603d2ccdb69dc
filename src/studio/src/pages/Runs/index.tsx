import { useQuery } from "@tanstack/react-query";
import { createColumnHelper, createSortedRowModel, rowSortingFeature, tableFeatures, useTable, type SortingState } from "@tanstack/react-table";
import { useMemo, useState } from "react";
import { Link, useNavigate } from "react-router";
import type { RunListed } from "../../api/client";
import { CopyAsCli } from "../../components/CopyAsCli";
import { EmptyState } from "../../components/EmptyState";
import { ErrorPanel } from "../../components/ErrorPanel";
import { Icon } from "../../components/Icon";
import { OtherText } from "../../components/OtherText";
import { useAddress } from "../../components/Shell/address";
import { SkeletonRows } from "../../components/Skeleton";
import { StateBadge } from "../../components/StateBadge";
import { TimeText } from "../../components/TimeText";
import { useKeys } from "../../components/Shell/keys";
import { usePage } from "../../components/Shell/page";
import { isOpen, runStates, wordOf } from "../../flow/states";
import { age, duration, many, shortId } from "../../text/format";
import { nav, runs as words } from "../../text/strings";
import { useNow } from "../../theme/View";
import { chosen, filterOf, tickerOf, tookMs, withFilter } from "./filter";
import { RUNS_MOST, runsQuery } from "./queries";
import "./style.css";

const crumbs = [{ label: nav.runs }];
const none: RunListed[] = [];
const features = tableFeatures({ rowSortingFeature, sortedRowModel: createSortedRowModel() });
const helper = createColumnHelper<typeof features, RunListed>();
const DEFAULT = "-started";

const ordered = (a: Row, b: Row, id: string): number => {
  const [x, y] = [a.getValue<string | number>(id), b.getValue<string | number>(id)];
  return typeof x === "number" && typeof y === "number" ? x - y : String(x).localeCompare(String(y));
};

interface Row {
  getValue<T>(id: string): T;
}

const columns = helper.columns([
  helper.accessor((r) => r.status, { id: "state", header: "State", cell: ({ row }) => <StateBadge state={row.original.status} />, sortFn: ordered }),
  helper.accessor((r) => r.id, { id: "run", header: "Run", cell: ({ row }) => <Link className="mono link" to={`/runs/${row.original.id}`}>{shortId(row.original.id)}</Link>, enableSorting: false }),
  helper.accessor((r) => r.workflow, {
    id: "workflow", header: "Workflow", sortFn: ordered,
    cell: ({ row }) => (
      <>
        <OtherText className="mono" most={34}>
          {row.original.workflow}
        </OtherText>{" "}
        <span className="mut sm">{row.original.version}</span>
      </>
    ),
  }),
  helper.accessor((r) => tickerOf(r) ?? "", { id: "instrument", header: "Instrument", cell: ({ row }) => <OtherText>{tickerOf(row.original) ?? ""}</OtherText>, sortFn: ordered }),
  helper.accessor((r) => r.requested_by, { id: "by", header: "Asked by", cell: ({ row }) => <OtherText most={24}>{row.original.requested_by}</OtherText>, sortFn: ordered }),
  helper.accessor((r) => Date.parse(r.requested_at_utc), { id: "started", header: "Asked for", cell: ({ row }) => <TimeText at={row.original.requested_at_utc} precision="second" />, sortFn: ordered }),
  helper.accessor((r) => tookMs(r, Date.now()), { id: "took", header: "Took", cell: ({ row }) => <Took run={row.original} />, sortFn: ordered }),
  helper.accessor((r) => r.reason ?? "", { id: "reason", header: "Reason", cell: ({ row }) => <OtherText most={60} className="sub">{row.original.reason ?? ""}</OtherText>, enableSorting: false }),
]);

function Took({ run }: { run: RunListed }) {
  const now = useNow(isOpen(run.status) ? 1000 : 3_600_000);
  return <>{run.ended_at_utc === null ? age(tookMs(run, now.getTime())) : duration(tookMs(run, 0))}</>;
}

export function RunsPage() {
  const [search, setSearch] = useAddress();
  const go = useNavigate();
  const { data, error, refetch, isPlaceholderData } = useQuery(runsQuery());
  const filter = useMemo(() => filterOf(search), [search]);
  const rows = useMemo(() => (data === undefined ? none : chosen(data, filter)), [data, filter]);
  const sort = search.get("sort") ?? DEFAULT;
  const sorting = useMemo<SortingState>(() => sort.split(",").filter((s) => s !== "").map((s) => ({ id: s.replace(/^-/, ""), desc: s.startsWith("-") })), [sort]);
  const table = useTable({
    features, columns, data: rows, getRowId: (r) => r.id, state: { sorting },
    onSortingChange: (update) => {
      const next = typeof update === "function" ? update(sorting) : update;
      const text = next.map((s) => (s.desc ? "-" : "") + s.id).join(",");
      setSearch((was) => {
        const now = new URLSearchParams(was);
        if (text === DEFAULT || text === "") now.delete("sort");
        else now.set("sort", text);
        return now;
      });
    },
  });
  const listed = table.getRowModel().rows;
  const [at, setAt] = useState(-1);
  usePage(nav.runs, crumbs);
  const workflows = useMemo(() => [...new Set((data ?? none).map((r) => r.workflow))].sort(), [data]);

  useKeys({
    j: () => setAt((i) => Math.min(listed.length - 1, i + 1)),
    k: () => setAt((i) => Math.max(0, i - 1)),
    Enter: (e) => {
      if (e.target instanceof HTMLElement && /^(A|BUTTON)$/.test(e.target.tagName)) e.target.click();
      else if (listed[at] !== undefined) void go(`/runs/${listed[at].original.id}`);
    },
    Escape: () => setSearch(new URLSearchParams()),
  });

  return (
    <div className="pg">
      <div className="hd">
        <h1>{nav.runs}</h1>
        <span className="sub" aria-live="polite">
          {data === undefined ? "" : rows.length === data.length ? many(data.length, "run", "runs") : `${rows.length} of ${many(data.length, "run", "runs")}`}
          {data !== undefined && data.length >= RUNS_MOST ? ", the newest" : ""}
        </span>
        <span className="sp" />
        <CopyAsCli command={["./sigmatiq", "runs", "list", ...(filter.workflow.length === 1 ? ["--workflow", filter.workflow[0]!] : []), "--limit", String(RUNS_MOST)]} />
      </div>
      <section className="card" aria-label={nav.runs}>
        <div className="ch filters">
          <label className="srch">
            <Icon name="search" size={14} />
            <input
              type="search" value={filter.query} placeholder="Find a run" aria-label="Find a run"
              onChange={(e) => {
                const q = e.target.value;
                setSearch((was) => {
                  const now = new URLSearchParams(was);
                  if (q === "") now.delete("q");
                  else now.set("q", q);
                  return now;
                }, { replace: true });
              }}
            />
            <kbd>/</kbd>
          </label>
          <div className="seg states" role="group" aria-label="State">
            <button type="button" aria-pressed={filter.status.length === 0} onClick={() => setSearch((was) => withFilter(was, "status", []))}>
              All
            </button>
            {runStates.map((state) => {
              const on = filter.status.includes(state);
              return (
                <button key={state} type="button" aria-pressed={on} onClick={() => setSearch((was) => withFilter(was, "status", on ? filter.status.filter((s) => s !== state) : [...filter.status, state]))}>
                  {wordOf(state)}
                </button>
              );
            })}
          </div>
          <label className="sm sub pick">
            Workflow{" "}
            <select className="input" value={filter.workflow[0] ?? ""} onChange={(e) => setSearch((was) => withFilter(was, "workflow", e.target.value === "" ? [] : [e.target.value]))}>
              <option value="">All</option>
              {[...new Set([...workflows, ...filter.workflow])].map((w) => (
                <option key={w}>{w}</option>
              ))}
            </select>
          </label>
        </div>
        {filter.unknown.length > 0 ? <p className="notice t-warn">This list does not know {filter.unknown.map((f) => `“${f}”`).join(", ")}; it is left out.</p> : null}
        {error !== null && data === undefined ? (
          <ErrorPanel error={error} onRetry={() => void refetch()} what="The runs cannot be read." />
        ) : data === undefined ? (
          <SkeletonRows rows={8} height={38} />
        ) : data.length === 0 ? (
          <EmptyState what={words.none} why={words.noneWhy} cli={["./sigmatiq", "up"]} action={<Link className="btn p" to="/workflows">{nav.workflows}</Link>} />
        ) : rows.length === 0 ? (
          <EmptyState what={words.filtered} why="The filter leaves nothing over." action={<button type="button" className="btn" onClick={() => setSearch(new URLSearchParams())}>Clear the filter</button>} />
        ) : (
          <div className="scroll-x" aria-busy={isPlaceholderData}>
            <table className="table runs">
              <thead>
                {table.getHeaderGroups().map((group) => (
                  <tr key={group.id}>
                    {group.headers.map((header) => {
                      const sorted = header.column.getIsSorted();
                      return (
                        <th key={header.id} className={header.column.id === "took" ? "r" : undefined} aria-sort={sorted === "asc" ? "ascending" : sorted === "desc" ? "descending" : undefined} scope="col">
                          {header.column.getCanSort() ? (
                            <button type="button" onClick={() => table.setSorting([{ id: header.column.id, desc: sorted !== "desc" }])}>
                              <table.FlexRender header={header} />
                              <span aria-hidden="true">{sorted === "asc" ? "↑" : sorted === "desc" ? "↓" : ""}</span>
                            </button>
                          ) : (
                            <table.FlexRender header={header} />
                          )}
                        </th>
                      );
                    })}
                  </tr>
                ))}
              </thead>
              <tbody>
                {listed.map((row, i) => (
                  <tr key={row.id} className={i === at ? "sel" : undefined} onClick={(e) => { if (!(e.target instanceof HTMLElement && e.target.closest("a,button") !== null)) void go(`/runs/${row.original.id}`); }}>
                    {row.getAllCells().map((cell) => (
                      <td key={cell.id} className={cell.column.id === "took" ? "r" : undefined} data-l={cell.column.id}>
                        <table.FlexRender cell={cell} />
                      </td>
                    ))}
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )}
      </section>
    </div>
  );
}
