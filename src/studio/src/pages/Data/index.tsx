import { useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { Link, useNavigate } from "react-router";
import type { SnapshotListed } from "../../api/client";
import { useBarrier } from "../../api/rights";
import { CopyAsCli } from "../../components/CopyAsCli";
import { DigestChip } from "../../components/DigestChip";
import { EmptyState } from "../../components/EmptyState";
import { ErrorPanel } from "../../components/ErrorPanel";
import { Icon } from "../../components/Icon";
import { OtherText } from "../../components/OtherText";
import { useAddress } from "../../components/Shell/address";
import { SkeletonRows } from "../../components/Skeleton";
import { TimeText } from "../../components/TimeText";
import { useKeys } from "../../components/Shell/keys";
import { usePage } from "../../components/Shell/page";
import { count, many, shortId } from "../../text/format";
import { data as words } from "../../text/operate";
import { nav } from "../../text/strings";
import { days } from "../../text/time";
import { useNarrow } from "../Review/narrow";
import { Legend } from "./Legend";
import { Months, MonthsInWords } from "./Months";
import { Prune } from "./Prune";
import { BringUp } from "./BringUp";
import { monthRows, yearsOf } from "./coverage";
import { coverageQuery, seriesQuery, snapshotsQuery, stateOf, usesQuery } from "./queries";
import "./style.css";

const crumbs = [{ label: nav.data }];

/** Which bars there are, what was found in them, and what uses them. */
export function DataPage() {
  const [search, setSearch] = useAddress();
  const { data, error, refetch } = useQuery(seriesQuery);
  const coverage = useQuery(coverageQuery(stateOf(data)));
  const barred = useBarrier("plan");
  const go = useNavigate();
  const narrow = useNarrow();
  const q = search.get("q") ?? "";
  usePage(nav.data, crumbs);
  const shown = useMemo(() => (coverage.data ?? []).filter((s) => `${s.symbol} ${s.interval}`.toLowerCase().includes(q.toLowerCase())), [coverage.data, q]);
  const years = useMemo(() => yearsOf(shown), [shown]);
  const rows = useMemo(() => monthRows(shown, years), [shown, years]);
  const importable = barred === null;
  useKeys({ i: () => importable && void go("/data/import") });
  return (
    <div className="pg data">
      <div className="hd">
        <h1>{nav.data}</h1>
        <span className="sub">{data === undefined ? "" : `${many(data.length, "series", "series")}, ${many(new Set(data.map((s) => s.symbol)).size, "symbol", "symbols")}, ${count(data.reduce((n, s) => n + s.bars, 0))} bars`}</span>
        <span className="sp" />
        {data === undefined || data.length === 0 ? null : <BringUp what="align" series={data} />}
        {importable ? (
          <Link className="btn p" to="/data/import">
            <Icon name="plus" size={14} />
            {words.import}
          </Link>
        ) : (
          <button type="button" className="btn p" disabled title={barred}>
            {words.import}
          </button>
        )}
        <CopyAsCli command={["./sigmatiq", "data", "list"]} />
      </div>
      {error !== null && data === undefined ? (
        <section className="card">
          <ErrorPanel error={error} onRetry={() => void refetch()} what={words.unread} />
        </section>
      ) : data?.length === 0 ? (
        <section className="card">
          <EmptyState what={words.none} why={words.noneWhy} cli={["./sigmatiq", "data", "sample"]} action={<BringUp what="sample" series={[]} />} />
        </section>
      ) : (
        <>
          <section className="card" aria-labelledby="cov-h">
            <div className="ch op-filters">
              <h2 id="cov-h">{words.coverage}</h2>
              <span className="s">{words.byMonth}</span>
              <span className="sp" />
              <Legend />
              <label className="srch">
                <Icon name="search" size={14} />
                <input
                  type="search" value={q} placeholder={words.find} aria-label={words.find}
                  onChange={(e) => setSearch((was) => {
                    const next = new URLSearchParams(was);
                    if (e.target.value === "") next.delete("q");
                    else next.set("q", e.target.value);
                    return next;
                  }, { replace: true })}
                />
                <kbd>/</kbd>
              </label>
            </div>
            {coverage.error !== null && coverage.data === undefined ? (
              <ErrorPanel error={coverage.error} onRetry={() => void coverage.refetch()} what={words.coverageUnread} />
            ) : coverage.data === undefined ? (
              <SkeletonRows rows={8} height={34} />
            ) : rows.length === 0 ? (
              <p className="op-note sub">No series matches “{q}”.</p>
            ) : narrow ? (
              <MonthsInWords rows={rows} />
            ) : (
              <Months rows={rows} years={years} />
            )}
          </section>
          <div className="data-two">
            <Findings />
            <Prune />
          </div>
          <Snapshots />
        </>
      )}
    </div>
  );
}

function Findings() {
  const { data } = useQuery(seriesQuery);
  const found = (data ?? []).filter((s) => Object.keys(s.findings).length > 0);
  return (
    <section className="card" aria-labelledby="find-h">
      <div className="ch">
        <h2 id="find-h">{words.defects}</h2>
        <span className="s">{words.found}</span>
      </div>
      {data === undefined ? (
        <SkeletonRows rows={3} height={38} />
      ) : found.length === 0 ? (
        <p className="op-note sub">{words.defectsNone}</p>
      ) : (
        <ul className="op-lines">
          {found.map((s) => (
            <li key={`${s.symbol} ${s.interval}`}>
              <Link className="link mono" to={`/data/${encodeURIComponent(s.symbol)}/${s.interval}`}>
                {s.symbol} {s.interval}
              </Link>
              <span className="op-lines-m sub">{Object.entries(s.findings).map(([rule, n]) => `${rule.replaceAll("_", " ")} ${count(n)}`).join(", ")}</span>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

function Snapshots() {
  const state = stateOf(useQuery(seriesQuery).data);
  const { data, error, refetch } = useQuery(snapshotsQuery(state));
  const [open, setOpen] = useState<string | null>(null);
  return (
    <section className="card" aria-labelledby="snap-h">
      <div className="ch">
        <h2 id="snap-h">{words.snapshots}</h2>
        <span className="s">newest first, with what names them</span>
      </div>
      {error !== null && data === undefined ? (
        <ErrorPanel error={error} onRetry={() => void refetch()} what={words.snapshotsUnread} />
      ) : data === undefined ? (
        <SkeletonRows rows={5} height={38} />
      ) : (
        <ul className="op-snaps">
          {data.map((s) => (
            <li key={s.id}>
              <button type="button" className="op-snap" aria-expanded={open === s.id} onClick={() => setOpen(open === s.id ? null : s.id)}>
                <span className="mono">
                  {s.symbol} {s.interval}
                </span>
                <span className="sub">
                  {count(s.bars)} bars, {days(s.first, s.last)}
                </span>
                <span className="sub">
                  {s.source}, <TimeText at={s.made_at_utc} />
                </span>
                <span>{usedText(s)}</span>
                <span>{s.newest ? <span className="b ok">{words.newest}</span> : s.kept ? null : <span className="b idle">{words.let}</span>}</span>
              </button>
              {open === s.id ? <Uses snapshot={s} /> : null}
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

function usedText(s: SnapshotListed): string {
  const parts = [...(s.sweeps > 0 ? [many(s.sweeps, "sweep", "sweeps")] : []), ...(s.trainings > 0 ? [many(s.trainings, "training", "trainings")] : []), ...(s.trained_models > 0 ? [many(s.trained_models, "model", "models")] : [])];
  return parts.join(", ");
}

function Uses({ snapshot }: { snapshot: SnapshotListed }) {
  const { data, error } = useQuery(usesQuery(snapshot.id));
  const groups = data === undefined ? [] : ([["Sweeps", data.sweeps, "/sweeps/"], ["Trainings", data.trainings, "/training/"], ["Trained models", data.trained_models, "/trained-models/"], ["Runs", data.runs, "/runs/"]] as const).filter(([, ids]) => ids.length > 0);
  return (
    <div className="op-snap-uses">
      <p className="sm sub">
        Snapshot <DigestChip digest={snapshot.id} algorithm="sha256" />
      </p>
      {error !== null ? <ErrorPanel error={error} /> : data === undefined ? <SkeletonRows rows={1} height={30} /> : groups.length === 0 ? <p className="sm mut">{words.uses}: {words.usesNone}</p> : (
        groups.map(([name, ids, to]) => (
          <p key={name} className="sm">
            <span className="mut">{name}:</span>{" "}
            {ids.map((id, i) => (
              <span key={id}>
                {i > 0 ? ", " : ""}
                <Link className="link mono" to={`${to}${encodeURIComponent(id)}`}>
                  <OtherText>{shortId(id)}</OtherText>
                </Link>
              </span>
            ))}
          </p>
        ))
      )}
    </div>
  );
}
