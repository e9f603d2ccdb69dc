import { useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { Link, useNavigate } from "react-router";
import { CopyAsCli } from "../../components/CopyAsCli";
import { DigestChip } from "../../components/DigestChip";
import { EmptyState } from "../../components/EmptyState";
import { ErrorPanel } from "../../components/ErrorPanel";
import { OtherText } from "../../components/OtherText";
import { SkeletonRows } from "../../components/Skeleton";
import { useKeys } from "../../components/Shell/keys";
import { usePage } from "../../components/Shell/page";
import { many } from "../../text/format";
import { packs as words } from "../../text/packs";
import { nav } from "../../text/strings";
import { modelsQuery } from "../Models/queries";
import { grouped, pathOf } from "./model";
import { packsQuery } from "./queries";
import "./style.css";

const crumbs = [{ label: nav.packs }];

export function PacksPage() {
  usePage(nav.packs, crumbs);
  const { data, error, refetch } = useQuery(packsQuery);
  const models = useQuery(modelsQuery).data;
  const all = useMemo(() => (data === undefined ? undefined : grouped(data)), [data]);
  const [at, setAt] = useState(-1);
  const go = useNavigate();
  useKeys({
    j: () => setAt((i) => Math.min(i + 1, (all?.length ?? 1) - 1)),
    k: () => setAt((i) => Math.max(i - 1, 0)),
    Enter: () => {
      const chosen = all?.[at];
      if (chosen !== undefined) void go(pathOf(chosen.newest));
    },
  });
  return (
    <div className="pg">
      <div className="hd">
        <h1>{nav.packs}</h1>
        {all === undefined ? null : <span className="sub">{many(all.length, "pack", "packs")}</span>}
        <span className="sp" />
        <CopyAsCli command={["./sigmatiq", "packs", "list"]} />
      </div>
      {error !== null && data === undefined ? <ErrorPanel error={error} onRetry={() => void refetch()} what={words.unread} /> : null}
      <section className="card" aria-label={nav.packs}>
        {all === undefined && error === null ? <SkeletonRows rows={3} height={64} /> : null}
        {all?.length === 0 ? <EmptyState what={words.none} why={words.noneWhy} cli={["./sigmatiq", "packs", "lint", "FOLDER"]} /> : null}
        {all !== undefined && all.length > 0 ? (
          <table className="table rows-t packs-t">
            <thead>
              <tr>
                <th scope="col">{words.pack}</th>
                <th scope="col">{words.versions}</th>
                <th scope="col">{words.strategies}</th>
                <th scope="col" className="r">{nav.models}</th>
                <th scope="col">{words.author}</th>
                <th scope="col">{words.digest}</th>
              </tr>
            </thead>
            <tbody>
              {all.map((group, i) => (
                <tr key={group.id} className={i === at ? "sel" : undefined}>
                  <td data-l="name">
                    <Link className="name link" to={pathOf(group.newest)}>
                      <OtherText>{group.newest.name}</OtherText>
                    </Link>{" "}
                    <span className="mono mut">{group.id}</span>
                    <div className="sub sm one">
                      <OtherText most={120}>{group.newest.description}</OtherText>
                    </div>
                  </td>
                  <td data-l="versions">
                    {group.versions.map((v) => (
                      <Link key={v.version} className={v === group.newest ? "chip on" : "chip"} to={pathOf(v)}>
                        {v.version}
                      </Link>
                    ))}
                  </td>
                  <td data-l="strategies" className="sub">
                    {group.newest.strategies.length}
                    <span className="wide-hide"> {group.newest.strategies.length === 1 ? "strategy" : "strategies"}</span>
                  </td>
                  <td data-l="models" className="r">
                    <Link className="link" to={`/models?f=pack:${encodeURIComponent(group.id)}`}>
                      {models === undefined ? "" : models.filter((m) => m.pack_id === group.id).length}
                      <span className="wide-hide"> models</span>
                    </Link>
                  </td>
                  <td data-l="author" className="sub">
                    <OtherText most={40}>{group.newest.author}</OtherText>
                  </td>
                  <td data-l="digest" className="sub">
                    <DigestChip digest={group.newest.hash} algorithm="sha256" />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        ) : null}
      </section>
    </div>
  );
}
