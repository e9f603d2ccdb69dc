import { useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { Link, useNavigate } from "react-router";
import type { SweepShown } from "../../api/client";
import { useBarrier } from "../../api/rights";
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
import { count, duration, many, ratio, ratioInterval } from "../../text/format";
import { nav } from "../../text/strings";
import { sweeps as words } from "../../text/sweeps";
import { sweepsQuery, SWEEPS_MOST } from "./queries";
import "./style.css";

const crumbs = [{ label: nav.sweeps }];
const STATES = ["running", "queued", "completed", "failed", "cancelled"];

/** Every sweep there is, newest first. */
export function SweepsPage() {
  usePage(nav.sweeps, crumbs);
  const go = useNavigate();
  const [search, setSearch] = useAddress();
  const { data, error, refetch } = useQuery(sweepsQuery);
  const barrier = useBarrier("plan");
  const query = search.get("q") ?? "";
  const states = useMemo(() => search.getAll("f").flatMap((f) => (f.startsWith("status:") ? f.slice(7).split(",") : [])), [search]);
  const unknown = search.getAll("f").filter((f) => !f.startsWith("status:"));
  const listed = useMemo(() => chosen(data ?? [], query, states), [data, query, states]);
  const [at, setAt] = useState(-1);
  const set = (change: (now: URLSearchParams) => void, replace = false): void =>
    setSearch((was) => {
      const now = new URLSearchParams(was);
      change(now);
      return now;
    }, { replace });

  useKeys({
    j: () => setAt((i) => Math.min(listed.length - 1, i + 1)), k: () => setAt((i) => Math.max(0, i - 1)), n: () => void go("/sweeps/new"), Escape: () => setSearch(new URLSearchParams()),
    Enter: (e) => {
      if (e.target instanceof HTMLElement && /^(A|BUTTON)$/.test(e.target.tagName)) e.target.click();
      else if (listed[at] !== undefined) void go(`/sweeps/${listed[at].id}`);
    },
  });

  return (
    <div className="pg">
      <div className="hd">
        <h1>{nav.sweeps}</h1>
        <span className="sub" aria-live="polite">
          {data === undefined ? "" : listed.length === data.length ? many(data.length, "sweep", "sweeps") : `${listed.length} of ${many(data.length, "sweep", "sweeps")}`}
          {data !== undefined && data.length >= SWEEPS_MOST ? ", the newest" : ""}
        </span>
        <span className="sp" />
        <CopyAsCli command={["./sigmatiq", "sweeps", "list"]} />
        {barrier === null ? (
          <Link className="btn p" to="/sweeps/new">
            <Icon name="plus" size={14} />
            {words.new} <kbd>N</kbd>
          </Link>
        ) : (
          <button type="button" className="btn p" disabled title={barrier}>
            {words.new}
          </button>
        )}
      </div>
      <section className="card" aria-label={nav.sweeps}>
        <div className="ch filters">
          <label className="srch">
            <Icon name="search" size={14} />
            <input type="search" value={query} placeholder="Find a sweep" aria-label="Find a sweep" onChange={(e) => { const q = e.target.value; set((now) => (q === "" ? now.delete("q") : now.set("q", q)), true); }} />
            <kbd>/</kbd>
          </label>
          <div className="seg states" role="group" aria-label={words.state}>
            <button type="button" aria-pressed={states.length === 0} onClick={() => set((now) => now.delete("f"))}>
              All
            </button>
            {STATES.map((state) => {
              const on = states.includes(state);
              return (
                <button
                  key={state} type="button" aria-pressed={on}
                  onClick={() => set((now) => { now.delete("f"); const next = on ? states.filter((s) => s !== state) : [...states, state]; if (next.length > 0) now.append("f", `status:${next.join(",")}`); })}
                >
                  {state[0]!.toUpperCase() + state.slice(1)}
                </button>
              );
            })}
          </div>
        </div>
        {unknown.length > 0 ? <p className="notice t-warn">This list does not know {unknown.map((f) => `“${f}”`).join(", ")}; it is left out.</p> : null}
        {error !== null && data === undefined ? (
          <ErrorPanel error={error} what={words.unread} onRetry={() => void refetch()} />
        ) : data === undefined ? (
          <SkeletonRows rows={6} height={44} />
        ) : data.length === 0 ? (
          <EmptyState what={words.none} why={words.noneWhy} cli={["./sigmatiq", "sweeps", "run"]} action={<Link className="btn p" to="/sweeps/new">{words.plan}</Link>} />
        ) : listed.length === 0 ? (
          <EmptyState what={words.filtered} why="The filter leaves nothing over." action={<button type="button" className="btn" onClick={() => setSearch(new URLSearchParams())}>Clear the filter</button>} />
        ) : (
          <div className="scroll-x">
            <table className="table swl">
              <thead>
                <tr>
                  <th scope="col">{words.state}</th>
                  <th scope="col">Sweep</th>
                  <th scope="col">{words.model}</th>
                  <th scope="col" className="r">{words.combos}</th>
                  <th scope="col" className="r">{words.best}</th>
                  <th scope="col">95% interval</th>
                  <th scope="col">{words.by}</th>
                  <th scope="col">{words.asked}</th>
                  <th scope="col" className="r">{words.took}</th>
                </tr>
              </thead>
              <tbody>
                {listed.map((s, i) => (
                  <tr key={s.id} className={i === at ? "sel" : undefined} onClick={(e) => { if (!(e.target instanceof HTMLElement && e.target.closest("a,button") !== null)) void go(`/sweeps/${s.id}`); }}>
                    <td data-l="state">
                      <StateBadge state={s.status} />
                      {s.status === "running" ? <div className="pb" role="progressbar" aria-label={`Progress of ${s.id}`} aria-valuenow={Math.round(100 * s.progress)} aria-valuemin={0} aria-valuemax={100}><i style={{ transform: `scaleX(${s.progress})` }} /></div> : null}
                    </td>
                    <td data-l="sweep">
                      <Link className="mono link" to={`/sweeps/${s.id}`}>{s.id}</Link> {s.tag === null ? null : <OtherText className="mut sm" most={28}>{s.tag}</OtherText>}
                    </td>
                    <td data-l="model">
                      <OtherText most={30}>{s.model_id}</OtherText> <span className="mut sm">{s.pack}</span>
                    </td>
                    <td className="r" data-l="combos">{s.status === "running" && s.evaluated === 0 ? <span className="mut" title={words.preparing}>preparing {count(s.total_combinations)}</span> : s.evaluated === s.total_combinations ? count(s.total_combinations) : `${count(s.evaluated)} of ${count(s.total_combinations)}`}</td>
                    <td className="r" data-l="best">{s.best === null ? "" : s.best.gate === "FAIL" ? <span className="t-bad">none passes</span> : <b title={`Combo ${s.best.combo_id}, the best of ${s.evaluated}`}>{ratio(s.best.sharpe)}</b>}</td>
                    <td className="sub" data-l="interval">{s.best === null || s.best.gate === "FAIL" ? "" : ratioInterval(s.best.sharpe_low, s.best.sharpe_high)}</td>
                    <td data-l="by"><OtherText most={20}>{s.created_by}</OtherText></td>
                    <td data-l="asked"><TimeText at={s.created_at} precision="second" /></td>
                    <td className="r" data-l="took">{s.started_at === null || s.finished_at === null ? "" : duration(Date.parse(s.finished_at) - Date.parse(s.started_at))}</td>
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

function chosen(all: readonly SweepShown[], query: string, states: readonly string[]): SweepShown[] {
  const wanted = query.toLowerCase().split(/\s+/).filter((w) => w !== "");
  return all.filter((s) => (states.length === 0 || states.includes(s.status)) && wanted.every((w) => `${s.id} ${s.model_id} ${s.pack} ${s.tag ?? ""} ${s.created_by} ${s.status}`.toLowerCase().includes(w)));
}
