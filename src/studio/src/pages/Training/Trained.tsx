import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { Link, useNavigate, useParams } from "react-router";
import { CopyAsCli } from "../../components/CopyAsCli";
import { ErrorPanel } from "../../components/ErrorPanel";
import { EvidenceOnly } from "../../components/EvidenceOnly";
import { Skeleton } from "../../components/Skeleton";
import { StateBadge } from "../../components/StateBadge";
import { useKeys } from "../../components/Shell/keys";
import { usePage, useSynthetic } from "../../components/Shell/page";
import { training as words } from "../../text/training";
import { nav } from "../../text/strings";
import "../Packs/style.css";
import "../Models/style.css";
import { Decide } from "./Decide";
import { decisionOf, shortName } from "./model";
import { reportQuery } from "./queries";
import { Report } from "./Report";
import "./style.css";

export function TrainedModelPage() {
  const id = useParams()["id"]!;
  const { data, error, refetch } = useQuery(reportQuery(id));
  const name = data === undefined ? id : shortName(id, data.model.model_id);
  const crumbs = useMemo(() => [{ label: nav.training, to: "/training" }, { label: name, mono: true }], [name]);
  usePage(`${words.trained}, ${name}`, crumbs);
  useSynthetic(data?.lineage.synthetic);
  const go = useNavigate();
  useKeys({ Escape: () => void go("/training") });
  return (
    <div className="pg" aria-busy={data === undefined && error === null}>
      <div className="hd">
        <h1 className="mono-h">{name}</h1>
        {data === undefined ? null : (
          <>
            <StateBadge state={decisionOf(data.model).state} label={decisionOf(data.model).word} />
            <EvidenceOnly on={data.evidence_only} />
            <span className="sub sm">
              of{" "}
              <Link className="link" to={`/models/${encodeURIComponent(data.model.model_id)}`}>
                {data.model.model_id}
              </Link>
              , by{" "}
              <Link className="mono link" to={`/training/${encodeURIComponent(data.model.job_id)}`}>
                {data.model.job_id}
              </Link>
            </span>
          </>
        )}
        <span className="sp" />
        <CopyAsCli command={["./sigmatiq", "trained-models", "show", id]} />
      </div>
      {error !== null && data === undefined ? (
        <section className="card">
          <ErrorPanel error={error} onRetry={() => void refetch()} what={words.unreadModel} />
        </section>
      ) : data === undefined ? (
        <>
          <Skeleton height={64} />
          <Skeleton height={150} />
          <Skeleton height={260} />
        </>
      ) : (
        <>
          <Decide report={data} />
          <Report report={data} />
        </>
      )}
    </div>
  );
}
