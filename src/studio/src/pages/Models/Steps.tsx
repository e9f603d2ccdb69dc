import { useQuery } from "@tanstack/react-query";
import { useState, type ReactNode } from "react";
import type { ModelDrafted, ModelInputRead, ModelSettingRead, PackDocument, ProblemLine, SeriesListed } from "../../api/client";
import { ErrorPanel } from "../../components/ErrorPanel";
import { Glyph, Icon } from "../../components/Icon";
import { OtherText } from "../../components/OtherText";
import { Segmented } from "../../components/Segmented";
import { SkeletonRows } from "../../components/Skeleton";
import { wizard as words } from "../../text/models";
import { Rules } from "../Packs/Document";
import { bounds, limit, valueOf } from "../Packs/model";
import { packsQuery } from "../Packs/queries";
import { addedWhy, against, problemsAt, slug, sourceOf, type Draft } from "./wizard";

export interface StepView {
  draft: Draft;
  set(change: Partial<Draft>): void;
  doc: PackDocument | undefined;
  answer: ModelDrafted | undefined;
  problems: readonly ProblemLine[];
  tried: boolean;
  strategy: string;
  selected: { indicators: string[]; features: string[] };
  id: string;
  name: string;
  series: readonly SeriesListed[];
  edit: string | null;
  failedDraft: unknown;
}

/** The server's problems at a field, with their codes. */
function Problems({ list, id }: { list: readonly ProblemLine[]; id: string }) {
  return list.length === 0 ? null : (
    <ul className="field-p" id={id}>
      {list.map((p, i) => (
        <li key={i} className="t-bad">
          <Glyph name="cross" size={11} /> <code>{p.code}</code> <OtherText most={240}>{p.message}</OtherText> {p.remedy === null ? null : <OtherText most={240} className="sub">{p.remedy}</OtherText>}
        </li>
      ))}
    </ul>
  );
}

function Card({ title, note, children }: { title: string; note?: string | undefined; children: ReactNode }) {
  return (
    <section className="card" aria-label={title}>
      <div className="ch">
        <h2>{title}</h2>
        {note === undefined ? null : <span className="s">{note}</span>}
      </div>
      {children}
    </section>
  );
}

export function PackStep({ draft, set, doc, problems, strategy, edit }: StepView) {
  const packs = useQuery(packsQuery).data;
  return (
    <>
      <Card title={words.pack}>
        <div className="field pad">
          <label htmlFor="w-pack">Pack and version</label>
          <select
            id="w-pack" className="input" value={draft.pack}
            onChange={(e) => set({ pack: e.target.value, ...(e.target.value.split("@")[0] === draft.pack.split("@")[0] ? {} : { strategy: null, indicators: null, features: null, overrides: {}, instrument: null }) })}
          >
            {[...(packs ?? [])].reverse().filter((p) => edit === null || p.pack_id === draft.pack.split("@")[0]).map((p) => (
              <option key={p.id} value={p.id}>
                {p.name} {p.version}
              </option>
            ))}
          </select>
          <span className="help">{doc?.pack.description}</span>
        </div>
      </Card>
      <Card title={words.strategy}>
        {doc === undefined ? <SkeletonRows rows={3} height={120} /> : (
          <fieldset className="choices">
            <legend className="sr">{words.strategy}</legend>
            {doc.strategies.map((s) => (
              <label key={s.id} className="choice" data-on={s.id === strategy || undefined}>
                <input type="radio" name="strategy" checked={s.id === strategy} onChange={() => set({ strategy: s.id, indicators: null })} />
                <span className="choice-t">
                  <b>
                    <OtherText>{s.name}</OtherText>
                  </b>{" "}
                  {s.is_default ? <span className="chip">default</span> : null}
                  <span className="sub sm blk">
                    <OtherText most={200}>{s.description}</OtherText>
                  </span>
                  {s.id !== strategy ? null : (
                    <span className="strategy-r">
                      <Rules title="Enter when all of these hold" rules={s.entry} />
                      <Rules title="Leave when any of these holds" rules={s.exit} />
                    </span>
                  )}
                </span>
              </label>
            ))}
            <Problems id="w-strategy-p" list={problemsAt(problems, "strategy_id")} />
          </fieldset>
        )}
      </Card>
    </>
  );
}

export function InstrumentStep({ draft, set, doc, problems, tried, id, name, series, edit }: StepView) {
  const [touched, setTouched] = useState(false);
  const at = (field: string): ProblemLine[] => (tried || field !== "ticker" || touched || draft.ticker !== "" ? problemsAt(problems, field) : []);
  const symbols = [...new Set(series.map((s) => s.symbol))];
  return (
    <>
      <Card title={words.instrument}>
        <div className="grid-2 pad">
          <div className="field">
            <label htmlFor="w-ticker">{words.ticker}</label>
            <input
              id="w-ticker" className="input" list="w-symbols" value={draft.ticker} onChange={(e) => set({ ticker: e.target.value })} onBlur={() => setTouched(true)} aria-invalid={at("ticker").length > 0} aria-describedby="w-ticker-h w-ticker-p" autoComplete="off"
              spellCheck={false} placeholder="MKT.SYN"
            />
            <datalist id="w-symbols">
              {symbols.map((s) => (
                <option key={s} value={s} />
              ))}
            </datalist>
            <span className="help" id="w-ticker-h">
              {words.tickerHelp} {symbols.length > 0 && draft.ticker.trim() !== "" && !symbols.includes(draft.ticker.trim().toUpperCase()) ? "There are no bars of it yet." : ""}
            </span>
            <Problems id="w-ticker-p" list={at("ticker")} />
          </div>
          <div className="field">
            <label htmlFor="w-instrument">{words.instrument}</label>
            <select id="w-instrument" className="input" value={draft.instrument ?? doc?.character.instruments[0] ?? ""} onChange={(e) => set({ instrument: e.target.value })}>
              {(doc?.character.instruments ?? []).map((i) => (
                <option key={i}>{i}</option>
              ))}
            </select>
            <Problems id="w-instrument-p" list={at("instrument")} />
          </div>
        </div>
      </Card>
      <Card title="What it is called">
        <div className="grid-2 pad">
          <div className="field">
            <label htmlFor="w-id">{words.id}</label>
            <input id="w-id" className="input mono" value={id} disabled={edit !== null} onChange={(e) => set({ id: e.target.value === "" ? null : e.target.value })} onBlur={() => draft.id !== null && slug(draft.id) === "" && set({ id: null })} aria-invalid={at("model_id").length > 0} aria-describedby="w-id-h w-id-p" autoComplete="off" spellCheck={false} />
            <span className="help" id="w-id-h">{words.idHelp}</span>
            <Problems id="w-id-p" list={at("model_id")} />
          </div>
          <div className="field">
            <label htmlFor="w-name">{words.name}</label>
            <input id="w-name" className="input" value={draft.name ?? name} onChange={(e) => set({ name: e.target.value })} aria-invalid={at("name").length > 0} aria-describedby="w-name-h w-name-p" autoComplete="off" />
            <span className="help" id="w-name-h">{words.nameHelp}</span>
            <Problems id="w-name-p" list={at("name")} />
          </div>
          <div className="field wide">
            <label htmlFor="w-description">
              {words.description} <span className="mut">one line, for people</span>
            </label>
            <input id="w-description" className="input" value={draft.description} onChange={(e) => set({ description: e.target.value })} maxLength={400} />
          </div>
        </div>
      </Card>
    </>
  );
}

export function InputsStep({ draft, set, answer, problems, selected, failedDraft }: StepView) {
  if (answer === undefined) return <Card title={words.indicators}>{failedDraft ? <ErrorPanel error={failedDraft} /> : <SkeletonRows rows={8} height={38} />}</Card>;
  const toggle = (input: ModelInputRead): void => {
    const key = input.kind === "indicator" ? "indicators" : "features";
    const order = answer.inputs.filter((i) => i.kind === input.kind).map((i) => i.id);
    const now = selected[key].includes(input.id) ? selected[key].filter((i) => i !== input.id) : order.filter((i) => i === input.id || selected[key].includes(i));
    // A choice of features must not undo the choice of indicators: both are held from now on.
    set({ indicators: selected.indicators, features: selected.features, [key]: now });
  };
  const settings = answer.settings.filter((s) => s.group === "indicators");
  const list = (kind: string): ModelInputRead[] => answer.inputs.filter((i) => i.kind === kind);
  return (
    <>
      <div className="grid-2 gap">
        {(["indicator", "feature"] as const).map((kind) => (
          <Card key={kind} title={kind === "indicator" ? words.indicators : words.features} note={`${selected[kind === "indicator" ? "indicators" : "features"].length} selected`}>
            <ul className="picks">
              {list(kind).map((input) => {
                const why = addedWhy({ ...input, selected: selected[kind === "indicator" ? "indicators" : "features"].includes(input.id) });
                return (
                  <li key={input.id}>
                    <label className="pick-l">
                      <input type="checkbox" checked={selected[kind === "indicator" ? "indicators" : "features"].includes(input.id)} onChange={() => toggle(input)} />
                      <span>
                        <OtherText>{input.name}</OtherText> <span className="mono mut">{input.id}</span>
                        {why === null ? null : (
                          <span className="added">
                            <Icon name="plus" size={12} /> {why}
                          </span>
                        )}
                        <span className="sm mut blk one" title={input.formula}>
                          <OtherText most={110}>{input.formula}</OtherText>
                        </span>
                      </span>
                    </label>
                  </li>
                );
              })}
            </ul>
            <Problems id={`w-${kind}-p`} list={problemsAt(problems, kind === "indicator" ? "selected_indicators" : "selected_features")} />
          </Card>
        ))}
      </div>
      <Card title={words.parameters} note="of the indicators that are selected or added">
        <Settings draft={draft} set={set} settings={settings} problems={problems} answer={answer} />
      </Card>
    </>
  );
}

export function RiskStep({ draft, set, answer, problems, failedDraft }: StepView) {
  return (
    <>
      <Card title={words.profile} note={words.profileHelp}>
        <div className="pad">
          <Segmented label={words.profile} value={draft.profile} options={["conservative", "balanced", "aggressive"].map((p) => ({ value: p, label: p }))} onChange={(profile) => set({ profile })} />
          <Problems id="w-profile-p" list={problemsAt(problems, "risk_profile")} />
        </div>
      </Card>
      {answer === undefined ? failedDraft ? <Card title={words.exits}><ErrorPanel error={failedDraft} /></Card> : <Card title={words.exits}><SkeletonRows rows={6} height={40} /></Card> : (
        <>
          <Card title={words.exits}>
            <Settings draft={draft} set={set} settings={answer.settings.filter((s) => s.group === "risk")} problems={problems} answer={answer} />
          </Card>
          <Card title={words.gates}>
            <dl className="lim grid-lim">
              {answer.gates.map((g) => (
                <div key={g.key}>
                  <dt>{g.label}</dt>
                  <dd>{limit(g)}</dd>
                </div>
              ))}
            </dl>
          </Card>
        </>
      )}
    </>
  );
}

/** Each setting with its default, an override, and where the value that holds comes from. */
function Settings({ draft, set, settings, problems, answer }: { draft: Draft; set: StepView["set"]; settings: readonly ModelSettingRead[]; problems: readonly ProblemLine[]; answer: ModelDrafted }) {
  const write = (key: string, text: string): void => set({ overrides: Object.fromEntries(Object.entries({ ...draft.overrides, [key]: text }).filter(([, t]) => t !== "")) });
  return (
    <div className="sets" role="table" aria-label="Settings">
      <div className="set set-h" role="row">
        <span role="columnheader">Setting</span>
        <span role="columnheader" className="r">Default</span>
        <span role="columnheader">{words.override}</span>
        <span role="columnheader">Source</span>
      </div>
      {settings.map((s) => {
        const found = problemsAt(problems, `parameter_overrides.${s.key}`);
        const text = draft.overrides[s.key] ?? "";
        const far = against(s);
        return (
          <div className="set" role="row" key={s.key} data-own={text !== "" || undefined}>
            <span role="rowheader">
              <label htmlFor={`s-${s.key}`}>
                <OtherText most={60}>{s.of}</OtherText> <span className="mono mut">{s.key}</span>
              </label>
            </span>
            <span role="cell" className="r">
              {valueOf(s.key, s.default)}
              {s.pack_default === s.default ? null : <span className="sm mut blk">pack {valueOf(s.key, s.pack_default)}</span>}
            </span>
            <span role="cell" className="set-i">
              <input id={`s-${s.key}`} className="input" inputMode="decimal" value={text} placeholder={words.same} onChange={(e) => write(s.key, e.target.value)} aria-invalid={found.length > 0} aria-describedby={`s-${s.key}-h`} autoComplete="off" />
              {text === "" ? null : (
                <button type="button" className="btn i" aria-label={`${words.reset}: ${s.key}`} title={words.reset} onClick={() => write(s.key, "")}>
                  <Icon name="back" size={14} />
                </button>
              )}
              <span className="help" id={`s-${s.key}-h`}>
                {bounds(s)}
                {far === null ? "" : `, ${far} against the default`}
              </span>
              <Problems id={`s-${s.key}-p`} list={found} />
            </span>
            <span role="cell">
              <span className={s.source === "override" ? "chip on" : "chip"}>{sourceOf(s, answer.pack, draft.profile)}</span>
            </span>
          </div>
        );
      })}
    </div>
  );
}
