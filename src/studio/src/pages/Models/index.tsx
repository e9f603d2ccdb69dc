import { useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { Link, useNavigate } from "react-router";
import type { ModelListed } from "../../api/client";
import { CopyAsCli } from "../../components/CopyAsCli";
import { EmptyState } from "../../components/EmptyState";
import { ErrorPanel } from "../../components/ErrorPanel";
import { Icon } from "../../components/Icon";
import { OtherText } from "../../components/OtherText";
import { Segmented } from "../../components/Segmented";
import { useAddress } from "../../components/Shell/address";
import { SkeletonRows } from "../../components/Skeleton";
import { TimeText } from "../../components/TimeText";
import { useKeys } from "../../components/Shell/keys";
import { usePage } from "../../components/Shell/page";
import { useBarrier } from "../../api/rights";
import { many } from "../../text/format";
import { models as words, nextSteps } from "../../text/models";
import { nav } from "../../text/strings";
import { chosen, filterOf, pathOfNext, planPath, withFilter } from "./list";
import { modelsQuery } from "./queries";
import { Stages } from "./Stages";
import "../Packs/style.css";
import "./style.css";

const crumbs = [{ label: nav.models }];
const none: ModelListed[] = [];

export function ModelsPage() {
  usePage(nav.models, crumbs);
  const { data, error, refetch } = useQuery(modelsQuery);
  const [search, setSearch] = useAddress();
  const filter = useMemo(() => filterOf(search), [search]);
  const rows = useMemo(() => (data === undefined ? none : chosen(data, filter)), [data, filter]);
  const barrier = useBarrier("plan");
  const [at, setAt] = useState(-1);
  const go = useNavigate();
  const now = rows[at];
  useKeys({
    j: () => setAt((i) => Math.min(i + 1, rows.length - 1)),
    k: () => setAt((i) => Math.max(i - 1, 0)),
    n: () => barrier === null && void go("/models/new"),
    w: () => now !== undefined && void go(planPath(now.id)),
    Enter: () => now !== undefined && void go(`/models/${encodeURIComponent(now.id)}`),
  });
  return (
    <div className="pg">
      <div className="hd">
        <h1>{nav.models}</h1>
        {data === undefined ? null : <span className="sub">{many(rows.length, "model", "models")}</span>}
        <span className="sp" />
        <CopyAsCli command={["./sigmatiq", "models", "list"]} />
        <Create barrier={barrier} />
      </div>
      <div className="bar">
        <span className="srch">
          <Icon name="search" size={14} />
          <input type="search" aria-label={words.filter} placeholder={words.filter} value={filter.query} onChange={(e) => setSearch((was) => withFilter(was, "q", e.target.value), { replace: true })} />
        </span>
        <Segmented label="Which models" value={filter.status} options={[{ value: "use", label: words.inUse }, { value: "retired", label: words.retired }, { value: "all", label: words.all }]} onChange={(status) => setSearch((was) => withFilter(was, "status", status), { replace: true })} />
        {filter.pack === null ? null : (
          <button type="button" className="btn s" onClick={() => setSearch((was) => withFilter(was, "pack", ""), { replace: true })} aria-label={`Take away the filter pack ${filter.pack}`}>
            pack {filter.pack} ×
          </button>
        )}
        {filter.unknown.map((f) => (
          <span key={f} className="b warn">
            <OtherText most={40}>{`The filter ${f} is not known here`}</OtherText>
          </span>
        ))}
      </div>
      {error !== null && data === undefined ? <ErrorPanel error={error} onRetry={() => void refetch()} what={words.unread} /> : null}
      <section className="card" aria-label={nav.models}>
        {data === undefined && error === null ? <SkeletonRows rows={5} height={58} /> : null}
        {data !== undefined && rows.length === 0 ? (
          data.length === 0 ? <EmptyState what={words.none} why={words.noneWhy} action={<Create barrier={barrier} />} cli={["./sigmatiq", "models", "create", "--ticker", "MKT.SYN"]} /> : <EmptyState what={words.noneHere} />
        ) : null}
        {rows.length === 0 ? null : (
          <table className="table rows-t models-t">
            <thead>
              <tr>
                <th scope="col">{words.model}</th>
                <th scope="col">{words.trades}</th>
                <th scope="col">{words.pack}</th>
                <th scope="col">{words.far}</th>
                <th scope="col">{words.next}</th>
                <th scope="col" className="r">{words.sweeps}</th>
                <th scope="col" className="r">{words.trained}</th>
                <th scope="col">{words.made}</th>
              </tr>
            </thead>
            <tbody>
              {rows.map((m, i) => (
                <tr key={`${m.user_id}/${m.id}`} className={i === at ? "sel" : undefined}>
                  <td data-l="name">
                    <Link className="name link one blk" to={`/models/${encodeURIComponent(m.id)}`}>
                      <OtherText most={70}>{m.name}</OtherText>
                    </Link>
                    <span className="mono mut one blk">
                      <OtherText most={60}>{m.id}</OtherText>
                    </span>
                  </td>
                  <td data-l="trades">
                    <OtherText most={24}>{m.ticker}</OtherText>
                    {m.synthetic ? <span className="synth-t"> synthetic</span> : null}
                  </td>
                  <td data-l="pack" className="sub">
                    <Link className="link" to={`/packs/${encodeURIComponent(m.pack_id)}/${encodeURIComponent(m.pack_version)}`}>
                      {m.pack_id} {m.pack_version}
                    </Link>
                  </td>
                  <td data-l="far">
                    <Stages next={m.next_step} />
                  </td>
                  <td data-l="next">
                    <Link className="link" to={pathOfNext(m)}>
                      {nextSteps[m.next_step] ?? m.next_step}
                    </Link>
                  </td>
                  <td data-l="sweeps" className="r">{m.sweeps}<span className="wide-hide"> sweeps</span></td>
                  <td data-l="trained" className="r">{m.trained_models}<span className="wide-hide"> trained</span></td>
                  <td data-l="made" className="sub sm">
                    <TimeText at={m.created_at_utc} form="near" /> by <OtherText most={20}>{m.user_id}</OtherText>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </section>
    </div>
  );
}

function Create({ barrier }: { barrier: string | null }) {
  return barrier === null ? (
    <Link className="btn p" to="/models/new">
      <Icon name="plus" size={14} /> {words.create} <kbd>N</kbd>
    </Link>
  ) : (
    <button type="button" className="btn" disabled title={barrier}>
      <Icon name="plus" size={14} /> {words.create}
    </button>
  );
}
