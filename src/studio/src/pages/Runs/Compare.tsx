import { queryOptions, useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { Link } from "react-router";
import { compareRuns, type RunDifferenceShown, type RunListed } from "../../api/client";
import { CopyAsCli } from "../../components/CopyAsCli";
import { EmptyState } from "../../components/EmptyState";
import { ErrorPanel } from "../../components/ErrorPanel";
import { OtherText } from "../../components/OtherText";
import { useAddress } from "../../components/Shell/address";
import { usePage } from "../../components/Shell/page";
import { SkeletonRows } from "../../components/Skeleton";
import { wordOf } from "../../flow/states";
import { many, shortId } from "../../text/format";
import { compared as words, nav } from "../../text/strings";
import { areasOf, said } from "./differences";
import { runsQuery } from "./queries";
import "./compare.css";

const crumbs = [{ label: nav.runs, to: "/runs" }, { label: words.title }];

const comparedQuery = (a: string, b: string) => queryOptions({ queryKey: ["runs", "compared", a, b], queryFn: ({ signal }) => compareRuns({ run: a, other: b, signal }), enabled: a !== "" && b !== "" });

/** In what two runs differ: first what they did and gave, then what differs between any two. */
export function CompareRunsPage() {
  const [search, setSearch] = useAddress();
  const [a, b] = [search.get("a") ?? "", search.get("b") ?? ""];
  const runs = useQuery(runsQuery());
  const found = useQuery(comparedQuery(a, b));
  usePage(words.title, crumbs);
  const listed = runs.data ?? [];
  const one = listed.find((r) => r.id === (a || b));
  // Runs of one workflow are compared; which one is said by whichever was chosen first.
  const choices = one === undefined ? listed : listed.filter((r) => r.workflow === one.workflow);
  const set = (key: string, value: string) =>
    setSearch((was) => {
      const next = new URLSearchParams(was);
      next.set(key, value);
      return next;
    });
  const areas = useMemo(() => areasOf(found.data?.differences ?? []), [found.data]);

  return (
    <div className="pg">
      <div className="hd">
        <h1>{words.title}</h1>
        <Choice label="one" value={a} runs={choices} onChange={(id) => set("a", id)} />
        <Choice label="the other" value={b} runs={choices} onChange={(id) => set("b", id)} />
        <span className="sp" />
        {a === "" || b === "" ? null : <CopyAsCli command={["./sigmatiq", "runs", "diff", a, b]} />}
      </div>
      {a === "" || b === "" ? (
        <section className="card"><EmptyState what="Choose two runs" why={words.choose} cli={["./sigmatiq", "runs", "diff", "RUN", "OTHER"]} /></section>
      ) : found.error !== null ? (
        <section className="card"><ErrorPanel error={found.error} what="The runs cannot be compared." onRetry={() => void found.refetch()} /></section>
      ) : found.data === undefined ? (
        <section className="card" aria-busy="true"><SkeletonRows rows={8} height={38} /></section>
      ) : (
        <>
          <p className={`cmp-sum ${found.data.same ? "t-ok" : "t-warn"}`} role="status">
            {found.data.same ? words.same : `${many(found.data.differences.length, "value differs", "values differ")}: ${areas.map((x) => `${x.differences.length} of ${x.label.toLowerCase()}`).join(", ")}.`}
          </p>
          {areas.map((area) => (
            <section className="card" key={area.name} aria-label={area.label}>
              <div className="ch"><h2>{area.label}</h2><span className="mut sm">{area.note}</span></div>
              <Differences a={a} b={b} list={area.differences} />
            </section>
          ))}
          <details className="card cmp-apart">
            <summary>{words.apart} <span className="mut sm">{words.apartNote}</span></summary>
            <Differences a={a} b={b} list={found.data.apart} />
          </details>
        </>
      )}
    </div>
  );
}

function Choice({ label, value, runs, onChange }: { label: string; value: string; runs: readonly RunListed[]; onChange(id: string): void }) {
  return (
    <label className="cmp-pick">
      {label}{" "}
      <select className="input" aria-label={`Compare ${label}`} value={value} onChange={(e) => onChange(e.target.value)}>
        {value === "" ? <option value="">no run</option> : null}
        {value !== "" && !runs.some((r) => r.id === value) ? <option value={value}>{shortId(value)}</option> : null}
        {runs.map((r) => (
          <option key={r.id} value={r.id}>
            {`${shortId(r.id)}, ${r.workflow} ${r.version}, ${wordOf(r.status).toLowerCase()}`}
          </option>
        ))}
      </select>
    </label>
  );
}

function Differences({ a, b, list }: { a: string; b: string; list: readonly RunDifferenceShown[] }) {
  return (
    <div className="scroll-x">
      <table className="table cmp">
        <thead>
          <tr>
            <th scope="col"><span className="sr">Change</span></th>
            <th scope="col">Where</th>
            <th scope="col"><Link className="mono link" to={`/runs/${a}`}>{shortId(a)}</Link></th>
            <th scope="col"><Link className="mono link" to={`/runs/${b}`}>{shortId(b)}</Link></th>
          </tr>
        </thead>
        <tbody>
          {list.map((d) => {
            const [sign, tone, word] = d.a === null || d.a === undefined ? ["+", "ok", "added"] : d.b === null || d.b === undefined ? ["−", "bad", "gone"] : ["~", "warn", "changed"];
            return (
              <tr key={`${d.area}.${d.path}`}>
                <td><b className={`mono t-${tone}`} aria-label={word}>{sign}</b></td>
                <td className="mono"><OtherText most={70}>{d.path}</OtherText></td>
                <td className="mono"><OtherText most={48}>{said(d.a)}</OtherText></td>
                <td className="mono"><OtherText most={48}>{said(d.b)}</OtherText></td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}
