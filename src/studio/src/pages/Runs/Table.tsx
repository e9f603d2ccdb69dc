import { createColumnHelper, createSortedRowModel, rowSortingFeature, tableFeatures, useTable, type SortingState } from "@tanstack/react-table";
import { useMemo, useState } from "react";
import { Link, useNavigate } from "react-router";
import type { RunListed } from "../../api/client";
import { OtherText } from "../../components/OtherText";
import { useKeys } from "../../components/Shell/keys";
import { StateBadge } from "../../components/StateBadge";
import { TimeText } from "../../components/TimeText";
import { isOpen } from "../../flow/states";
import { age, duration, shortId } from "../../text/format";
import { useNow } from "../../theme/View";
import { tickerOf, tookMs } from "./filter";

const features = tableFeatures({ rowSortingFeature, sortedRowModel: createSortedRowModel() });
const helper = createColumnHelper<typeof features, RunListed>();
/** The sorting that the address leaves out. */
export const DEFAULT_SORT = "-started";

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

interface TableProps {
  runs: readonly RunListed[];
  sort: string;
  onSort(sort: string): void;
  isStale: boolean;
}

/** Runs a line each. */
export function RunTable({ runs, sort, onSort, isStale }: TableProps) {
  const go = useNavigate();
  const sorting = useMemo<SortingState>(() => sort.split(",").filter((s) => s !== "").map((s) => ({ id: s.replace(/^-/, ""), desc: s.startsWith("-") })), [sort]);
  const data = useMemo(() => [...runs], [runs]);
  const table = useTable({
    features, columns, data, getRowId: (r) => r.id, state: { sorting },
    onSortingChange: (update) => onSort((typeof update === "function" ? update(sorting) : update).map((s) => (s.desc ? "-" : "") + s.id).join(",")),
  });
  const listed = table.getRowModel().rows;
  const [at, setAt] = useState(-1);
  useKeys({
    j: () => setAt((i) => Math.min(listed.length - 1, i + 1)),
    k: () => setAt((i) => Math.max(0, i - 1)),
    Enter: (e) => {
      if (e.target instanceof HTMLElement && /^(A|BUTTON)$/.test(e.target.tagName)) e.target.click();
      else if (listed[at] !== undefined) void go(`/runs/${listed[at].original.id}`);
    },
  });

  return (
    <div className="scroll-x" aria-busy={isStale}>
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
  );
}
