import { keepPreviousData, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useMemo, useState } from "react";
import { Link, useNavigate } from "react-router";
import { changeModel, createModel, listSeries, previewModel, type ModelDrafted } from "../../api/client";
import { CopyAsCli } from "../../components/CopyAsCli";
import { ErrorPanel } from "../../components/ErrorPanel";
import { Glyph } from "../../components/Icon";
import { OtherText } from "../../components/OtherText";
import { useAddress } from "../../components/Shell/address";
import { Skeleton } from "../../components/Skeleton";
import { useToast } from "../../components/Toasts";
import { usePage } from "../../components/Shell/page";
import { useLive } from "../../live/Live";
import { meQuery, useBarrier } from "../../api/rights";
import { many } from "../../text/format";
import { wizard as words } from "../../text/models";
import { nav, needs } from "../../text/strings";
import { grouped } from "../Packs/model";
import { packQuery, packsQuery } from "../Packs/queries";
import { modelQuery, modelsQuery } from "./queries";
import { InputsStep, InstrumentStep, PackStep, RiskStep } from "./Steps";
import { commandOf, draftFrom, draftOf, emptyDraft, problemsOf, proposedId, proposedName, requestOf, selectionOf, stepOf, type Draft } from "./wizard";
import "../Packs/style.css";
import "./style.css";

const REST_MS = 250;

/** Where the answers of a draft are kept: in this tab, under a name that stands in the address, so that a reload and the way back find them and a new model begins empty. */
const placeOf = (kept: string): string => `sigmatiq.model.${kept}`;

export function NewModelPage() {
  const [search, setSearch] = useAddress();
  const kept = search.get("draft");
  useEffect(() => {
    if (kept !== null) return;
    setSearch((was) => {
      const next = new URLSearchParams(was);
      next.set("draft", `${Date.now().toString(36)}${Math.random().toString(36).slice(2, 6)}`);
      return next;
    }, { replace: true, later: true });
  }, [kept, setSearch]);
  const edit = search.get("edit");
  const from = edit ?? search.get("from");
  const list = useQuery(packsQuery);
  const start = useQuery({ ...modelQuery(from ?? ""), enabled: from !== null });
  const title = edit === null ? words.title : words.change;
  const crumbs = useMemo(() => [{ label: nav.models, to: "/models" }, { label: title }], [title]);
  usePage(title, crumbs);
  const asked = search.get("pack");
  const newest = useMemo(() => (list.data === undefined ? undefined : grouped(list.data)[0]?.newest.id), [list.data]);
  const draft = useMemo(
    () => (from !== null ? (start.data === undefined ? undefined : draftOf(start.data, edit !== null)) : newest === undefined ? undefined : emptyDraft(asked ?? (list.data!.some((p) => p.pack_id === "swingsigma") ? list.data!.filter((p) => p.pack_id === "swingsigma").at(-1)!.id : newest))),
    [from, edit, start.data, newest, asked, list.data],
  );
  const error = list.error ?? start.error;
  if (draft !== undefined && kept !== null) return <Wizard key={`${from ?? "new"} ${kept}`} start={draft} kept={kept} edit={edit} title={title} />;
  return (
    <div className="pg" aria-busy={error === null}>
      <div className="hd">
        <h1>{title}</h1>
      </div>
      {error === null ? <Skeleton height={420} /> : (
        <section className="card">
          <ErrorPanel error={error} onRetry={() => void list.refetch()} />
        </section>
      )}
    </div>
  );
}

/** A value that has rested for a moment. */
function useRested<T>(value: T): T {
  const [rested, setRested] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setRested(value), REST_MS);
    return () => clearTimeout(timer);
  }, [value]);
  return rested;
}

function Wizard({ start, kept, edit, title }: { start: Draft; kept: string; edit: string | null; title: string }) {
  const [draft, setDraft] = useState(() => draftFrom(sessionStorage.getItem(placeOf(kept)), start) ?? start);
  const [search, setSearch] = useAddress();
  const step = Math.min(3, Math.max(0, Number(search.get("step") ?? "1") - 1 || 0));
  const me = useQuery(meQuery).data ?? null;
  const barrier = useBarrier("plan");
  const { state } = useLive();
  const go = useNavigate();
  const toast = useToast();
  const queries = useQueryClient();
  const all = useQuery(modelsQuery).data;
  const series = useQuery({ queryKey: ["series"], queryFn: ({ signal }) => listSeries({ signal }), staleTime: 60_000 }).data;
  const pack = useQuery({ ...packQuery(draft.pack), placeholderData: keepPreviousData });
  const [busy, setBusy] = useState(false);
  const [failed, setFailed] = useState<unknown>(null);
  // Only what has been gone past is held against anybody: a step that has just been opened shows no fault of what nobody has touched.
  const [passed, setPassed] = useState(step);
  const set = (change: Partial<Draft>): void => setDraft((was) => ({ ...was, ...change }));
  useEffect(() => {
    if (draft !== start) sessionStorage.setItem(placeOf(kept), JSON.stringify(draft));
  }, [draft, start, kept]);

  const user = me?.id ?? "";
  const doc = pack.data;
  const strategy = draft.strategy ?? doc?.strategies[0]?.id ?? "";
  const features = draft.features ?? doc?.features.map((f) => f.id) ?? [];
  // What nobody has selected yet is asked for with nothing selected, so that the server says what is needed.
  const bareRequest = doc === undefined ? null : requestOf(draft, user, "draft", "Draft", { indicators: [], features });
  const bare = useQuery({
    queryKey: ["model-needs", draft.pack, strategy, features], enabled: bareRequest !== null && barrier === null && me !== null && draft.indicators === null, placeholderData: keepPreviousData, staleTime: Infinity,
    queryFn: ({ signal }) => previewModel({ body: { ...bareRequest!, parameter_overrides: {} }, signal }),
  }).data;
  const selected = selectionOf({ ...draft, features }, draft.indicators === null ? (bare?.inputs ?? []) : []);
  const id = draft.id ?? proposedId(draft, strategy, edit !== null ? [] : (all ?? []).filter((m) => m.user_id === user).map((m) => m.id));
  const name = draft.name ?? proposedName(draft, doc?.strategies.find((s) => s.id === strategy)?.name ?? strategy, id, (all ?? []).map((m) => m.name));
  const owner = edit === null ? user : (all?.find((m) => m.id === edit)?.user_id ?? user);
  const request = requestOf({ ...draft, strategy }, owner, id, name, selected);
  const rested = useRested(JSON.stringify(request));
  const answer = useQuery({
    queryKey: ["model-draft", rested], enabled: barrier === null && me !== null && doc !== undefined && (draft.indicators !== null || bare !== undefined), placeholderData: keepPreviousData, staleTime: Infinity,
    queryFn: ({ signal }) => previewModel({ body: JSON.parse(rested) as typeof request, signal }),
  });
  const draftAnswer: ModelDrafted | undefined = answer.data;
  const problems = draftAnswer === undefined ? [] : problemsOf(draft, draftAnswer);
  const settled = rested === JSON.stringify(request) && !answer.isPlaceholderData && draftAnswer !== undefined;
  const placeOfProblem = (p: (typeof problems)[number]): number => stepOf(p.where, draftAnswer?.settings ?? []);
  const told = problems.filter((p) => placeOfProblem(p) < passed);
  const at = (i: number): number => told.filter((p) => placeOfProblem(p) === i).length;
  const move = (to: number): void => {
    setPassed(Math.max(passed, to));
    if (to === step) return;
    setSearch((was) => {
      const next = new URLSearchParams(was);
      next.set("step", String(to + 1));
      return next;
    });
  };
  // What was answered to an earlier draft says nothing of this one.
  const lacks = barrier ?? (state === "offline" ? needs.online : settled && problems.length > 0 ? `${many(problems.length, "problem", "problems")} ${words.fix}.` : null);

  async function send() {
    setPassed(words.steps.length);
    if (lacks !== null) return move(problems.length > 0 ? placeOfProblem(problems[0]!) : step);
    setBusy(true);
    setFailed(null);
    try {
      if (edit === null) await createModel({ body: request });
      else await changeModel({ id: edit, body: request });
      sessionStorage.removeItem(placeOf(kept));
      toast({ tone: "ok", text: edit === null ? `The model ${id} is made.` : `The model ${edit} is changed.` });
      await Promise.all([queries.invalidateQueries({ queryKey: ["models"] }), queries.invalidateQueries({ queryKey: ["model"] }), queries.invalidateQueries({ queryKey: ["pack"] })]);
      await go(`/models/${encodeURIComponent(edit ?? id)}`);
    } catch (caught) {
      setFailed(caught);
    } finally {
      setBusy(false);
    }
  }

  const view = { draft, set, doc, answer: draftAnswer, problems, tried: passed > step, strategy, selected, id, name, series: series ?? [], edit, failedDraft: answer.error };
  return (
    <div className="pg wiz">
      <div className="hd">
        <h1>{title}</h1>
        {edit === null ? null : <span className="mono sub">{edit}</span>}
        <span className="sp" />
        <CopyAsCli command={commandOf({ ...draft, strategy }, id, edit)} />
      </div>
      <ol className="wiz-steps" aria-label="Steps">
        {words.steps.map((label, i) => (
          <li key={label}>
            <button type="button" aria-current={i === step ? "step" : undefined} onClick={() => move(i)}>
              <span className="wiz-n" data-bad={at(i) > 0 || undefined}>{at(i) > 0 ? <Glyph name="cross" size={11} /> : i + 1}</span>
              {label}
              {at(i) > 0 ? <span className="sr">, {many(at(i), "problem", "problems")}</span> : null}
            </button>
          </li>
        ))}
      </ol>
      <div className="wiz-b">
        <div className="wiz-main">
          {pack.error !== null && doc === undefined ? <section className="card"><ErrorPanel error={pack.error} onRetry={() => void pack.refetch()} /></section> : null}
          {step === 0 ? <PackStep {...view} /> : step === 1 ? <InstrumentStep {...view} /> : step === 2 ? <InputsStep {...view} /> : <RiskStep {...view} />}
          {failed === null ? null : <ErrorPanel error={failed} />}
          <div className="wiz-f">
            {step === 0 ? <Link className="btn" to={edit === null ? "/models" : `/models/${encodeURIComponent(edit)}`}>{words.back}</Link> : (
              <button type="button" className="btn" onClick={() => move(step - 1)}>
                {words.back}
              </button>
            )}
            <span className="sp" />
            <span className="sm mut" id="wiz-why" aria-live="polite">
              {step === 3 ? (lacks ?? (settled ? null : "Checking…")) : null}
            </span>
            {step < 3 ? (
              <button type="button" className="btn p" onClick={() => move(step + 1)}>
                {words.next}: {words.steps[step + 1]!.toLowerCase()}
              </button>
            ) : (
              <button type="button" className="btn p" disabled={barrier !== null || busy || (lacks === null && !settled)} aria-describedby="wiz-why" onClick={() => void send()}>
                {edit === null ? words.make : words.save}
              </button>
            )}
          </div>
        </div>
        <aside className="wiz-rail card" aria-labelledby="wiz-sum">
          <div className="ch">
            <h2 id="wiz-sum">What it will be</h2>
          </div>
          <dl className="facts one-c">
            {([["Id", id], ["Pack", draft.pack], ["Strategy", doc?.strategies.find((s) => s.id === strategy)?.name ?? strategy], ["Trades", draft.ticker === "" ? "not chosen yet" : draft.ticker.toUpperCase()], ["Risk profile", draft.profile]] as const).map(([term, text]) => (
              <div key={term}>
                <dt>{term}</dt>
                <dd className={term === "Id" ? "mono" : undefined}>
                  <OtherText most={80}>{text}</OtherText>
                </dd>
              </div>
            ))}
            <div>
              <dt>Reads</dt>
              <dd>
                {many(selected.indicators.length, "indicator", "indicators")}, {many(selected.features.length, "feature", "features")}
              </dd>
            </div>
            <div>
              <dt>Differs from the pack in</dt>
              <dd>{many(Object.values(draft.overrides).filter((t) => t.trim() !== "").length, "setting", "settings")}</dd>
            </div>
          </dl>
          {told.length > 0 ? (
            <ul className="wiz-p">
              {told.map((p, i) => (
                <li key={i}>
                  <button type="button" onClick={() => move(placeOfProblem(p))}>
                    <code className="t-bad">{p.code}</code> <OtherText most={200}>{p.message}</OtherText>
                  </button>
                </li>
              ))}
            </ul>
          ) : null}
          {(draftAnswer?.warnings ?? []).length === 0 ? null : (
            <ul className="wiz-w">
              {draftAnswer!.warnings.map((w, i) => (
                <li key={i}>
                  <span className="t-warn">
                    <Glyph name="triangle" size={11} />
                  </span>{" "}
                  <OtherText most={240}>{w.message}</OtherText>
                </li>
              ))}
            </ul>
          )}
        </aside>
      </div>
    </div>
  );
}
