import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useMemo, useState } from "react";
import { Link, useNavigate, useParams } from "react-router";
import { listSweeps, listTrainedModels, migrateModel, restoreModel, retireModel, type ModelDocument, type ModelMoved } from "../../api/client";
import { CopyAsCli } from "../../components/CopyAsCli";
import { DigestChip } from "../../components/DigestChip";
import { EmptyState } from "../../components/EmptyState";
import { ErrorPanel } from "../../components/ErrorPanel";
import { Icon } from "../../components/Icon";
import { OtherText } from "../../components/OtherText";
import { PreviewDialog } from "../../components/PreviewDialog";
import { Skeleton, SkeletonRows } from "../../components/Skeleton";
import { StateBadge } from "../../components/StateBadge";
import { TimeText } from "../../components/TimeText";
import { useToast } from "../../components/Toasts";
import { useKeys } from "../../components/Shell/keys";
import { usePage, useSynthetic } from "../../components/Shell/page";
import { useBarrier } from "../../api/rights";
import { count, many, rate, ratio, ratioInterval } from "../../text/format";
import { models as words, modelStates, nextSteps } from "../../text/models";
import { nav } from "../../text/strings";
import { Rules } from "../Packs/Document";
import { bounds, limit, valueOf } from "../Packs/model";
import "../Packs/style.css";
import { pathOfNext, planPath } from "./list";
import { modelQuery } from "./queries";
import { Stages } from "./Stages";
import { addedWhy, against, sourceOf } from "./wizard";
import "./style.css";

type Action = "retire" | "restore" | "back" | { to: string } | null;

export function ModelPage() {
  const id = useParams()["model"]!;
  const { data, error, refetch } = useQuery(modelQuery(id));
  const name = data?.model.name ?? id;
  const crumbs = useMemo(() => [{ label: nav.models, to: "/models" }, { label: name }], [name]);
  usePage(`${nav.models}, ${name}`, crumbs);
  useSynthetic(data?.model.synthetic);
  if (data !== undefined) return <Shown key={id} doc={data} />;
  return (
    <div className="pg" aria-busy={error === null}>
      <div className="hd">
        <h1>{error === null ? <Skeleton width={260} height={24} /> : id}</h1>
      </div>
      {error === null ? (
        <>
          <Skeleton height={90} />
          <Skeleton height={260} />
        </>
      ) : (
        <section className="card">
          <ErrorPanel error={error} onRetry={() => void refetch()} what={words.unreadOne} />
        </section>
      )}
    </div>
  );
}

function Shown({ doc }: { doc: ModelDocument }) {
  const { model } = doc;
  const [action, setAction] = useState<Action>(null);
  const barrier = useBarrier("plan");
  const go = useNavigate();
  const id = encodeURIComponent(model.id);
  const retired = model.status === "retired";
  const noPlan = retired ? nextSteps["restore"]! : barrier;
  const differing = doc.settings.filter((s) => s.value !== s.pack_default);
  useKeys({
    n: () => barrier === null && void go("/models/new"),
    w: () => noPlan === null && void go(planPath(model.id)),
    Escape: () => void go("/models"),
  });
  return (
    <div className="doc">
      <div className="doc-main">
        <div className="hd">
          <h1>
            <OtherText most={120}>{model.name}</OtherText>
          </h1>
          <StateBadge state={retired ? "cancelled" : model.status === "published" ? "approved" : "pending"} label={modelStates[model.status] ?? model.status} />
          <span className="sp" />
          <div className="tools">
          <CopyAsCli command={["./sigmatiq", "models", "show", model.id]} />
          <Act to={`/models/new?from=${id}`} why={barrier} label={words.copy} />
          {doc.settings_locked === null ? <Act to={`/models/new?edit=${id}`} why={barrier} label={words.change} /> : null}
          {noPlan === null ? (
            <Link className="btn p s" to={planPath(model.id)}>
              {words.plan} <kbd>W</kbd>
            </Link>
          ) : (
            <button type="button" className="btn s" disabled title={noPlan}>
              {words.plan}
            </button>
          )}
          </div>
        </div>
        <p className="sub">
          <OtherText most={300}>{model.description}</OtherText>
        </p>
        <section className="card way" aria-label={words.far}>
          <Stages next={model.next_step} words />
          <Link className="way-n" to={pathOfNext(model)}>
            <span className="sub sm">{words.next}</span>
            <b>{nextSteps[model.next_step] ?? model.next_step}</b>
            <Icon name="next" size={14} />
          </Link>
        </section>
        <section className="card" aria-labelledby="differs-h">
          <div className="ch">
            <h2 id="differs-h">{words.differs}</h2>
            <span className="s">{differing.length === 0 ? words.differsNone : many(differing.length, "setting", "settings")}</span>
          </div>
          {differing.length === 0 ? null : <Settings doc={doc} only={new Set(differing.map((s) => s.key))} label={words.differs} />}
        </section>
        <Sweeps model={model.id} />
        <Trained model={model.id} />
        <section className="card" aria-labelledby="strategy-h">
          <div className="ch">
            <h2 id="strategy-h">
              {words.strategy}: <OtherText>{doc.strategy.name}</OtherText>
            </h2>
            <span className="s">{doc.strategy.side === "both" ? "long and short" : `${doc.strategy.side} only`}</span>
          </div>
          <div className="strategy">
            <div className="strategy-r">
              <Rules title="Enter when all of these hold" rules={doc.strategy.entry} />
              <Rules title="Leave when any of these holds" rules={doc.strategy.exit} />
            </div>
          </div>
        </section>
        <section className="card" aria-labelledby="inputs-h">
          <div className="ch">
            <h2 id="inputs-h">{words.inputs}</h2>
            <span className="s">{count(doc.inputs.length)}</span>
          </div>
          <ul className="reads">
            {doc.inputs.map((i) => (
              <li key={`${i.kind} ${i.id}`} title={i.formula}>
                <OtherText>{i.name}</OtherText> <span className="mono mut">{i.id}</span>
                {i.selected ? null : (
                  <span className="added">
                    <Icon name="plus" size={12} /> {addedWhy(i)}
                  </span>
                )}
              </li>
            ))}
          </ul>
        </section>
        <section className="card" aria-labelledby="settings-h">
          <div className="ch">
            <h2 id="settings-h">{words.settings}</h2>
            <span className="s">{words.settingsNote}</span>
          </div>
          <Settings doc={doc} only={null} label={words.settings} />
        </section>
        <section className="card" aria-labelledby="mgates-h">
          <div className="ch">
            <h2 id="mgates-h">{words.gates}</h2>
            <span className="s">under the {doc.risk_profile} profile</span>
          </div>
          <dl className="lim grid-lim">
            {doc.gates.map((g) => (
              <div key={g.key}>
                <dt>{g.label}</dt>
                <dd>{limit(g)}</dd>
              </div>
            ))}
          </dl>
        </section>
      </div>
      <aside className="doc-rail" aria-label="About this model">
        <section className="card" aria-labelledby="id-h">
          <div className="ch">
            <h2 id="id-h">{words.identity}</h2>
          </div>
          <dl className="facts one-c">
            <div>
              <dt>Id</dt>
              <dd>
                <DigestChip digest={model.id} />
              </dd>
            </div>
            <div>
              <dt>{words.pack}</dt>
              <dd>
                <Link className="link" to={`/packs/${encodeURIComponent(model.pack_id)}/${encodeURIComponent(model.pack_version)}`}>
                  {doc.pack_name} {model.pack_version}
                </Link>
              </dd>
            </div>
            <div>
              <dt>{words.trades}</dt>
              <dd>
                <OtherText>{model.ticker}</OtherText>, {doc.instrument}
                {model.synthetic ? <span className="synth-t"> synthetic</span> : null}
              </dd>
            </div>
            <div>
              <dt>Risk profile</dt>
              <dd>{doc.risk_profile}</dd>
            </div>
            <div>
              <dt>{words.owner}</dt>
              <dd>
                <OtherText most={40}>{model.user_id}</OtherText>, <TimeText at={model.created_at_utc} />
              </dd>
            </div>
          </dl>
        </section>
        <section className="card" aria-labelledby="configs-h">
          <div className="ch">
            <h2 id="configs-h">{words.configs}</h2>
          </div>
          <ul className="vers">
            {doc.configs.map((c, i) => (
              <li key={c.version} className="of-model" aria-current={i === 0 ? "true" : undefined}>
                <span>
                  Version {c.version}, {c.pack.replace("@", " ")}
                  {c.restores === null ? "" : `, as version ${c.restores}`}
                </span>
                <span className="sm mut">
                  <TimeText at={c.made_at_utc} form="near" />
                </span>
              </li>
            ))}
          </ul>
          <div className="pad stack">
            {doc.moves.map((to) => (
              <button key={to} type="button" className="btn s" disabled={barrier !== null || retired} title={barrier ?? undefined} onClick={() => setAction({ to })}>
                Move to pack version {to}…
              </button>
            ))}
            {doc.configs.length > 1 ? (
              <button type="button" className="btn s" disabled={barrier !== null || retired} title={barrier ?? undefined} onClick={() => setAction("back")}>
                {words.back}
              </button>
            ) : null}
            <button type="button" className={retired ? "btn s" : "btn s d"} disabled={barrier !== null} title={barrier ?? undefined} onClick={() => setAction(retired ? "restore" : "retire")}>
              {retired ? words.restore : words.retire}
            </button>
            {barrier === null ? (doc.settings_locked === null ? null : <span className="sm mut">{doc.settings_locked}</span>) : <span className="sm mut">{barrier}</span>}
          </div>
        </section>
      </aside>
      <Retire doc={doc} restore={action === "restore"} open={action === "retire" || action === "restore"} onClose={() => setAction(null)} />
      {action !== null && (action === "back" || typeof action === "object") ? <Move doc={doc} to={typeof action === "object" ? action.to : null} onClose={() => setAction(null)} /> : null}
    </div>
  );
}

function Act({ to, why, label }: { to: string; why: string | null; label: string }) {
  return why === null ? (
    <Link className="btn s" to={to}>
      {label}
    </Link>
  ) : (
    <button type="button" className="btn s" disabled title={why}>
      {label}
    </button>
  );
}

function Settings({ doc, only, label }: { doc: ModelDocument; only: ReadonlySet<string> | null; label: string }) {
  const shown = doc.settings.filter((s) => only === null || only.has(s.key));
  return (
    <div className="scroll-x" tabIndex={0} role="region" aria-label={label}>
      <table className="table dense sets-t">
        <thead>
          <tr>
            <th scope="col">{words.setting}</th>
            <th scope="col" className="r">{words.packValue}</th>
            <th scope="col" className="r">{words.value}</th>
            <th scope="col">{words.source}</th>
            <th scope="col">{words.bounds}</th>
          </tr>
        </thead>
        <tbody>
          {shown.map((s) => (
            <tr key={s.key} data-own={s.source === "override" || undefined}>
              <th scope="row">
                <OtherText most={48}>{s.of}</OtherText> <span className="mono mut">{s.key}</span>
              </th>
              <td className="r was">{valueOf(s.key, s.pack_default)}</td>
              <td className="r">
                <b>{valueOf(s.key, s.value)}</b>
                {against({ value: s.value, default: s.pack_default }) === null ? null : <span className="mut sm"> {against({ value: s.value, default: s.pack_default })}</span>}
              </td>
              <td>
                <span className={s.source === "override" ? "chip on" : "chip"}>{sourceOf(s, doc.pack, doc.risk_profile)}</span>
              </td>
              <td className="sub sm">{bounds(s)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Sweeps({ model }: { model: string }) {
  const { data, error, refetch } = useQuery({ queryKey: ["sweeps", model], queryFn: ({ signal }) => listSweeps({ model, signal }) });
  return (
    <section className="card" aria-labelledby="sweeps-h">
      <div className="ch">
        <h2 id="sweeps-h">{words.sweeps}</h2>
        {data === undefined ? null : <span className="s">{count(data.length)}</span>}
      </div>
      {error !== null && data === undefined ? <ErrorPanel error={error} onRetry={() => void refetch()} /> : data === undefined ? <SkeletonRows rows={2} height={38} /> : data.length === 0 ? <EmptyState what={words.noSweeps} why={words.noSweepsWhy} level={3} /> : (
        <div className="scroll-x" tabIndex={0} role="region" aria-labelledby="sweeps-h">
          <table className="table dense">
            <thead>
              <tr>
                <th scope="col">State</th>
                <th scope="col">Sweep</th>
                <th scope="col" className="r">Combos</th>
                <th scope="col">Pack</th>
                <th scope="col">Asked</th>
              </tr>
            </thead>
            <tbody>
              {data.slice(0, 10).map((s) => (
                <tr key={s.id}>
                  <td>
                    <StateBadge state={s.status} />
                  </td>
                  <td>
                    <Link className="mono link" to={`/sweeps/${encodeURIComponent(s.id)}`}>
                      {s.id}
                    </Link>
                  </td>
                  <td className="r">{count(s.total_combinations)}</td>
                  <td className="sub">{s.pack.replace("@", " ")}</td>
                  <td className="sub">
                    <TimeText at={s.created_at} /> by <OtherText most={24}>{s.created_by}</OtherText>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}

function Trained({ model }: { model: string }) {
  const { data, error, refetch } = useQuery({ queryKey: ["trained", model], queryFn: ({ signal }) => listTrainedModels({ model, signal }) });
  return (
    <section className="card" aria-labelledby="trained-h">
      <div className="ch">
        <h2 id="trained-h">{words.trained} models</h2>
        {data === undefined ? null : <span className="s">{count(data.length)}</span>}
      </div>
      {error !== null && data === undefined ? <ErrorPanel error={error} onRetry={() => void refetch()} /> : data === undefined ? <SkeletonRows rows={2} height={38} /> : data.length === 0 ? <EmptyState what={words.noTrained} why={words.noTrainedWhy} level={3} /> : (
        <div className="scroll-x" tabIndex={0} role="region" aria-labelledby="trained-h">
          <table className="table dense">
            <thead>
              <tr>
                <th scope="col">State</th>
                <th scope="col">Trained model</th>
                <th scope="col" className="r">Combo</th>
                <th scope="col" className="r">Sharpe, hold-out</th>
                <th scope="col">95% interval</th>
                <th scope="col" className="r">Retention</th>
              </tr>
            </thead>
            <tbody>
              {data.slice(0, 10).map((t) => (
                <tr key={t.id}>
                  <td>
                    <StateBadge state={t.state === "published" ? "approved" : t.state === "discarded" ? "cancelled" : "pending"} label={t.state} />
                  </td>
                  <td>
                    <Link className="mono link" to={`/trained-models/${encodeURIComponent(t.id)}`}>
                      {t.id.replace(`${t.model_id}_`, "")}
                    </Link>
                  </td>
                  <td className="r">{t.combo_id}</td>
                  <td className="r">{ratio(t.review.sharpe_validation)}</td>
                  <td className="sub">{ratioInterval(t.review.sharpe_interval?.[0], t.review.sharpe_interval?.[1])}</td>
                  <td className="r">{rate(t.review.retention, 0)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}

function Retire({ doc, restore, open, onClose }: { doc: ModelDocument; restore: boolean; open: boolean; onClose(): void }) {
  const { model } = doc;
  const queries = useQueryClient();
  const toast = useToast();
  return (
    <PreviewDialog
      title={`${restore ? "Restore" : "Retire"} ${model.id}`} open={open} onClose={onClose} confirm={restore ? "Restore" : "Retire"} danger={!restore} reason
      effects={restore ? ["Sweeps can be planned of it again."] : ["No new sweep can be planned of it.", "Lists leave it out unless they are asked for retired ones."]}
      stays={[`${many(model.sweeps, "sweep", "sweeps")} and ${many(model.trained_models, "trained model", "trained models")} stay, and so does every config.`, ...(restore ? [] : ["It can be restored at any time."])]}
      onConfirm={async (reason) => {
        await (restore ? restoreModel : retireModel)({ id: model.id, body: { reason } });
        toast({ tone: "ok", text: restore ? `${model.id} is back.` : `${model.id} is retired.` });
        await Promise.all([queries.invalidateQueries({ queryKey: ["models"] }), queries.invalidateQueries({ queryKey: ["model"] })]);
      }}
      cli={(reason) => ["./sigmatiq", "models", restore ? "restore" : "retire", model.id, "--reason", reason]}
    />
  );
}

/** A move is worked out by the server before it is offered; what speaks against it is shown in its place. */
function Move({ doc, to, onClose }: { doc: ModelDocument; to: string | null; onClose(): void }) {
  const { model } = doc;
  const [plan, setPlan] = useState<ModelMoved | null>(null);
  const [error, setError] = useState<unknown>(null);
  const queries = useQueryClient();
  const toast = useToast();
  const asked = to === null ? { rollback: true } : { to };
  useEffect(() => {
    const stop = new AbortController();
    migrateModel({ id: model.id, body: { ...(to === null ? { rollback: true } : { to }), dry_run: true }, signal: stop.signal }).then(setPlan, (caught: unknown) => {
      if (!stop.signal.aborted) setError(caught);
    });
    return () => stop.abort();
  }, [model.id, to]);
  return (
    <PreviewDialog
      title={to === null ? `Take ${model.id} back` : `Move ${model.id} to pack version ${to}`} open onClose={onClose} confirm={to === null ? "Go back" : "Move"} reason={false}
      effects={
        plan === null ? [error === null ? "Working out what would change…" : "It cannot be done."] : [
          `${many(plan.changes.length, "value", "values")} of its config ${plan.changes.length === 1 ? "changes" : "change"}; it becomes config version ${plan.config_version}.`,
          ...plan.changes.slice(0, 8).map((c) => (
            <span key={c.path}>
              <code>{c.path}</code>: <OtherText most={60}>{c.before ?? "nothing"}</OtherText> becomes <OtherText most={60}>{c.after ?? "nothing"}</OtherText>
            </span>
          )),
          ...(plan.changes.length > 8 ? [`and ${many(plan.changes.length - 8, "more value", "more values")}.`] : []),
        ]
      }
      stays={plan === null ? [] : [`${many(plan.checks.filter((c) => c.differing === 0).length, "input keeps", "inputs keep")} every value bit for bit, on ${plan.checked_on}.`, "Sweeps made before go on with the config they ran on."]}
      onConfirm={async () => {
        if (plan === null) throw error ?? new Error("The change is still being worked out.");
        await migrateModel({ id: model.id, body: asked });
        toast({ tone: "ok", text: `${model.id} is on ${plan.to.replace("@", " ")}.` });
        await Promise.all([queries.invalidateQueries({ queryKey: ["models"] }), queries.invalidateQueries({ queryKey: ["model"] })]);
      }}
      cli={["./sigmatiq", "packs", "migrate", model.id, ...(to === null ? ["--rollback"] : ["--to", to])]}
    >
      {error === null ? null : <ErrorPanel error={error} />}
    </PreviewDialog>
  );
}
