import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Link } from "react-router";
import { createBackup, drainNode, retryMessages, type BackupListed, type MessageListed, type NodeListed } from "../../api/client";
import { useBarrier } from "../../api/rights";
import { EmptyState } from "../../components/EmptyState";
import { ErrorPanel } from "../../components/ErrorPanel";
import { KpiStrip } from "../../components/KpiStrip";
import { OtherText } from "../../components/OtherText";
import { PreviewDialog } from "../../components/PreviewDialog";
import { SkeletonRows } from "../../components/Skeleton";
import { StateBadge } from "../../components/StateBadge";
import { TimeText } from "../../components/TimeText";
import { useToast } from "../../components/Toasts";
import { wordOf } from "../../flow/states";
import { useLive } from "../../live/Live";
import { bytes, count, digest, duration, many, NONE } from "../../text/format";
import { fireStates, system as words } from "../../text/operate";
import { Frame } from "./Frame";
import { messageState, nodeState } from "./facts";
import { backupsQuery, messagesQuery, nodesQuery, storeQuery, systemQuery } from "./queries";

export function SystemPage() {
  const { data, error, refetch } = useQuery(systemQuery);
  const store = useQuery(storeQuery).data;
  const { state } = useLive();
  const used = store === undefined ? null : (store.rows_bytes ?? 0) + store.folders.reduce((sum, f) => sum + f.bytes, 0);
  return (
    <Frame sub={data === undefined ? "" : `sigmatiq ${data.version}${data.commit === null ? "" : `, ${data.commit.slice(0, 10)}`}`} cli={["./sigmatiq", "doctor"]}>
      {error !== null && data === undefined ? (
        <section className="card">
          <ErrorPanel error={error} onRetry={() => void refetch()} what={words.unread} />
        </section>
      ) : (
        <KpiStrip
          label={words.health} count={4}
          items={data === undefined ? null : [
            { id: "health", label: words.health, state: state === "offline" ? "bad" : "ok", value: state === "offline" ? "Away" : words.well, detail: `${words.answers} ${duration(data.store_seconds * 1000)}` },
            { id: "runs", label: words.working, state: "running", value: count(data.runs["running"] ?? 0), detail: `${count(data.runs["queued"] ?? 0)} queued, ${count(data.runs["waiting"] ?? 0)} wait for a person`, to: "/runs?view=table&f=status:running" },
            { id: "outbox", label: words.outbox, state: data.outbox_waiting > 0 ? "waiting" : "completed", value: count(data.outbox_waiting), detail: "on their way" },
            { id: "room", label: words.room, value: used === null ? NONE : bytes(used), detail: store === undefined ? "being measured" : `${bytes(store.free_bytes)} ${words.free}` },
          ]}
        />
      )}
      <div className="sys-two">
        <Program />
        <Queue />
      </div>
      <Nodes />
      <Messages />
      <div className="sys-two">
        <Room />
        <Backups />
      </div>
    </Frame>
  );
}

function Program() {
  const { data } = useQuery(systemQuery);
  return (
    <section className="card" aria-labelledby="sys-program">
      <div className="ch">
        <h2 id="sys-program">{words.program}</h2>
      </div>
      {data === undefined ? (
        <SkeletonRows rows={4} height={30} />
      ) : (
        <dl className="sys-facts">
          <Fact name="Version">{data.version}</Fact>
          <Fact name="Commit">{data.commit === null ? NONE : <code title={data.commit}>{digest(data.commit)}</code>}</Fact>
          <Fact name="Store">{data.engine === "postgres" ? "PostgreSQL, shared" : "SQLite, local"}</Fact>
          <Fact name="Its clock">
            <TimeText at={data.now_utc} precision="second" />
          </Fact>
        </dl>
      )}
    </section>
  );
}

function Fact({ name, children }: { name: string; children: React.ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function Queue() {
  const { data } = useQuery(systemQuery);
  const runs = Object.entries(data?.runs ?? {});
  const fires = Object.entries(data?.fires_decided ?? {});
  return (
    <section className="card" aria-labelledby="sys-queue">
      <div className="ch">
        <h2 id="sys-queue">{words.queue}</h2>
        <span className="sp" />
        <Link className="link" to="/runs">
          All runs
        </Link>
      </div>
      {data === undefined ? (
        <SkeletonRows rows={4} height={30} />
      ) : runs.length === 0 ? (
        <p className="op-note sm mut">{words.queueNone}</p>
      ) : (
        <ul className="tallies">
          {runs.map(([state, n]) => (
            <li key={state}>
              <Link to={`/runs?view=table&f=status:${state}`}>
                <StateBadge state={state} plain />
                <b>{count(n)}</b>
              </Link>
            </li>
          ))}
        </ul>
      )}
      {fires.length === 0 ? null : (
        <p className="op-note sm sub">
          {words.fires}: {fires.map(([outcome, n]) => `${count(n)} ${(fireStates[outcome] ?? wordOf(outcome)).toLowerCase()}`).join(", ")}.{" "}
          <Link className="link" to="/schedules">
            Schedules
          </Link>
        </p>
      )}
    </section>
  );
}

function Nodes() {
  const { data, error, refetch } = useQuery(nodesQuery);
  const barred = useBarrier("operate");
  const [drained, setDrained] = useState<NodeListed | null>(null);
  const queries = useQueryClient();
  const toast = useToast();
  return (
    <section className="card" aria-labelledby="sys-nodes">
      <div className="ch">
        <h2 id="sys-nodes">{words.nodes}</h2>
        <span className="s">{data === undefined ? "" : count(data.length)}</span>
      </div>
      {error !== null && data === undefined ? (
        <ErrorPanel error={error} onRetry={() => void refetch()} what={words.nodesUnread} />
      ) : data === undefined ? (
        <SkeletonRows rows={2} height={38} />
      ) : data.length === 0 ? (
        <p className="op-note sub">
          {words.nodesNone}. <span className="mut">{words.nodesNoneWhy}</span>
        </p>
      ) : (
        <div className="scroll-x">
          <table className="table">
            <thead>
              <tr>
                <th scope="col">Node</th>
                <th scope="col">State</th>
                <th scope="col">Roles</th>
                <th scope="col">Version</th>
                <th scope="col" className="r">Claims</th>
                <th scope="col">Last sign</th>
                <th scope="col">
                  <span className="sr">Actions</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {data.map((n) => (
                <tr key={n.id}>
                  <td>
                    <OtherText className="mono">{n.id}</OtherText>
                  </td>
                  <td>
                    <StateBadge state={nodeState(n.state)} label={n.state} plain />
                  </td>
                  <td>{n.roles.replaceAll(",", ", ")}</td>
                  <td>
                    {n.version} <code className="mut">{digest(n.build)}</code>
                  </td>
                  <td className="r">{count(n.claims)}</td>
                  <td>
                    <TimeText at={n.last_sign_at} precision="second" />
                  </td>
                  <td>
                    <span className="op-acts">
                      <button type="button" className="btn s" disabled={barred !== null || n.state !== "working"} title={barred ?? (n.state === "working" ? undefined : `It is ${n.state}.`)} onClick={() => setDrained(n)}>
                        {words.drain}
                      </button>
                    </span>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      <PreviewDialog
        title={`Drain ${drained?.id ?? ""}`} open={drained !== null} onClose={() => setDrained(null)} confirm="Drain" reason danger
        effects={[`It gives back ${many(drained?.claims ?? 0, "claim", "claims")} and takes no more.`, "Others go on with its runs."]} stays={["It lives on until it is stopped; nothing undoes this but starting it again."]}
        cli={["./sigmatiq", "nodes", "drain", drained?.id ?? ""]}
        onConfirm={async (reason) => {
          await drainNode({ id: drained!.id, body: { reason } });
          toast({ tone: "ok", text: `${drained!.id} is draining.` });
          await queries.invalidateQueries({ queryKey: ["system"] });
        }}
      />
    </section>
  );
}

function Messages() {
  const { data, error, refetch } = useQuery(messagesQuery);
  const barred = useBarrier("operate");
  const [retried, setRetried] = useState<MessageListed | "all" | null>(null);
  const queries = useQueryClient();
  const toast = useToast();
  const given = data?.filter((m) => m.status === "given_up").length ?? 0;
  const id = retried === "all" || retried === null ? null : retried.id;
  return (
    <section className="card" aria-labelledby="sys-outbox">
      <div className="ch">
        <h2 id="sys-outbox">{words.outbox}</h2>
        <span className="s">on their way or given up, newest first</span>
        <span className="sp" />
        {given === 0 ? null : (
          <button type="button" className="btn s" disabled={barred !== null} title={barred ?? undefined} onClick={() => setRetried("all")}>
            {words.retryAll}
          </button>
        )}
      </div>
      {error !== null && data === undefined ? (
        <ErrorPanel error={error} onRetry={() => void refetch()} what={words.messagesUnread} />
      ) : data === undefined ? (
        <SkeletonRows rows={2} height={38} />
      ) : data.length === 0 ? (
        <p className="op-note sub">
          {words.messagesNone}. <span className="mut">{words.messagesNoneWhy}</span>
        </p>
      ) : (
        <ul className="op-lines">
          {data.map((m) => (
            <li key={`${m.channel} ${m.id}`}>
              <StateBadge state={messageState(m.status)} label={m.status.replaceAll("_", " ")} plain />
              <span className="op-lines-m">
                <span className="mono">{m.kind}</span>{" "}
                <span className="sub">
                  {m.channel === "" ? "no channel yet" : <OtherText>{m.channel}</OtherText>}
                  {m.subject === null ? null : (
                    <>
                      , <OtherText most={60}>{m.subject}</OtherText>
                    </>
                  )}
                </span>
                {m.last_error === null ? null : (
                  <span className="sm t-bad op-lines-e">
                    <OtherText most={200}>{m.last_error}</OtherText>
                  </span>
                )}
              </span>
              <span className="sm mut">
                <TimeText at={m.enqueued_at_utc} />, {many(m.attempts, "attempt", "attempts")}
              </span>
              <button type="button" className="btn s" disabled={barred !== null || (m.status !== "given_up" && m.last_error === null)} title={barred ?? (m.status !== "given_up" && m.last_error === null ? "Nothing of it failed." : undefined)} onClick={() => setRetried(m)}>
                {words.retry}
              </button>
            </li>
          ))}
        </ul>
      )}
      <PreviewDialog
        title={id === null ? `Send ${many(given, "message", "messages")} again` : "Send a message again"} open={retried !== null} onClose={() => setRetried(null)} confirm="Send again" reason
        effects={["It is tried at once; age and attempts count anew."]} stays={["A receiver drops what it has had already, by its key."]}
        cli={["./sigmatiq", "outbox", "retry", ...(id === null ? [] : [id])]}
        onConfirm={async (reason) => {
          const { opened } = await retryMessages({ body: { reason, id } });
          toast({ tone: "ok", text: `${many(opened, "delivery is", "deliveries are")} on the way again.` });
          await queries.invalidateQueries({ queryKey: ["system"] });
        }}
      />
    </section>
  );
}

function Room() {
  const { data, error, refetch } = useQuery(storeQuery);
  const lines = data === undefined ? [] : [...(data.rows_bytes === null ? [] : [{ name: words.rows, files: 1, bytes: data.rows_bytes }]), ...data.folders].sort((a, b) => b.bytes - a.bytes);
  const most = Math.max(1, ...lines.map((l) => l.bytes));
  return (
    <section className="card" aria-labelledby="sys-room">
      <div className="ch">
        <h2 id="sys-room">{words.store}</h2>
        <span className="s">
          {data === undefined ? "" : (
            <>
              {words.measured} <TimeText at={data.measured_at_utc} form="time" />
            </>
          )}
        </span>
      </div>
      {error !== null && data === undefined ? (
        <ErrorPanel error={error} onRetry={() => void refetch()} what={words.storeUnread} />
      ) : data === undefined ? (
        <SkeletonRows rows={5} height={30} />
      ) : (
        <ul className="sys-room">
          {lines.map((l) => (
            <li key={l.name}>
              <span className="mono">{l.name}</span>
              <span className="sys-room-b" aria-hidden="true">
                <i style={{ width: `${Math.max(0.5, (100 * l.bytes) / most)}%` }} />
              </span>
              <span className="r">{bytes(l.bytes)}</span>
              <span className="sm mut r">{many(l.files, "file", "files")}</span>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

function Backups() {
  const { data, error, refetch } = useQuery(backupsQuery);
  const barred = useBarrier("operate");
  const [open, setOpen] = useState(false);
  const [withBars, setWithBars] = useState(true);
  const [accept, setAccept] = useState(false);
  const queries = useQueryClient();
  const toast = useToast();
  const making = data?.backups.some((b) => b.state === "making") === true;
  const whyNot = barred ?? data?.why_not ?? (making ? "One is being made." : null);
  return (
    <section className="card" aria-labelledby="sys-backups">
      <div className="ch">
        <h2 id="sys-backups">{words.backups}</h2>
        <span className="sp" />
        <button type="button" className="btn s" disabled={whyNot !== null || data === undefined} title={whyNot ?? undefined} onClick={() => setOpen(true)}>
          {words.makeBackup}
        </button>
      </div>
      {error !== null && data === undefined ? (
        <ErrorPanel error={error} onRetry={() => void refetch()} what={words.backupsUnread} />
      ) : data === undefined ? (
        <SkeletonRows rows={2} height={47} />
      ) : data.backups.length === 0 ? (
        <EmptyState level={3} what={words.backupsNone} why={data.why_not ?? "One is a consistent copy of rows and files, made while runs go on."} cli={["./sigmatiq", "backup", "/safe/monday.tar.gz"]} />
      ) : (
        <ul className="op-lines backups-l">
          {data.backups.map((b) => (
            <li key={`${b.name} ${b.state}`}>
              <Backup backup={b} />
            </li>
          ))}
        </ul>
      )}
      <PreviewDialog
        title="Make a backup" open={open} onClose={() => setOpen(false)} confirm="Make it" reason
        effects={["Rows and files are copied as they are at one instant, and read back.", withBars ? "The bars go with it." : "Bars are left out: nothing can be computed on them until they are imported again."]}
        stays={["Runs go on.", "The key that signs the audit chain is not in it; keep it elsewhere."]}
        cli={["./sigmatiq", "backup", "FILE", ...(withBars ? [] : ["--no-bars"]), ...(accept ? ["--accept-damage"] : [])]}
        onConfirm={async (reason) => {
          const begun = await createBackup({ body: { reason, with_bars: withBars, accept_damage: accept } });
          toast({ tone: "ok", text: `${begun.name} is being made.` });
          await queries.invalidateQueries({ queryKey: ["system", "backups"] });
        }}
      >
        <label className="tick-row">
          <input type="checkbox" checked={withBars} onChange={(e) => setWithBars(e.target.checked)} /> {words.withBars}
        </label>
        <label className="tick-row">
          <input type="checkbox" checked={accept} onChange={(e) => setAccept(e.target.checked)} /> {words.acceptDamage}
        </label>
      </PreviewDialog>
    </section>
  );
}

function Backup({ backup }: { backup: BackupListed }) {
  const look = { making: "running", ready: "completed", failed: "failed", gone: "skipped" }[backup.state] ?? backup.state;
  return (
    <>
      <StateBadge state={look} label={{ making: "Being made", ready: "Ready", failed: "Failed", gone: "Moved away" }[backup.state] ?? backup.state} plain />
      <span className="op-lines-m">
        <code>{backup.name}</code>{" "}
        <span className="sub">
          <OtherText>{backup.by}</OtherText>: <OtherText most={100}>{backup.reason}</OtherText>
        </span>
        {backup.problem === null ? null : (
          <span className="sm t-bad op-lines-e">
            {backup.problem.code}: <OtherText most={200}>{backup.problem.message}</OtherText>
          </span>
        )}
        {backup.missing.length === 0 ? null : <span className="sm t-warn op-lines-e">{many(backup.missing.length, "file was", "files were")} missing or changed</span>}
      </span>
      <span className="sm mut">
        <TimeText at={backup.at_utc} />
        {backup.packed_bytes === null ? "" : `, ${bytes(backup.packed_bytes)}`}
        {backup.state !== "ready" || backup.with_bars ? "" : ", no bars"}
      </span>
    </>
  );
}
