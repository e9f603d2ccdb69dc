import { useQueryClient } from "@tanstack/react-query";
import { lazy, Suspense, useCallback, useEffect, useMemo, useRef, useState, type ReactNode } from "react";
import { Link, useNavigate, useParams } from "react-router";
import { getSparklines } from "../../api/client";
import { ApiError, refusal } from "../../api/http";
import { useBarrier, useDecisionBarrier } from "../../api/rights";
import { CopyAsCli, useCopied } from "../../components/CopyAsCli";
import { EmptyState } from "../../components/EmptyState";
import { ErrorPanel } from "../../components/ErrorPanel";
import { FilterBar, filterWords } from "../../components/FilterBar";
import { HeatMap } from "../../components/HeatMap";
import { Glyph, Icon } from "../../components/Icon";
import { LeaderboardTable } from "../../components/LeaderboardTable";
import { EQUITY } from "../../components/LeaderboardTable/types";
import { ParallelAxes } from "../../components/ParallelAxes";
import { Segmented } from "../../components/Segmented";
import { useAddress } from "../../components/Shell/address";
import { Skeleton } from "../../components/Skeleton";
import { StateBadge } from "../../components/StateBadge";
import { useToast } from "../../components/Toasts";
import { useKeys } from "../../components/Shell/keys";
import { usePage, useSynthetic } from "../../components/Shell/page";
import type { Bands } from "../../leaderboard/axes";
import { numberAt, rowOf, wordAt, type Board } from "../../leaderboard/columns";
import { figureText, parameterField, type Field } from "../../leaderboard/fields";
import { replaced, type Filter } from "../../leaderboard/filters";
import { usualAxes, type HeatCells } from "../../leaderboard/heat";
import { isUnderWay, useBoard, type About, type BoardState } from "../../leaderboard/useBoard";
import type { BoardEngine } from "../../leaderboard/engine";
import type { BoardView } from "../../leaderboard/view";
import { count, duration, many, pbo, ratioInterval, shortId } from "../../text/format";
import { common, nav } from "../../text/strings";
import { sweeps as words } from "../../text/sweeps";
import { day, days } from "../../text/time";
import { useNarrow } from "../Review/narrow";
import { CancelSweep, TrainDialog } from "./Actions";
import { gatesText } from "./New";
import { COMPARE_MOST, sortAfter, stateOf, withFilters, withKey, type PageState } from "./state";
import "./style.css";

const Compare = lazy(() => import("./Compare").then((m) => ({ default: m.Compare })));

const HEAT_METRICS = ["sharpe", "return", "trades", "dd", "win"];

/** A sweep: running, with its leaderboard filling; then the combos by rank, with what keeps them from being believed too easily. */
export function SweepPage() {
  const { sweep: id = "" } = useParams();
  const [search, setSearch] = useAddress();
  const go = useNavigate();
  const state = useBoard(id);
  const { sweep, about, board, engine, complete } = state;
  const [opened, setOpened] = useState<readonly number[]>([]);
  const page = useMemo(() => stateOf(search, board, about?.parameters ?? [], opened), [search, board, about, opened]);
  const view = useView(state, page);
  const narrow = useNarrow();
  const barred = useBarrier("run");
  const barredCancel = useDecisionBarrier(state.sweep?.created_by);
  const [filtering, setFiltering] = useState(false);
  const [dialog, setDialog] = useState<"train" | "cancel" | null>(null);
  const sorter = useRef<HTMLSelectElement>(null);
  const live = sweep !== undefined && isUnderWay(sweep.status);

  const set = useCallback((change: (was: URLSearchParams) => URLSearchParams, replace = false) => setSearch(change, { replace }), [setSearch]);
  const focusOn = useCallback((combo: number) => set((was) => withKey(was, "focus", `combo:${combo}`), true), [set]);
  const choose = useCallback((combo: number, on: boolean) => set((was) => {
    const chosen = (was.get("sel") ?? "").split(",").filter((c) => c !== "" && c !== String(combo));
    return withKey(was, "sel", [...chosen, ...(on ? [combo] : [])].join(","));
  }, true), [set]);
  const openCombo = useCallback((combo: number) => void go(`/sweeps/${id}/combos/${combo}`), [go, id]);

  const crumbs = useMemo(() => [{ label: nav.sweeps, to: "/sweeps" }, { label: shortId(id), mono: true }], [id]);
  const status = sweep?.status;
  const badge = useMemo(() => (status === undefined ? null : <StateBadge state={status} />), [status]);
  usePage(`${nav.sweeps}, ${id}`, crumbs, badge);
  useSynthetic(sweep?.synthetic);

  const order = view?.order;
  const step = (by: number): void => {
    if (order === undefined || order.length === 0) return;
    const at = page.focus === null ? -1 : order.indexOf(rowOf(board, page.focus));
    focusOn(numberAt(board, "combo_id", order[Math.min(order.length - 1, Math.max(0, at < 0 ? 0 : at + by))]!)!);
  };
  const canCompare = page.selected.length >= 2 && page.selected.length <= COMPARE_MOST;
  const compare = (): void => { if (canCompare) set((was) => withKey(was, "view", page.compare ? "" : "compare")); };
  const train = (): void => { if (page.selected.length > 0 && barred === null && !live) setDialog("train"); };

  useKeys({
    f: () => setFiltering((o) => !o), s: () => sorter.current?.focus(), c: compare, t: train, d: () => set((was) => withKey(was, "near", page.hideNear ? "" : "hide")), x: () => set((was) => withKey(withKey(was, "sel", ""), "view", "")),
    j: () => step(1), k: () => step(-1),
    Enter: (e) => {
      if (e.target instanceof HTMLElement && e.target.closest("a,button,summary") !== null) (e.target.closest("a,button,summary") as HTMLElement).click();
      else if (page.focus !== null) openCombo(page.focus);
    },
    Escape: () => (page.compare ? set((was) => withKey(was, "view", "")) : void go("/sweeps")),
  });
  // Space belongs to whatever has the focus, and to the leaderboard where nothing or itself has it.
  useEffect(() => {
    const heard = (e: KeyboardEvent): void => {
      const at = e.target as HTMLElement;
      if (e.key !== " " || page.focus === null || e.defaultPrevented || document.querySelector("[role=dialog]") !== null || (at !== document.body && at.getAttribute("role") !== "grid")) return;
      e.preventDefault();
      choose(page.focus, !page.selected.includes(page.focus));
    };
    window.addEventListener("keydown", heard);
    return () => window.removeEventListener("keydown", heard);
  }, [page.focus, page.selected, choose]);

  if (state.error !== null && sweep === undefined) {
    return (
      <div className="pg">
        <h1 className="sr">{nav.sweeps}</h1>
        <ErrorPanel error={state.error} what={words.unreadOne} onRetry={state.retry} />
      </div>
    );
  }

  const best = board.rows > 0 ? numberAt(board, "combo_id", 0) : null;
  const cli = ["./sigmatiq", "sweeps", "leaderboard", id, ...cliFilters(page)];
  const nothingPasses = about !== undefined && !live && about.evaluated > 0 && about.passed_gates + about.marginal_gates === 0;
  return (
    <div className="pg swp" data-complete={complete}>
      <div className="hd">
        <h1>{sweep === undefined ? shortId(id) : `${sweep.model_id}${sweep.tag === null ? "" : `, ${sweep.tag}`}`}</h1>
        <span className="sub">{about?.window === undefined ? (sweep === undefined ? "" : sweep.pack) : `selection window ${days(about.window.selection.start, about.window.selection.end)}${figuresFrom(about)}, ${about.window.holdout === null ? "nothing held out" : "hold-out cut off before"}`}</span>
        <span className="sp" />
        <CopyAsCli command={cli} />
        {live ? null : <Downloads id={id} rows={about?.evaluated ?? null} />}
        <CopyLink />
        {live ? (
          <button type="button" className="btn s d" disabled={barredCancel !== null} title={barredCancel ?? undefined} onClick={() => setDialog("cancel")}>
            {words.cancel}
          </button>
        ) : null}
      </div>

      {sweep?.problem == null ? null : <ErrorPanel error={new ApiError(409, { code: sweep.problem.code, message: sweep.problem.message, where: sweep.problem.where ?? null, remedy: sweep.problem.remedy ?? null })} what={`${words.partial}.`} />}
      {sweep !== undefined && live ? <Progress state={state} /> : null}
      {status === "failed" ? null : <Head about={about} board={board} best={best} live={live} />}
      {nothingPasses ? (
        <section className="banner" aria-labelledby="none-h">
          <Glyph name="triangle" size={14} />
          <div>
            <h2 id="none-h">{words.nothingPasses}</h2>
            <p>
              {words.nothingPassesWhy} Required: {gatesText(about.quality_gates ?? {})}.
            </p>
          </div>
          <Link className="btn s" to={`/sweeps/new?model=${encodeURIComponent(about.model_id)}`}>
            {words.again}
          </Link>
        </section>
      ) : null}
      {page.unknown.length > 0 ? <p className="t-warn">This leaderboard does not know {page.unknown.map((f) => `“${f}”`).join(", ")}; it is left out.</p> : null}

      {status === "failed" ? null : page.compare && canCompare ? (
        <Suspense fallback={<div aria-busy="true" style={{ height: 400 }} />}>
          <Compare id={id} board={board} fields={page.fields} parameters={about?.parameters ?? []} combos={page.selected} onClose={() => set((was) => withKey(was, "view", ""))} onRemove={(combo) => choose(combo, false)} />
        </Suspense>
      ) : (
        <div className="swp-two">
          <section className="card lb-card-box" aria-label={words.combos}>
            <div className="ch filters">
              <Segmented
                label={words.gates} value={gateChoice(page.filters)} options={[{ value: "", label: "Any gate" }, { value: "pass", label: words.pass }, { value: "pass,marginal", label: "Not fail" }]}
                onChange={(v) => set((was) => withFilters(was, replaced(page.filters, "gate", v === "" ? [] : [{ field: "gate", comparator: "in", values: v.split(",") }])))}
              />
              {board.columns["position_size_pct"] === undefined ? null : (
                <button type="button" className="btn s" aria-pressed={!page.fold} title={`${words.sizesHint}`} onClick={() => set((was) => withKey(was, "sizes", page.fold ? "apart" : ""))}>
                  {words.sizes} <b>{page.fold ? words.together : words.apart}</b>
                </button>
              )}
              <button type="button" className="btn s" aria-pressed={page.hideNear} onClick={() => set((was) => withKey(was, "near", page.hideNear ? "" : "hide"))}>
                {words.near} <b>{page.hideNear ? words.nearHidden : words.nearShown}</b> <kbd>D</kbd>
              </button>
              <FilterBar board={board} fields={page.fields} filters={page.filters.filter((f) => f.field !== "gate" || gateChoice(page.filters) === "other")} open={filtering} onOpen={setFiltering} onChange={(next) => set((was) => withFilters(was, [...page.filters.filter((f) => f.field === "gate" && gateChoice(page.filters) !== "other" && !next.some((n) => n.field === "gate")), ...next]))} />
            </div>
            <div className="lb-n">
              <p className="sm mut" aria-live="polite">
                {view === null ? "" : kept(view, about, complete, page)}
              </p>
              <span className="sp" />
              <label className="sm sub pick">
                <span className="sr">{words.sort}</span>
                <select ref={sorter} className="input" value={search.get("sort")?.split(",")[0] ?? ""} onChange={(e) => { const value = e.target.value; set((was) => withKey(was, "sort", value)); }}>
                  <option value="">{words.sort}: rank</option>
                  {page.fields.filter((f) => f.name !== "rank").flatMap((f) => [<option key={`-${f.name}`} value={`-${f.name}`}>{f.label} ↓</option>, <option key={f.name} value={f.name}>{f.label} ↑</option>])}
                </select>
              </label>
              <ColumnPicker page={page} onChange={(cols) => set((was) => withKey(was, "cols", cols))} />
            </div>
            {state.error !== null ? (
              <ErrorPanel error={state.error} what={words.unreadBoard} onRetry={state.retry} />
            ) : state.gathering ? (
              <EmptyState what={words.gathering} why={words.gatheringWhy} />
            ) : engine === null || view === null ? (
              <div style={{ padding: 12 }} aria-busy="true">
                <Skeleton height={420} />
              </div>
            ) : view.order.length === 0 ? (
              <Emptied page={page} view={view} total={board.rows} live={live} onClear={(filters) => set((was) => withFilters(was, filters))} />
            ) : (
              <Rows id={id} board={board} view={view} page={page} narrow={narrow} live={live} opened={opened} onOpened={setOpened} onSort={(field, also) => set((was) => withKey(was, "sort", sortAfter(was.get("sort"), field, also)))} onSelect={choose} onFocus={focusOn} onOpen={openCombo} />
            )}
            {page.selected.length === 0 ? null : (
              <SelectionBar
                board={board} page={page} canCompare={canCompare} barred={live ? "A sweep is trained from when it has ended." : barred} onClear={() => set((was) => withKey(withKey(was, "sel", ""), "view", ""))} onCompare={compare} onTrain={train}
              />
            )}
          </section>
          {view === null || engine === null || about === undefined || board.rows === 0 ? null : <Pictures state={state} page={page} view={view} search={search} set={set} onFocus={focusOn} />}
        </div>
      )}
      {about === undefined || live ? null : <Notes about={about} />}
      {sweep === undefined || about === undefined ? null : (
        <>
          <TrainDialog open={dialog === "train"} onClose={() => setDialog(null)} sweep={sweep} board={board} fields={page.fields} combos={page.selected} />
          <CancelSweep open={dialog === "cancel"} onClose={() => setDialog(null)} sweep={sweep} />
        </>
      )}
    </div>
  );
}

interface KeptView extends BoardView {
  /** Another one where other rows may be kept; the same where only their order changed, and then rows are the same array too. */
  kept: string;
  engine: BoardEngine;
  total: number;
}

/** The view of the state, by whichever engine there is; the one before stays until the next is there. */
function useView({ engine, board, complete, loaded }: BoardState, page: PageState): KeptView | null {
  const [view, setView] = useState<KeptView | null>(null);
  const asked = JSON.stringify(page.query);
  const needed = [...[...page.query.filters, ...page.query.sort].map((q) => q.column), ...(page.query.fold ? ["size_group"] : []), ...(page.query.hideNear ? ["near_duplicate_of", "duplicate_of"] : [])];
  // Columns that come later change nothing of a view that does not ask for them.
  const known = loaded === null ? "all" : needed.filter((c) => loaded.has(c)).join(",");
  const total = board.rows;
  useEffect(() => {
    // Filtered and sorted by rows that are not all there, the first rows would be the wrong ones.
    const query = JSON.parse(asked) as typeof page.query;
    const first = [...query.filters, ...query.sort].map((q) => q.column);
    if (engine === null || (!complete && first.length > 0) || (loaded !== null && first.some((c) => !loaded.has(c)))) return;
    let late = false;
    const kept = JSON.stringify([query.filters, query.hideNear, known]);
    void engine.view(query).then((next) => {
      if (!late) setView((was) => ({ ...next, rows: was !== null && was.kept === kept && was.engine === engine ? was.rows : next.rows, kept, engine, total }));
    });
    return () => {
      late = true;
    };
  }, [engine, asked, complete, known, total]);
  // An order of another board names rows that are not there.
  return view !== null && view.total <= total ? view : null;
}

/** The value of before where it is made of the same. */
function useSame<T>(value: T): T {
  const text = JSON.stringify(value);
  return useMemo(() => value, [text]);
}

/** Where the figures begin later than the window: indicators need bars first, a classifier learns. */
function figuresFrom(about: About): string {
  const [from, window] = [about.figures_from_utc?.slice(0, 10), about.window?.selection.start];
  return from === undefined || window === undefined || from <= window ? "" : `, figures from ${day(from)}`;
}

function Head({ about, board, best, live }: { about: About | undefined; board: Board; best: number | null; live: boolean }) {
  if (about === undefined) return <div className="sum" aria-busy="true"><Skeleton height={50} /></div>;
  const dsr = numberAt(board, "deflated_sharpe", 0);
  const overfit = about.overfit?.pbo ?? null;
  const item = (label: string, value: ReactNode, more: ReactNode = null, tone = "", title?: string) => (
    <div title={title}>
      <dt>{label}</dt>
      <dd>
        <b className={tone}>{value}</b> {more}
      </dd>
    </div>
  );
  return (
    <dl className="sum" aria-label="Counts">
      {item(words.combos, count(about.evaluated), <span className="sub">{live ? `of ${count(about.total_combinations)}` : about.grid_size > about.evaluated ? `of a grid of ${count(about.grid_size)}` : `${count(about.different)} ${words.different}`}</span>)}
      {item(words.pass, count(about.passed_gates), null, about.passed_gates > 0 ? "t-ok" : "")}
      {item(words.marginal, count(about.marginal_gates), null, about.marginal_gates > 0 ? "t-warn" : "")}
      {item(words.fail, count(about.failed_gates), null, about.failed_gates > 0 ? "t-bad" : "")}
      {live ? null : item(words.pbo, overfit === null ? "n/a" : pbo(overfit), <span className="sub">want at most 20%</span>, overfit === null || overfit > 0.2 ? "t-warn" : "t-ok", about.overfit?.reason ?? (about.overfit == null ? "" : `In ${count(about.overfit.overfit_splits)} of ${count(about.overfit.splits)} splits the best of one half is below the middle of the other.`))}
      {live ? null : item(words.dsr, dsr === null ? "n/a" : figureText("probability", dsr), <span className="sub">of {count(about.trials?.different ?? 0)} tried</span>, dsr !== null && dsr >= 0.95 ? "t-ok" : "t-warn", "Probability that the best Sharpe ratio is above what the best of all trials on this idea has by chance. Want 0.95.")}
      {item(best === null ? words.intervalNone : `${words.interval} ${best}, 95%`, ratioInterval(numberAt(board, "sharpe_low", 0), numberAt(board, "sharpe_high", 0)), null, (numberAt(board, "sharpe_low", 0) ?? -1) <= 0 ? "t-warn" : "")}
    </dl>
  );
}

function Progress({ state }: { state: BoardState }) {
  const { sweep, about } = state;
  if (sweep === undefined) return null;
  const pieces = about?.pieces ?? 0;
  const wanted = Math.max(pieces, Math.ceil(sweep.total_combinations / 256));
  const eta = sweep.eta_seconds === null ? "" : `, about ${duration(1000 * sweep.eta_seconds)} left`;
  return (
    <section className="card prog" aria-labelledby="prog-h">
      <h2 id="prog-h" aria-live="polite">
        {sweep.status === "queued" ? "Waits for the engine" : sweep.status === "stopped" ? words.stopped : sweep.evaluated === 0 ? "Prepares bars, indicators and confidence" : `${count(sweep.evaluated)} of ${many(sweep.total_combinations, "combo", "combos")}`}
        <span className="sub">{eta}</span>
      </h2>
      <div className="pb" role="progressbar" aria-label="Progress" aria-valuenow={Math.round(100 * sweep.progress)} aria-valuemin={0} aria-valuemax={100}>
        <i style={{ transform: `scaleX(${sweep.progress})` }} />
      </div>
      {wanted > 1 && wanted <= 400 ? (
        <div className="pieces" role="img" aria-label={`${count(pieces)} of about ${many(wanted, "piece", "pieces")} are stored`}>
          {Array.from({ length: wanted }, (_, i) => (
            <i key={i} className={i < pieces ? "done" : undefined} />
          ))}
        </div>
      ) : null}
      <p className="sm mut">
        {pieces === 0 ? "" : `${many(pieces, "piece is", "pieces are")} stored and would not be done again. `}
        {words.soFarWhy}
      </p>
    </section>
  );
}

function kept(view: BoardView, about: About | undefined, complete: boolean, page: PageState): string {
  const all = about?.evaluated ?? view.rows.length;
  if (!complete) return `The best ${count(view.order.length)} of ${count(all)}. ${words.more}.`;
  const text = view.rows.length === all ? many(all, "combo", "combos") : `${count(view.rows.length)} of ${many(all, "combo", "combos")}`;
  return page.fold && view.order.length !== view.rows.length ? `${text} in ${many(view.order.length, "row", "rows")}: rows that differ in size alone are one. ${words.sizeIsRisk}` : `${text}.`;
}

function gateChoice(filters: readonly Filter[]): "" | "pass" | "pass,marginal" | "other" {
  const gate = filters.filter((f) => f.field === "gate");
  if (gate.length === 0) return "";
  const text = gate.length === 1 ? gate[0]!.values.map((v) => v.toLowerCase()).join(",") : "";
  return text === "pass" ? "pass" : text === "pass,marginal" ? "pass,marginal" : "other";
}

function cliFilters(page: PageState): string[] {
  const gate = page.filters.find((f) => f.field === "gate");
  const trades = page.filters.find((f) => f.field === "trades" && f.comparator === ">=");
  const sort = page.sort[0];
  return [
    ...(gate?.values.length === 1 ? ["--gate", gate.values[0]!.toUpperCase()] : []), ...(trades === undefined ? [] : ["--min-trades", trades.values[0]!]),
    ...(sort === undefined ? [] : ["--sort", sort.column, ...(sort.descending ? [] : ["--ascending"])]), ...(page.compare ? ["--compare", page.selected.join(",")] : []),
  ];
}

function Rows(props: { id: string; board: Board; view: BoardView; page: PageState; narrow: boolean; live: boolean; opened: readonly number[]; onOpened(groups: readonly number[]): void; onSort(field: Field, also: boolean): void; onSelect(combo: number, on: boolean): void; onFocus(combo: number): void; onOpen(combo: number): void }) {
  const { id, board, view, page, narrow, live, opened, onOpened } = props;
  const [lines, setLines] = useState<ReadonlyMap<number, readonly number[]>>(new Map());
  const asked = useRef(new Set<number>());
  const drawn = page.shown.includes(EQUITY) && !live && !narrow;
  const onShown = useCallback((combos: readonly number[]) => {
    const wanted = combos.filter((c) => !asked.current.has(c)).slice(0, 120);
    if (!drawn || wanted.length === 0) return;
    for (const c of wanted) asked.current.add(c);
    void getSparklines({ id, combos: wanted.join(",") }).then((table) => {
      const ids = table.columns["combo_id"] as number[];
      setLines((was) => {
        const next = new Map(was);
        ids.forEach((c, i) => next.set(c, Array.from({ length: 32 }, (_, p) => (table.columns[`p${p}`] as number[])[i]!)));
        return next;
      });
    }, () => undefined);
  }, [id, drawn]);
  const selected = useMemo(() => new Set(page.selected), [page.selected]);
  const open = useMemo(() => new Set(opened), [opened]);
  return (
    <LeaderboardTable
      board={board} view={view} fields={live ? page.shown.filter((f) => f !== EQUITY) : page.shown} sort={page.sort} onSort={props.onSort} selected={selected} onSelect={props.onSelect} focus={page.focus} onFocus={props.onFocus}
      onOpen={live ? () => undefined : props.onOpen} onToggle={(group) => onOpened(opened.includes(group) ? opened.filter((g) => g !== group) : [...opened, group])} opened={open} sparklines={lines} onShown={onShown} cards={narrow} selectable={!live}
      label={`Leaderboard of ${id}`}
    />
  );
}

function ColumnPicker({ page, onChange }: { page: PageState; onChange(cols: string): void }) {
  const offered = [...page.fields, EQUITY];
  const shown = page.shown.map((f) => f.name);
  return (
    <details className="menu">
      <summary className="btn s">
        {count(page.shown.length)} of {count(offered.length)} {words.columns.toLowerCase()}
      </summary>
      <div className="menu-b" role="group" aria-label={words.columns}>
        {offered.map((f) => (
          <label key={f.name} title={f.hint}>
            <input type="checkbox" checked={shown.includes(f.name)} onChange={(e) => onChange((e.target.checked ? offered.map((o) => o.name).filter((n) => n === f.name || shown.includes(n)) : shown.filter((n) => n !== f.name)).join(","))} /> {f.label}
          </label>
        ))}
        <button type="button" className="btn s" onClick={() => onChange("")}>
          As usual
        </button>
      </div>
    </details>
  );
}

function Emptied({ page, view, total, live, onClear }: { page: PageState; view: BoardView; total: number; live: boolean; onClear(filters: readonly Filter[]): void }) {
  if (page.filters.length === 0) return <EmptyState what={live ? "No combo is evaluated yet" : "There is no combo"} why={live ? "The first piece is being worked on." : "The sweep ended before any was evaluated."} />;
  const most = view.removed.indexOf(Math.max(...view.removed));
  const filter = page.filters[most]!;
  const field = page.fields.find((f) => f.name === filter.field);
  return (
    <EmptyState
      what={words.emptyFilter} why={`“${field?.label ?? filter.field} ${filterWords(filter, field)}” alone takes away ${count(view.removed[most]!)} of ${count(total)}, more than any other.`}
      action={
        <button type="button" className="btn" onClick={() => onClear(page.filters.filter((f) => f !== filter))}>
          Take it away
        </button>
      }
    />
  );
}

function SelectionBar({ board, page, canCompare, barred, onClear, onCompare, onTrain }: { board: Board; page: PageState; canCompare: boolean; barred: string | null; onClear(): void; onCompare(): void; onTrain(): void }) {
  const n = page.selected.length;
  const failed = page.selected.filter((c) => wordAt(board, "gate", rowOf(board, c)) === "FAIL").length;
  const named = n === 1 ? `combo ${page.selected[0]}` : n <= 4 ? `combos ${page.selected.slice(0, -1).join(", ")} and ${page.selected[n - 1]}` : `combos ${page.selected.slice(0, 3).join(", ")} and ${n - 3} more`;
  return (
    <div className="act">
      <span className="t-acc">
        <Glyph name="tick" size={13} />
      </span>
      <b aria-live="polite">{n} selected</b>
      <span className="sub one">{named}</span>
      <span className="sm mut act-k">Space selects, C compares</span>
      <span className="sp" />
      <button type="button" className="btn s" onClick={onClear}>
        {words.clear}
      </button>
      <button type="button" className="btn" disabled={!canCompare} title={canCompare ? undefined : `Two to ${COMPARE_MOST} combos are compared.`} onClick={onCompare}>
        {words.compare} <kbd>C</kbd>
      </button>
      <button type="button" className="btn p" disabled={barred !== null} title={barred ?? undefined} onClick={onTrain}>
        {words.train} {many(n, "combo", "combos")}
        {failed === 0 ? "" : failed === n ? `, ${words.evidenceOnly}` : `, ${failed} ${words.evidenceOnly}`}… <kbd>T</kbd>
      </button>
    </div>
  );
}

function Pictures({ state, page, view, search, set, onFocus }: { state: BoardState; page: PageState; view: KeptView; search: URLSearchParams; set(change: (was: URLSearchParams) => URLSearchParams, replace?: boolean): void; onFocus(combo: number): void }) {
  const { board, engine, about } = state;
  const parameters = about?.parameters ?? [];
  const usual = useMemo(() => usualAxes(board, parameters), [board, parameters]);
  const swept = page.fields.filter((f) => f.parameter);
  const metric = page.fields.find((f) => f.name === (search.get("m") ?? "sharpe")) ?? page.fields[0]!;
  const xName = swept.some((f) => f.name === search.get("x")) ? search.get("x")! : (usual?.x ?? "");
  const asked = (search.get("y") ?? "").split(",").filter((y) => swept.some((f) => f.name === y) && y !== xName).slice(0, 2);
  const yNames = asked.length > 0 ? asked : [usual?.x ?? "", ...(usual?.y ?? [])].filter((y) => y !== xName && y !== "").slice(0, 2);
  const key = JSON.stringify([xName, yNames, metric.column]);
  const [heat, setHeat] = useState<{ key: string; cells: HeatCells } | null>(null);
  const [bands, setBands] = useState<(Bands | null)[] | null>(null);
  const has = (columns: readonly string[]): boolean => state.loaded === null || columns.every((c) => state.loaded!.has(c));
  const filters = useSame(page.filters);
  const focus = useSame(page.selected.length > 0 ? page.selected : page.focus === null ? [] : [page.focus]);
  const axes = useMemo(() => [...swept.slice(0, 5), ...page.fields.filter((f) => f.name === "trades" || f.name === "sharpe").sort((a) => (a.name === "trades" ? -1 : 1))], [page.fields]);
  const axisKey = axes.map((f) => f.column).join(",");
  useEffect(() => {
    if (engine === null || view.engine !== engine || xName === "") return;
    let late = false;
    void engine.heat({ x: xName, y: yNames, metric: metric.column }).then((cells) => {
      if (!late) setHeat({ key, cells });
    });
    return () => {
      late = true;
    };
    // Of the rows that the engine last kept: another order of them is the same picture.
  }, [engine, key, view.engine, view.kept, has([metric.column])]);
  useEffect(() => {
    if (engine === null || view.engine !== engine || view.rows.length <= 2_000) return;
    let late = false;
    void engine.bands(axisKey.split(",")).then((next) => {
      if (!late) setBands(next);
    });
    return () => {
      late = true;
    };
  }, [engine, axisKey, view.engine, view.kept, view.rows, has(axisKey.split(","))]);
  const shownMetrics = page.fields.filter((f) => HEAT_METRICS.includes(f.name)).sort((a, b) => HEAT_METRICS.indexOf(a.name) - HEAT_METRICS.indexOf(b.name));
  const fieldOf = (name: string): Field => swept.find((f) => f.name === name) ?? parameterField(name);
  const ring = page.focus !== null ? page.focus : (page.selected[0] ?? null);
  return (
    <aside className="swp-side" aria-label="Pictures">
      {usual === null ? null : (
        <section className="card" aria-labelledby="heat-h">
          <div className="ch">
            <h2 id="heat-h">
              {metric.label} {words.heat}
            </h2>
            <span className="sp" />
            <label className="sm">
              <span className="sr">Figure</span>
              <select className="input hm-s" value={metric.name} onChange={(e) => { const value = e.target.value; set((was) => withKey(was, "m", value === "sharpe" ? "" : value), true); }}>
                {[...new Set([...shownMetrics, metric])].map((f) => (
                  <option key={f.name} value={f.name}>
                    {f.label}
                  </option>
                ))}
              </select>
            </label>
          </div>
          {swept.length > 1 ? (
            <div className="hm-pick">
              <Pick label="Across" value={xName} fields={swept} onChange={(v) => set((was) => withKey(withKey(was, "x", v === usual.x ? "" : v), "y", ""), true)} />
              <Pick label="Down" value={yNames[0] ?? ""} fields={swept.filter((f) => f.name !== xName)} onChange={(v) => set((was) => withKey(was, "y", [v, ...yNames.slice(1).filter((y) => y !== v)].join(",")), true)} />
              {swept.length > 2 ? <Pick label="and" value={yNames[1] ?? ""} none fields={swept.filter((f) => f.name !== xName && f.name !== yNames[0])} onChange={(v) => set((was) => withKey(was, "y", [yNames[0]!, ...(v === "" ? [] : [v])].join(",")), true)} /> : null}
            </div>
          ) : null}
          {heat === null || heat.key !== key ? <div className="hm" aria-busy="true"><Skeleton height={260} /></div> : <HeatMap board={board} cells={heat.cells} x={fieldOf(xName)} y={yNames.map(fieldOf)} metric={metric} focus={ring} onFocus={onFocus} />}
        </section>
      )}
      <section className="card" aria-labelledby="axes-h">
        <div className="ch">
          <h2 id="axes-h">{words.axes}</h2>
          <span className="s">{words.axesHint}</span>
          <span className="sp" />
          <span className="sm">
            {page.selected.slice(0, 4).map((c, i) => (
              <span key={c} className={["", "t-warn", "t-ok", "t-wait"][i]}>
                {c}{" "}
              </span>
            ))}
          </span>
        </div>
        <ParallelAxes board={board} axes={axes} rows={view.rows} bands={view.rows.length > 2_000 ? bands : null} filters={filters} focus={focus} onBrush={(field, next) => set((was) => withFilters(was, replaced(page.filters, field, next)))} />
      </section>
    </aside>
  );
}

function Pick({ label, value, fields, none = false, onChange }: { label: string; value: string; fields: readonly Field[]; none?: boolean; onChange(value: string): void }) {
  return (
    <label className="sm sub">
      {label}{" "}
      <select className="input hm-s" value={value} onChange={(e) => onChange(e.target.value)}>
        {none ? <option value="">nothing</option> : null}
        {fields.map((f) => (
          <option key={f.name} value={f.name}>
            {f.label}
          </option>
        ))}
      </select>
    </label>
  );
}

function Notes({ about }: { about: About }) {
  return (
    <footer className="swp-notes sm mut">
      <p>{about.window?.holdout == null ? words.noneHeld : words.holdout}</p>
      {about.skill_words === undefined ? null : <p>{about.skill_words}</p>}
      <p>Gates: {gatesText(about.quality_gates ?? {})}. The best Sharpe ratio is the best of {count(about.evaluated)}.</p>
      {(about.warnings ?? []).map((w) => (
        <p key={w.message} className="t-warn">
          {w.message} <code>{w.code}</code>
        </p>
      ))}
    </footer>
  );
}

function CopyLink() {
  const [copied, copy] = useCopied();
  return (
    <button type="button" className="btn s" onClick={() => copy(window.location.href)}>
      <Icon name="link" size={14} />
      <span aria-live="polite">{copied ? common.copied : common.copyLink}</span>
    </button>
  );
}

const FILES = { csv: { type: "text/csv", label: words.csv }, parquet: { type: "application/vnd.apache.parquet", label: words.parquet } } as const;

/** All combos with every column, as a file; that it was taken is noted. */
function Downloads({ id, rows }: { id: string; rows: number | null }) {
  const toast = useToast();
  const queries = useQueryClient();
  const [busy, setBusy] = useState(false);
  async function take(kind: keyof typeof FILES): Promise<void> {
    setBusy(true);
    try {
      const answer = await fetch(`/api/sweeps/${encodeURIComponent(id)}/leaderboard`, { headers: { Accept: FILES[kind].type }, credentials: "same-origin" });
      if (!answer.ok) throw await refusal(answer);
      const url = URL.createObjectURL(await answer.blob());
      const link = document.createElement("a");
      link.href = url;
      link.download = `${id}.${kind}`;
      link.click();
      setTimeout(() => URL.revokeObjectURL(url), 10_000);
      void queries.invalidateQueries({ queryKey: ["audit"] });
    } catch (error) {
      toast({ tone: "bad", text: error instanceof Error ? error.message : "The file cannot be read." });
    } finally {
      setBusy(false);
    }
  }
  return (
    <>
      {(Object.keys(FILES) as (keyof typeof FILES)[]).map((kind) => (
        <button key={kind} type="button" className="btn s" disabled={rows === null || busy} title={words.takesAll} onClick={() => void take(kind)}>
          <Icon name="download" size={14} />
          {FILES[kind].label}
          {rows === null ? "" : `, ${words.all} ${count(rows)}`}
        </button>
      ))}
    </>
  );
}
