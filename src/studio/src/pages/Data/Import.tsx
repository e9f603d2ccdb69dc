import { useQueryClient } from "@tanstack/react-query";
import { useId, useMemo, useRef, useState, type ReactNode } from "react";
import { Link } from "react-router";
import { importBars, previewImport, type ImportAsked, type ImportedSeriesShown, type ImportShown, type UploadShown } from "../../api/client";
import { useBarrier } from "../../api/rights";
import { uploadFile } from "../../api/upload";
import { CopyAsCli } from "../../components/CopyAsCli";
import { EmptyState } from "../../components/EmptyState";
import { ErrorPanel } from "../../components/ErrorPanel";
import { Missing } from "../../components/NumberText";
import { OtherText } from "../../components/OtherText";
import { PreviewDialog } from "../../components/PreviewDialog";
import { SkeletonRows } from "../../components/Skeleton";
import { StateBadge } from "../../components/StateBadge";
import { TimeText } from "../../components/TimeText";
import { useToast } from "../../components/Toasts";
import { usePage } from "../../components/Shell/page";
import { useLive } from "../../live/Live";
import { bytes, count, many, price } from "../../text/format";
import { imports as words } from "../../text/operate";
import { nav, needs } from "../../text/strings";
import { askedOf, commandOf, noOptions, rulesOf, type Options } from "./asked";
import "./style.css";

const crumbs = [{ label: nav.data, to: "/data" }, { label: words.title }];
const formats = ".csv,.txt,.tsv,.parquet,.pq,.zip";
const intervals = ["1m", "5m", "1h", "1d"];
const classes = ["equity", "index", "fx", "cfd", "synthetic"];

/** A file of bars on its way in: sent once, checked as often as wanted, then taken in exactly as it was checked. */
export function ImportPage() {
  usePage(words.title, crumbs);
  const plan = useBarrier("plan");
  const { state } = useLive();
  const [upload, setUpload] = useState<UploadShown | null>(null);
  const [options, setOptions] = useState<Options>(noOptions);
  const [checked, setChecked] = useState<{ asked: ImportAsked; report: ImportShown } | null>(null);
  const [busy, setBusy] = useState<"sending" | "checking" | null>(null);
  const [error, setError] = useState<unknown>(null);
  const [over, setOver] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  const barred = plan ?? (state === "offline" ? needs.online : null);

  async function check(of: UploadShown, with_: Options): Promise<void> {
    setBusy("checking");
    setError(null);
    try {
      const asked = askedOf(of.id, with_);
      setChecked({ asked, report: await previewImport({ body: asked }) });
    } catch (caught) {
      setChecked(null);
      setError(caught);
    } finally {
      setBusy(null);
    }
  }

  async function take(file: File | undefined): Promise<void> {
    if (file === undefined || barred !== null) return;
    setBusy("sending");
    setError(null);
    setChecked(null);
    setUpload(null);
    try {
      const sent = await uploadFile(file);
      setUpload(sent);
      await check(sent, options);
    } catch (caught) {
      setError(caught);
      setBusy(null);
    }
  }

  const set = (name: keyof Options, value: string): void => setOptions((was) => ({ ...was, [name]: value }));
  return (
    <div className="pg data">
      <div className="hd">
        <h1>{words.title}</h1>
        <span className="sub">{words.question}</span>
        <span className="sp" />
        <CopyAsCli command={commandOf(upload?.name ?? "FILE", options, true)} />
      </div>
      <section className="card" aria-label={words.file}>
        <div className="import-form">
          <div
            className={`drop-zone${over ? " over" : ""}`}
            onDragOver={(e) => { e.preventDefault(); setOver(true); }}
            onDragLeave={() => setOver(false)}
            onDrop={(e) => { e.preventDefault(); setOver(false); void take(e.dataTransfer.files[0]); }}
          >
            <label className="drop-zone-l">
              <span className="btn" aria-hidden="true">
                {words.choose}
              </span>
              <span className="sr">{words.choose}</span>
              <input ref={input} type="file" accept={formats} disabled={barred !== null || busy !== null} onChange={(e) => void take(e.target.files?.[0])} />
            </label>
            <span className="sm sub" aria-live="polite">
              {busy === "sending" ? words.sending : upload === null ? words.formats : (
                <>
                  <OtherText>{upload.name}</OtherText>, {bytes(upload.bytes)}
                </>
              )}
            </span>
            {barred === null ? null : <span className="sm t-warn">{barred}</span>}
          </div>
          <form
            className="import-options"
            onSubmit={(e) => {
              e.preventDefault();
              if (upload !== null) void check(upload, options);
            }}
          >
            <Field label={words.symbol} help={words.symbolHelp}>{(id) => <input id={id} className="input" value={options.symbol} onChange={(e) => set("symbol", e.target.value)} autoComplete="off" spellCheck={false} />}</Field>
            <Field label={words.interval} help={words.intervalHelp}>{(id) => <Choice id={id} value={options.interval} none={words.fromTimes} options={intervals} onChange={(v) => set("interval", v)} />}</Field>
            <Field label={words.zone} help="IANA, else UTC">{(id) => <input id={id} className="input" value={options.zone} placeholder="America/New_York" onChange={(e) => set("zone", e.target.value)} autoComplete="off" spellCheck={false} />}</Field>
            <Field label={words.asset} help={words.assetHelp}>{(id) => <Choice id={id} value={options.assetClass} none={words.fromSymbol} options={classes} onChange={(v) => set("assetClass", v)} />}</Field>
            <Field label={words.columns} help={words.columnsHelp}>{(id) => <input id={id} className="input" value={options.columns} onChange={(e) => set("columns", e.target.value)} autoComplete="off" spellCheck={false} />}</Field>
            <button type="submit" className="btn" disabled={upload === null || busy !== null || barred !== null}>
              {words.check}
            </button>
          </form>
        </div>
      </section>
      {error === null ? null : (
        <section className="card">
          <ErrorPanel error={error} what={upload === null ? words.readingFailed : words.notUnderstood} />
        </section>
      )}
      {busy !== null ? (
        <section className="card">
          <SkeletonRows rows={4} height={38} />
        </section>
      ) : checked === null || upload === null ? (
        error === null ? (
          <section className="card">
            <EmptyState what={words.first} why={words.firstWhy} />
          </section>
        ) : null
      ) : (
        <Report
          report={checked.report} asked={checked.asked} options={options} name={upload.name}
          onWaive={(rules) => {
            const next = { ...options, waive: rules };
            setOptions(next);
            void check(upload, { ...next, reason: options.reason || "looking" });
          }}
          onDone={() => {
            setUpload(null);
            setChecked(null);
            setOptions(noOptions);
            if (input.current !== null) input.current.value = "";
          }}
        />
      )}
    </div>
  );
}

function Field({ label, help, children }: { label: string; help: string; children(id: string): ReactNode }) {
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      {children(id)}
      <span className="help">{help}</span>
    </div>
  );
}

function Choice({ id, value, none, options, onChange }: { id: string; value: string; none: string; options: readonly string[]; onChange(value: string): void }) {
  return (
    <select id={id} className="input" value={value} onChange={(e) => onChange(e.target.value)}>
      <option value="">{none}</option>
      {options.map((o) => (
        <option key={o}>{o}</option>
      ))}
    </select>
  );
}

function Report({ report, asked, options, name, onWaive, onDone }: { report: ImportShown; asked: ImportAsked; options: Options; name: string; onWaive(rules: readonly string[]): void; onDone(): void }) {
  const operate = useBarrier("operate");
  const [open, setOpen] = useState(false);
  const queries = useQueryClient();
  const toast = useToast();
  const refused = report.series.reduce((n, s) => n + s.refused_rows, 0);
  const taken = report.series.filter((s) => s.state !== "refused");
  const added = taken.reduce((n, s) => n + s.added, 0);
  const corrected = taken.reduce((n, s) => n + s.corrected, 0);
  const rules = useMemo(() => rulesOf(report), [report]);
  const whyNot = operate ?? (report.problems.length > 0 ? words.notUnderstood : report.series.some((s) => s.state === "refused") ? `${many(refused, "row is", "rows are")} refused; correct the file, or let the rule pass.` : added + corrected === 0 ? words.nothing : null);
  if (report.problems.length > 0) {
    return (
      <section className="card" role="alert" aria-label={words.report}>
        <div className="ch">
          <h2>{words.notUnderstood}</h2>
        </div>
        <ul className="op-lines">
          {report.problems.map((p, i) => (
            <li key={i}>
              <code>{p.code}</code>
              <span className="op-lines-m">
                <OtherText most={300}>{p.message}</OtherText> <span className="sub">{p.remedy}</span>
              </span>
              <span className="mono sub">
                <OtherText>{p.where ?? ""}</OtherText>
              </span>
            </li>
          ))}
        </ul>
      </section>
    );
  }
  return (
    <>
      <section className="card" aria-label={words.report}>
        <div className="ch">
          <h2>{words.report}</h2>
          <span className="s">
            {many(report.series.length, "series", "series")}, {count(added)} added, {count(corrected)} corrected{refused > 0 ? `, ${count(refused)} refused` : ""}
          </span>
          <span className="sp" />
          <button type="button" className="btn p" disabled={whyNot !== null} title={whyNot ?? undefined} onClick={() => setOpen(true)}>
            {words.run}
          </button>
        </div>
        {whyNot === null ? null : <p className="op-note sm t-warn">{whyNot}</p>}
        {rules.length === 0 ? null : (
          <fieldset className="waive">
            <legend className="sm sub">{words.waiveHere}</legend>
            {rules.map((rule) => (
              <label key={rule} className="tick-row">
                <input type="checkbox" checked={options.waive.includes(rule)} onChange={(e) => onWaive(e.target.checked ? [...options.waive, rule] : options.waive.filter((r) => r !== rule))} /> <span className="mono">{rule}</span>
              </label>
            ))}
          </fieldset>
        )}
        <div className="scroll-x">
          <table className="table">
            <thead>
              <tr>
                <th scope="col">Series</th>
                <th scope="col">State</th>
                <th scope="col" className="r">Bars</th>
                <th scope="col" className="r">Added</th>
                <th scope="col" className="r">Corrected</th>
                <th scope="col">Range</th>
                <th scope="col">Findings</th>
              </tr>
            </thead>
            <tbody>
              {report.series.map((s) => (
                <tr key={`${s.symbol} ${s.interval}`}>
                  <td className="mono">
                    {s.symbol} {s.interval}
                  </td>
                  <td>
                    <StateBadge state={s.state === "refused" ? "bad" : s.state === "known" ? "skipped" : "ok"} label={words.states[s.state] ?? s.state} plain />
                  </td>
                  <td className="r">{count(s.bars)}</td>
                  <td className="r">{s.state === "refused" ? <Missing why="It is refused." /> : count(s.added)}</td>
                  <td className="r">{s.state === "refused" ? <Missing why="It is refused." /> : count(s.corrected)}</td>
                  <td>
                    <TimeText at={s.first} /> to <TimeText at={s.last} />
                  </td>
                  <td className="sub">{Object.entries(s.findings).map(([rule, n]) => `${rule.replaceAll("_", " ")} ${count(n)}`).join(", ")}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </section>
      {report.series.filter((s) => s.refused.length > 0 || s.refusals.length > 0).map((s) => (
        <Refused key={`${s.symbol} ${s.interval}`} series={s} name={name} />
      ))}
      {report.series.map((s) => (
        <Understood key={`${s.symbol} ${s.interval}`} series={s} />
      ))}
      <PreviewDialog
        title={`Import ${name}`} open={open} onClose={() => setOpen(false)} confirm="Import" reason
        effects={[...report.series.map((s) => `${s.symbol} ${s.interval}: ${many(s.added, "bar is", "bars are")} added, ${count(s.corrected)} corrected, ${count(s.unchanged)} known already.`), ...(options.waive.length === 0 ? [] : [`${options.waive.join(", ")}: let pass in this import.`])]}
        stays={["What was there before stays as its own snapshot.", "All of it is taken in, or nothing."]}
        cli={(reason) => commandOf(name, { ...options, reason }, false)}
        onConfirm={async (reason) => {
          await importBars({ body: { ...asked, reason } });
          toast({ tone: "ok", text: words.done });
          await Promise.all([queries.invalidateQueries({ queryKey: ["data"] }), queries.invalidateQueries({ queryKey: ["series"] })]);
          setTimeout(onDone, 0);
        }}
      />
      <p className="sm sub">
        <Link className="link" to="/data">
          {nav.data}
        </Link>
      </p>
    </>
  );
}

function Refused({ series, name }: { series: ImportedSeriesShown; name: string }) {
  return (
    <section className="card" role="alert" aria-label={`${words.refused}, ${series.symbol} ${series.interval}`}>
      <div className="ch">
        <h2>{words.refused}</h2>
        <span className="s">
          {series.symbol} {series.interval}, {many(series.refused_rows, "row", "rows")} of <bdi>{name}</bdi>
          {series.refused_rows > series.refused.length ? `, the first ${count(series.refused.length)}` : ""}
        </span>
      </div>
      {series.refused.length === 0 ? (
        <ul className="op-lines">
          {series.refusals.map((p, i) => (
            <li key={i}>
              <code>{p.code}</code>
              <span className="op-lines-m">
                <OtherText most={300}>{p.message}</OtherText> <span className="sub">{p.where}</span>
              </span>
            </li>
          ))}
        </ul>
      ) : (
        <div className="scroll-x refused-b" tabIndex={0} role="region" aria-label={words.refused}>
          <table className="table">
            <thead>
              <tr>
                <th scope="col" className="r">{words.row}</th>
                <th scope="col">{words.rule}</th>
                <th scope="col">{words.what}</th>
                <th scope="col">{words.values}</th>
                <th scope="col">{words.at}</th>
              </tr>
            </thead>
            <tbody>
              {series.refused.map((r, i) => (
                <tr key={i}>
                  <td className="r mono">{r.row}</td>
                  <td>
                    <span className="mono t-bad">{r.rule}</span> <code className="mut">{r.code}</code>
                  </td>
                  <td>{r.meaning}</td>
                  <td className="mono sub">
                    <OtherText most={80}>{r.detail}</OtherText>
                  </td>
                  <td>
                    <TimeText at={r.at_utc} />
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

function Understood({ series }: { series: ImportedSeriesShown }) {
  return (
    <details className="card op-as-table">
      <summary>
        {words.understood}: {series.symbol} {series.interval}
      </summary>
      <div className="scroll-x" tabIndex={0} role="region" aria-label={`${words.understood}, ${series.symbol}`}>
        <table className="table">
          <thead>
            <tr>
              {["Row", "UTC", "At the exchange", "Open", "High", "Low", "Close", "Volume"].map((h, i) => (
                <th key={h} scope="col" className={i === 0 || i > 2 ? "r" : undefined}>
                  {h}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {series.rows.map((r) => (
              <tr key={r.row}>
                <td className="r mono">{r.row}</td>
                <td className="mono">{r.at_utc.replace("T", " ").slice(0, 16)}</td>
                <td className="mono">{r.exchange_time}</td>
                {[r.open, r.high, r.low, r.close].map((v, i) => (
                  <td key={i} className="r">
                    {price(v)}
                  </td>
                ))}
                <td className="r">{count(r.volume)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}
