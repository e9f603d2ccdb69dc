import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import type { AuditListed, AuditVerified } from "../../api/client";
import { DigestChip } from "../../components/DigestChip";
import { EmptyState } from "../../components/EmptyState";
import { ErrorPanel } from "../../components/ErrorPanel";
import { Glyph, Icon } from "../../components/Icon";
import { JsonView } from "../../components/JsonView";
import { OtherText } from "../../components/OtherText";
import { useAddress } from "../../components/Shell/address";
import { SkeletonRows } from "../../components/Skeleton";
import { TimeText } from "../../components/TimeText";
import { count, many } from "../../text/format";
import { audit as words } from "../../text/operate";
import { Frame } from "./Frame";
import { auditAsked, recordOf } from "./facts";
import { auditQuery, verdictQuery } from "./queries";

/** The record of decisions, newest first, and whether every link of it still holds. */
export function AuditPage() {
  const [search, setSearch] = useAddress();
  const asked = useMemo(() => auditAsked(search), [search]);
  const query = useMemo(() => auditQuery({ actor: asked.actor, action: asked.action, about: asked.about }), [asked]);
  const { data, error, refetch, fetchNextPage, hasNextPage, isFetchingNextPage } = useInfiniteQuery(query);
  const verdict = useQuery(verdictQuery);
  const records = data?.pages.flat() ?? [];
  const [open, setOpen] = useState<number | null>(null);
  const broken = verdict.data?.first_break === null || verdict.data === undefined ? null : recordOf(verdict.data.first_break.where);
  const filter = (name: "actor" | "action" | "q", value: string): void =>
    setSearch((was) => {
      const next = new URLSearchParams(was);
      if (name === "q") {
        if (value === "") next.delete("q");
        else next.set("q", value);
        return next;
      }
      next.delete("f");
      for (const f of was.getAll("f")) if (!f.startsWith(`${name}:`)) next.append("f", f);
      if (value !== "") next.append("f", `${name}:${value}`);
      return next;
    }, { replace: true });

  return (
    <Frame
      cli={["./sigmatiq", "audit", "verify"]}
      tools={
        <button type="button" className="btn" onClick={() => void verdict.refetch()} disabled={verdict.isFetching}>
          <Icon name="lock" size={14} />
          {words.verify}
        </button>
      }
    >
      {verdict.isFetching ? <p className="sub" role="status">{words.verifying}</p> : verdict.error !== null ? <section className="card"><ErrorPanel error={verdict.error} /></section> : verdict.data === undefined ? null : <Verdict verdict={verdict.data} />}
      <section className="card" aria-label="Audit">
        <div className="ch op-filters">
          <label className="srch">
            <Icon name="search" size={14} />
            <input type="search" value={asked.about} placeholder="About" aria-label={words.about} onChange={(e) => filter("q", e.target.value)} />
            <kbd>/</kbd>
          </label>
          <label className="sm sub op-pick">
            {words.who} <input className="input" value={asked.actor} placeholder="a user" onChange={(e) => filter("actor", e.target.value)} />
          </label>
          <label className="sm sub op-pick">
            {words.what} <input className="input" value={asked.action} placeholder="approval, user.disabled" onChange={(e) => filter("action", e.target.value)} />
          </label>
        </div>
        {asked.unknown.length > 0 ? <p className="op-notice t-warn">This list does not know {asked.unknown.map((f) => `“${f}”`).join(", ")}; it is left out.</p> : null}
        {error !== null && data === undefined ? (
          <ErrorPanel error={error} onRetry={() => void refetch()} what={words.unread} />
        ) : data === undefined ? (
          <SkeletonRows rows={8} height={38} />
        ) : records.length === 0 ? (
          asked.actor + asked.action + asked.about === "" ? (
            <EmptyState what={words.none} why={words.noneWhy} cli={["./sigmatiq", "audit", "export"]} />
          ) : (
            <EmptyState what={words.filtered} why="The filter leaves nothing over." action={<button type="button" className="btn" onClick={() => setSearch(new URLSearchParams())}>Clear the filter</button>} />
          )
        ) : (
          <>
            <ol className="audit">
              {records.map((r) => (
                <li key={r.seq} id={`a-${r.seq}`} className={r.seq === broken ? "broken" : undefined}>
                  <button type="button" className="audit-l" aria-expanded={open === r.seq} onClick={() => setOpen(open === r.seq ? null : r.seq)}>
                    <span className="mut mono">{count(r.seq)}</span>
                    <span className="audit-t">
                      <TimeText at={r.at_utc} precision="second" />
                    </span>
                    <OtherText most={30} className="audit-a">
                      {r.actor}
                    </OtherText>
                    <span className="mono">{r.action}</span>
                    <OtherText most={60} className="mono sub one">
                      {r.subject}
                    </OtherText>
                    <span className="sub one audit-w">
                      <OtherText most={120}>{r.reason ?? ""}</OtherText>
                    </span>
                  </button>
                  {open === r.seq ? <Whole record={r} /> : null}
                </li>
              ))}
            </ol>
            {hasNextPage ? (
              <p className="op-note">
                <button type="button" className="btn s" disabled={isFetchingNextPage} onClick={() => void fetchNextPage()}>
                  {words.older}
                </button>
              </p>
            ) : null}
          </>
        )}
      </section>
    </Frame>
  );
}

function Whole({ record }: { record: AuditListed }) {
  const payload = record.payload;
  return (
    <div className="audit-whole">
      {record.reason === null ? null : (
        <p>
          <span className="mut">{words.why}:</span> <OtherText most={2000}>{record.reason}</OtherText>
        </p>
      )}
      {typeof payload === "object" && payload !== null ? <JsonView value={payload as Record<string, unknown>} /> : null}
      <p className="sm sub">
        Hash <DigestChip digest={record.hash} algorithm="sha256" /> over it and <DigestChip digest={record.prev_hash} algorithm="sha256" />
        {record.signed ? ", signed" : <span className="t-warn">, {words.unsigned}</span>}
      </p>
    </div>
  );
}

function Verdict({ verdict }: { verdict: AuditVerified }) {
  const state = verdict.intact ? "ok" : "bad";
  return (
    <section className={`card sys-verdict ${state}`} role={verdict.intact ? "status" : "alert"} aria-label="Verdict">
      <p className={`t-${state} sys-verdict-t`}>
        <Glyph name={verdict.intact ? "tick" : "cross"} size={14} />
        <b>{verdict.intact ? words.intact : words.broken}</b>
        <span className="sub">
          {many(verdict.records, "record", "records")}, {words.head} <DigestChip digest={verdict.head_hash} algorithm="sha256" />
        </span>
      </p>
      {verdict.first_break === null ? null : (
        <p>
          {words.firstBreak}: <code>{verdict.first_break.where}</code>. {verdict.first_break.message} <span className="sub">{verdict.first_break.remedy}</span> <code>{verdict.first_break.code}</code>
        </p>
      )}
      {verdict.forged.length === 0 ? null : (
        <p>
          {words.forged}: <span className="mono">{verdict.forged.join(", ")}</span>
        </p>
      )}
    </section>
  );
}
