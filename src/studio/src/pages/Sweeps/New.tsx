import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useEffect, useMemo, useState } from "react";
import { Link, useNavigate } from "react-router";
import { createSweep, planSweep, type ModelListed, type PlannedCombo, type SweepableParameter, type SweepForm, type SweepPlanned } from "../../api/client";
import { ApiError } from "../../api/http";
import { useBarrier } from "../../api/rights";
import { CommandLine } from "../../components/CopyAsCli";
import { EmptyState } from "../../components/EmptyState";
import { ErrorPanel } from "../../components/ErrorPanel";
import { PreviewDialog } from "../../components/PreviewDialog";
import { Segmented } from "../../components/Segmented";
import { useAddress } from "../../components/Shell/address";
import { Skeleton } from "../../components/Skeleton";
import { usePage } from "../../components/Shell/page";
import { parameterField, wordText } from "../../leaderboard/fields";
import { hoursWord } from "../../leaderboard/columns";
import { count, drawdown, duration, given, many, percentGiven, rate } from "../../text/format";
import { nav } from "../../text/strings";
import { planning as words, sweeps } from "../../text/sweeps";
import { days } from "../../text/time";
import { seriesQuery } from "../Data/queries";
import { modelsQuery } from "../Models/queries";
import { formQuery } from "./queries";
import { askedOf, commandOf, draftOf, parametersOf, searchOf, simpleText, usualModel, type Asked, type Draft } from "./request";
import "./style.css";

const crumbs = [{ label: nav.sweeps, to: "/sweeps" }, { label: sweeps.new }];

// Nothing new is made of a retired model.
const inUse = (models: readonly ModelListed[]): ModelListed[] => models.filter((m) => m.status !== "retired");

/** What a sweep would be, counted while it is written down. */
export function NewSweepPage() {
  usePage(words.title, crumbs);
  const [search, setSearch] = useAddress();
  const models = useQuery({ ...modelsQuery, select: inUse });
  const draft = useMemo(() => draftOf(search), [search]);
  const series = useQuery(seriesQuery);
  const usual = models.data === undefined || series.isPending ? "" : usualModel(models.data, series.data ?? []);
  const model = draft.model !== "" ? draft.model : usual;
  const form = useQuery({ ...formQuery(model), enabled: model !== "", placeholderData: keepPreviousData });
  const full = useMemo<Draft>(() => ({ ...draft, model, confidence: form.data?.uses_confidence === false ? "rule" : draft.confidence }), [draft, model, form.data]);
  const change = (part: Partial<Draft>, push = false): void => setSearch((was) => searchOf({ ...draftOf(was), ...part }, was), { replace: !push });

  return (
    <div className="pg nsw">
      <div className="hd">
        <h1>{words.title}</h1>
        {form.data === undefined ? null : (
          <span className="sub">
            {form.data.ticker}, {form.data.interval} bars{form.data.first_day === null ? ", none stored yet" : ` ${days(form.data.first_day, form.data.last_day!)}`}
          </span>
        )}
      </div>
      {models.error !== null && models.data === undefined ? (
        <ErrorPanel error={models.error} what="The models cannot be read." onRetry={() => void models.refetch()} />
      ) : models.data?.length === 0 ? (
        <section className="card">
          <EmptyState what={words.noModels} why={words.noModelsWhy} cli={["./sigmatiq", "models", "create", "--pack", "swingsigma", "--ticker", "MKT.SYN"]} action={<Link className="btn p" to="/models">{nav.models}</Link>} />
        </section>
      ) : form.error !== null && form.data === undefined ? (
        <ErrorPanel error={form.error} what="What the model lets vary cannot be read." onRetry={() => void form.refetch()} />
      ) : form.data === undefined || models.data === undefined ? (
        <div aria-busy="true" className="nsw-two">
          <Skeleton height={420} />
          <Skeleton height={420} />
        </div>
      ) : (
        <Planned key={model} draft={full} form={form.data} models={models.data.map((m) => m.id)} change={change} />
      )}
    </div>
  );
}

function Planned({ draft, form, models, change }: { draft: Draft; form: SweepForm; models: readonly string[]; change(part: Partial<Draft>, push?: boolean): void }) {
  const asked = useMemo(() => askedOf(draft, form), [draft, form]);
  const body = useMemo(() => asked.body, [asked]);
  const settled = useSettled(JSON.stringify(body));
  const barred = useBarrier("plan");
  const plan = useQuery({
    queryKey: ["sweep-plan", settled], enabled: settled !== "null" && barred === null, retry: false, placeholderData: keepPreviousData, staleTime: 30_000,
    queryFn: ({ signal }) => planSweep({ body: JSON.parse(settled) as never, signal }),
  });
  const isCurrent = settled === JSON.stringify(body) && !plan.isFetching;
  return (
    <div className="nsw-two">
      <Form draft={draft} form={form} models={models} asked={asked} change={change} />
      <Outcome draft={draft} form={form} asked={asked} plan={body === null ? undefined : plan.data} error={body === null ? null : plan.error} isCurrent={isCurrent} barred={barred} />
    </div>
  );
}

/** The value once nobody has typed for a moment. */
function useSettled(value: string): string {
  const [settled, set] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => set(value), 250);
    return () => clearTimeout(timer);
  }, [value]);
  return settled;
}

function Form({ draft, form, models, asked, change }: { draft: Draft; form: SweepForm; models: readonly string[]; asked: Asked; change(part: Partial<Draft>, push?: boolean): void }) {
  const varied = parametersOf(draft, form);
  const others = form.parameters.filter((p) => !varied.includes(p));
  const value = (p: SweepableParameter): string => draft.values[p.key] ?? simpleText(p);
  return (
    <section className="card" aria-label={words.values}>
      <div className="ch">
        <h2>{words.values}</h2>
        <span className="sp" />
        <Segmented
          label={words.kind} value={draft.kind} options={[{ value: "simple", label: words.simple }, { value: "custom", label: words.custom }]}
          onChange={(kind) => change({ kind, values: kind === "simple" ? {} : Object.fromEntries(form.parameters.filter((p) => p.simple).map((p) => [p.key, value(p)])) }, true)}
        />
      </div>
      <div className="nsw-form">
        <div className="field">
          <label htmlFor="sw-model">{words.model}</label>
          <select id="sw-model" className="input" value={draft.model} onChange={(e) => change({ model: e.target.value, values: {} }, true)}>
            {[...new Set([draft.model, ...models])].map((m) => (
              <option key={m}>{m}</option>
            ))}
          </select>
        </div>
        {varied.map((p) => {
          const label = parameterField(p.combo_key).label;
          const problem = asked.problems[p.key];
          return (
            <div key={p.key} className="field nsw-v">
              <label htmlFor={`sw-${p.key}`}>
                {label} <span className="mut">{p.key}</span>
              </label>
              <span className="nsw-n" aria-hidden="true">
                {asked.counts[p.key] ?? 0}
              </span>
              <input id={`sw-${p.key}`} className="input" value={value(p)} spellCheck={false} autoComplete="off" aria-invalid={problem !== undefined} aria-describedby={`sw-${p.key}-h`} onChange={(e) => change({ values: { ...(draft.kind === "simple" ? draft.values : draft.values), [p.key]: e.target.value } })} />
              <span id={`sw-${p.key}-h`} className={problem === undefined ? "help" : "help t-bad"}>
                {problem ?? helpOf(p)}
              </span>
              {draft.kind === "custom" ? (
                <button
                  type="button" className="nsw-x" aria-label={`Do not vary ${label}`}
                  onClick={() => change({ values: Object.fromEntries(Object.entries(draft.values).filter(([key]) => key !== p.key)) })}
                >
                  ×
                </button>
              ) : null}
            </div>
          );
        })}
        {draft.kind === "custom" && others.length > 0 ? (
          <div className="field">
            <label htmlFor="sw-add">{words.add}</label>
            <select
              id="sw-add" className="input" value=""
              onChange={(e) => {
                const p = form.parameters.find((x) => x.key === e.target.value);
                if (p !== undefined) change({ values: { ...draft.values, [p.key]: p.now === null ? simpleText(p) : String(p.now) } });
              }}
            >
              <option value="">A parameter</option>
              {others.map((p) => (
                <option key={p.key} value={p.key}>
                  {parameterField(p.combo_key).label}
                </option>
              ))}
            </select>
          </div>
        ) : null}
        {asked.problems["parameters"] === undefined ? null : <p className="t-bad sm">{asked.problems["parameters"]}</p>}
        <div className="two">
          <Text id="from" label={words.from} value={draft.from} placeholder={form.first_day ?? "2022-01-03"} problem={asked.problems["from"]} onChange={(from) => change({ from })} />
          <Text id="to" label={words.to} value={draft.to} placeholder={form.last_day ?? "2023-12-29"} problem={asked.problems["to"]} onChange={(to) => change({ to })} />
          <Text id="holdout" label={`${words.holdout}, %`} value={draft.holdout} help={words.holdoutHelp} problem={asked.problems["holdout"]} onChange={(holdout) => change({ holdout })} />
          <div className="field">
            <label htmlFor="sw-confidence">{words.confidence}</label>
            <select id="sw-confidence" className="input" value={draft.confidence} disabled={!form.uses_confidence} onChange={(e) => change({ confidence: e.target.value as Draft["confidence"] })}>
              <option value="classifier">{words.classifier}</option>
              <option value="rule">{words.rule}</option>
            </select>
          </div>
          <Text id="tag" label={words.tag} value={draft.tag} help={words.tagHelp} onChange={(tag) => change({ tag })} />
          <Text id="seed" label={words.seed} value={draft.seed} problem={asked.problems["seed"]} onChange={(seed) => change({ seed })} />
        </div>
        {draft.kind === "custom" ? (
          <div className="nsw-checks">
            {form.custom_cap === null ? null : (
              <Segmented label={words.onCap} value={draft.onCap} options={[{ value: "reject", label: `${words.onCap}: ${words.reject}` }, { value: "sample", label: words.sample }]} onChange={(onCap) => change({ onCap })} />
            )}
            <label title={form.may_settle ? undefined : "Your plan does not allow it."}>
              <input type="checkbox" checked={draft.earlyStop} disabled={!form.may_settle} onChange={(e) => change({ earlyStop: e.target.checked })} /> {words.earlyStop}
            </label>
            <label title={form.may_settle ? undefined : "Your plan does not allow it."}>
              <input type="checkbox" checked={draft.refine} disabled={!form.may_settle} onChange={(e) => change({ refine: e.target.checked })} /> {words.refine}
            </label>
          </div>
        ) : null}
      </div>
    </section>
  );
}

function helpOf(p: SweepableParameter): string {
  if (p.kind === "hours") return "all_day, morning_only, afternoon_only or 9+10+11; entries alone";
  const unit = p.key.endsWith("_pct") ? "%" : "";
  return [`${p.whole ? "whole, " : ""}${p.above_min ? "above" : "from"} ${given(p.min)} to ${given(p.max)}${unit}${p.allows_none ? ", or none" : ""}`, p.now === null ? "" : `the model's own is ${given(p.now)}${unit}`, "3..10 by 0.5 is a range"].filter((t) => t !== "").join("; ");
}

function Text({ id, label, value, placeholder, help, problem, onChange }: { id: string; label: string; value: string; placeholder?: string; help?: string; problem?: string | undefined; onChange(value: string): void }) {
  return (
    <div className="field">
      <label htmlFor={`sw-${id}`}>{label}</label>
      <input id={`sw-${id}`} className="input" value={value} placeholder={placeholder} spellCheck={false} autoComplete="off" aria-invalid={problem !== undefined} aria-describedby={`sw-${id}-h`} onChange={(e) => onChange(e.target.value)} />
      <span id={`sw-${id}-h`} className={problem === undefined ? "help" : "help t-bad"}>
        {problem ?? help ?? ""}
      </span>
    </div>
  );
}

function Outcome({ draft, form, asked, plan, error, isCurrent, barred }: { draft: Draft; form: SweepForm; asked: Asked; plan: SweepPlanned | undefined; error: unknown; isCurrent: boolean; barred: string | null }) {
  const [open, setOpen] = useState(false);
  const go = useNavigate();
  const mayRun = useBarrier("run");
  const grid = Object.values(asked.counts).reduce((n, c) => n * c, Object.keys(asked.counts).length === 0 ? 0 : 1);
  const cap = draft.kind === "simple" ? form.simple_cap : form.custom_cap;
  const refused = error instanceof ApiError ? error : null;
  const total = error !== null ? grid : (plan?.total_combinations ?? grid);
  const lacking = barred ?? mayRun ?? (asked.body === null ? "Mend what is marked." : error !== null ? "The plan is refused." : plan === undefined || !isCurrent ? "The plan is being made." : null);
  const over = cap !== null && grid > cap;
  return (
    <section className="card nsw-out" aria-label="Plan">
      <div className="nsw-count" aria-live="polite">
        <b data-testid="combos">{count(total)}</b> <span>{words.count}</span>
        <span className="sub sm">
          {Object.values(asked.counts).map((c) => count(c)).join(" × ")}
          {plan?.sample != null && error === null ? `, a sample of a grid of ${count(plan.grid_size)}` : ""}
        </span>
      </div>
      <div className={over ? "nsw-cap over" : "nsw-cap"}>
        {cap === null ? <span className="mut sm">{words.all}</span> : (
          <>
            <i style={{ transform: `scaleX(${Math.min(1, grid / cap)})` }} />
            <span className={over ? "t-bad sm" : "mut sm"}>
              {count(grid)} of {count(cap)}, the {words.cap} of plan {form.plan}
            </span>
          </>
        )}
      </div>
      {refused !== null ? <ErrorPanel error={refused} what={`${words.wrong}.`} /> : null}
      {plan === undefined || error !== null ? null : (
        <div className="nsw-facts" aria-busy={!isCurrent}>
          {plan.same === null ? null : (
            <p className="note-box">
              <b>{words.same}.</b> {words.sameWhy} <Link className="link" to={`/sweeps/${plan.same.sweep_id}`}>{words.open}</Link>
            </p>
          )}
          <dl className="kv">
            <div>
              <dt>Takes about</dt>
              <dd title={plan.cost.basis}>{duration(1000 * plan.cost.seconds)} on one thread</dd>
            </div>
            <div>
              <dt>Work</dt>
              <dd>
                {many(plan.cost.indicator_sets, "indicator set", "indicator sets")}, {many(plan.cost.confidence_fits, "classifier fit", "classifier fits")}, {many(plan.cost.paths, "trade list", "trade lists")} at most
              </dd>
            </div>
            <div>
              <dt>Selection window</dt>
              <dd>{spanText(plan.window["selection"])}</dd>
            </div>
            <div>
              <dt>{words.holdout}</dt>
              <dd>{plan.window["holdout"] === null ? <span className="t-warn">nothing is held out</span> : `${spanText(plan.window["holdout"])}, cut off before`}</dd>
            </div>
            <div>
              <dt>Gates</dt>
              <dd>{gatesText(plan.quality_gates)}</dd>
            </div>
            <div>
              <dt>Trades kept</dt>
              <dd>{plan.detail === "all" ? "of every combo" : "of combos that no other beats"}</dd>
            </div>
          </dl>
          <Combos title={words.first} combos={plan.first} />
          {plan.last.length === 0 ? null : <Combos title={words.last} combos={plan.last} />}
          {plan.warnings.map((w) => (
            <p key={w.message} className="t-warn sm">
              {w.message} <code>{w.code}</code>
            </p>
          ))}
          <p className="mut sm">The estimate rests on {plan.cost.basis}.</p>
        </div>
      )}
      {asked.body === null ? null : <CommandLine command={commandOf("plan", asked.body)} />}
      <div className="nsw-go">
        <span className="sm mut" aria-live="polite">
          {lacking}
        </span>
        <span className="sp" />
        <button type="button" className="btn p" disabled={lacking !== null} title={lacking ?? undefined} onClick={() => setOpen(true)}>
          {words.launch}
        </button>
      </div>
      {plan === undefined || asked.body === null ? null : (
        <PreviewDialog
          title={words.launchTitle} open={open} onClose={() => setOpen(false)} confirm={words.confirm} reason={false} cli={commandOf("run", asked.body)}
          effects={[
            `${many(plan.total_combinations, "combo", "combos")} of ${plan.model_id} run on ${plan.ticker}, ${spanText(plan.window["selection"])}.`, `It takes about ${duration(1000 * plan.cost.seconds)} on one thread.`,
            `Each combo that trades differently counts as a trial on this idea for good: every trial lowers the deflated Sharpe of all of them.`,
          ]}
          stays={[plan.window["holdout"] === null ? "Nothing is held out: what is chosen will have been seen whole." : `The hold-out ${spanText(plan.window["holdout"])} stays unseen.`, ...(plan.same === null ? [] : [`${plan.same.sweep_id} is that sweep already: nothing runs again.`])]}
          onConfirm={async () => {
            const begun = await createSweep({ body: asked.body! });
            await go(`/sweeps/${begun.sweep_id}`);
          }}
        />
      )}
    </section>
  );
}

function spanText(span: unknown): string {
  const { start, end, trading_days } = span as { start: string; end: string; trading_days: number };
  return `${days(start, end)}, ${many(trading_days, "day", "days")}`;
}

export function gatesText(gates: Record<string, unknown>): string {
  const of = (key: string): number | null => (typeof gates[key] === "number" ? gates[key] : null);
  return [
    of("min_trades") === null ? "" : `at least ${count(of("min_trades"))} trades`, of("min_sharpe") === null ? "" : `Sharpe at least ${given(of("min_sharpe"))}`,
    of("max_drawdown") === null ? "" : `drawdown at most ${drawdown(of("max_drawdown"))}`, of("min_win_rate") === null ? "" : `wins at least ${rate(of("min_win_rate"))}`,
  ].filter((t) => t !== "").join(", ");
}

function Combos({ title, combos }: { title: string; combos: readonly PlannedCombo[] }) {
  return (
    <div className="nsw-combos">
      <h3>{title}</h3>
      <ul>
        {combos.map((c) => (
          <li key={c.combo_id}>
            <b>{c.combo_id}</b>{" "}
            {Object.entries(c.config).map(([key, value]) => `${parameterField(key).label} ${valueText(key, value)}`).join(", ")}
          </li>
        ))}
      </ul>
    </div>
  );
}

/** A value of a config as the server writes it. */
export function valueText(key: string, value: unknown): string {
  if (Array.isArray(value)) return wordText(parameterField(key), hoursWord(JSON.stringify(value)));
  if (typeof value === "number") return key.endsWith("_pct") ? percentGiven(value) : given(value);
  return value === null || value === "none" ? "off" : String(value);
}
