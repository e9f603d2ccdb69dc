import type { PackFeatureRead, PackGateRead, PackIndicatorRead, PackParameterRead, PackPolicyRead, PackStrategyRead, RuleRead } from "../../api/client";
import { OtherText } from "../../components/OtherText";
import { count, many } from "../../text/format";
import { blocks, packs as words } from "../../text/packs";
import { bounds, limit, valueOf } from "./model";

/** Rules as sentences, each with the expression that decides beneath it. */
export function Rules({ title, rules }: { title: string; rules: readonly RuleRead[] }) {
  return (
    <div className="says">
      <h4>{title}</h4>
      <ul>
        {rules.map((rule, i) => (
          <li key={i}>
            <OtherText most={400} className="say">
              {rule.sentence}
            </OtherText>
            <code>
              <OtherText most={400}>{rule.expression}</OtherText>
            </code>
          </li>
        ))}
      </ul>
    </div>
  );
}

export function Strategies({ strategies }: { strategies: readonly PackStrategyRead[] }) {
  return (
    <section className="card" id="rules" aria-labelledby="rules-h">
      <div className="ch">
        <h2 id="rules-h">{words.rules}</h2>
        <span className="s">{words.rulesNote}</span>
      </div>
      {strategies.map((s) => (
        <article className="strategy" key={s.id} aria-label={s.name}>
          <h3>
            <OtherText>{s.name}</OtherText> <span className="mono mut">{s.id}</span>
            {s.is_default ? <span className="chip on">default</span> : null}
            <span className="chip">{s.side === "both" ? "long and short" : `${s.side} only`}</span>
          </h3>
          <p className="sub sm">
            <OtherText most={300}>{s.description}</OtherText>
          </p>
          <div className="strategy-r">
            <Rules title={words.enter} rules={s.entry} />
            <Rules title={words.leave} rules={s.exit} />
          </div>
        </article>
      ))}
    </section>
  );
}

export function Gates({ gates }: { gates: readonly PackGateRead[] }) {
  return (
    <section className="card" id="gates" aria-labelledby="gates-h">
      <div className="ch">
        <h2 id="gates-h">{words.gates}</h2>
        <span className="s">{words.gatesNote}</span>
      </div>
      <div className="three">
        {[...new Set(gates.map((g) => g.block))].map((block) => (
          <div key={block}>
            <h3 className="sub-h">{blocks[block] ?? block}</h3>
            <dl className="lim">
              {gates.filter((g) => g.block === block).map((g) => (
                <div key={g.key} title={`${g.block}.${g.key}`}>
                  <dt>{g.label}</dt>
                  <dd>{limit(g)}</dd>
                </div>
              ))}
            </dl>
          </div>
        ))}
      </div>
    </section>
  );
}

export function Features({ features }: { features: readonly PackFeatureRead[] }) {
  return (
    <section className="card" id="features" aria-labelledby="features-h">
      <div className="ch">
        <h2 id="features-h">{words.features}</h2>
        <span className="s">{words.featuresNote}</span>
        <span className="sp" />
        <span className="s">{count(features.length)}</span>
      </div>
      <ul className="series">
        {features.map((f) => (
          <li key={f.id}>
            <span>
              <OtherText className="b550">{f.name}</OtherText>
              <span className="mono mut blk">{f.id}</span>
            </span>
            <span>
              <OtherText most={300} className="say">{f.sentence}</OtherText>
              <code className="blk">
                <OtherText most={300}>{f.calculation}</OtherText>
              </code>
              {f.scale === null ? null : <span className="sm mut">Learning uses it by {valueOf("", f.scale)}, clipped to ±1.</span>}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

export function Policies({ policies, blocks: names }: { policies: readonly PackPolicyRead[]; blocks: Record<string, string> }) {
  return (
    <section className="card" id="policies" aria-labelledby="policies-h">
      <div className="ch">
        <h2 id="policies-h">{words.policies}</h2>
        <span className="s">{words.policiesNote}</span>
      </div>
      <div className="two-c">
        {[...new Set(policies.map((p) => p.block))].map((block) => (
          <div key={block}>
            <h3 className="sub-h">{names[block] ?? block}</h3>
            <ul className="sentences">
              {policies.filter((p) => p.block === block).map((p) => (
                <li key={p.key} title={`${p.block}.${p.key}`}>
                  {p.sentence}
                </li>
              ))}
            </ul>
          </div>
        ))}
      </div>
    </section>
  );
}

export function Indicators({ indicators }: { indicators: readonly PackIndicatorRead[] }) {
  return (
    <section className="card" id="indicators" aria-labelledby="indicators-h">
      <div className="ch">
        <h2 id="indicators-h">{words.indicators}</h2>
        <span className="sp" />
        <span className="s">{count(indicators.length)}</span>
      </div>
      <ul className="series">
        {indicators.map((i) => (
          <li key={i.id}>
            <span>
              <OtherText className="b550">{i.name}</OtherText>
              <span className="mono mut blk">{i.names.join(", ")}</span>
            </span>
            <span>
              <span className="say">{i.settings.map((s) => `${s.name.replaceAll("_", " ")} ${s.value}`).join(", ") || "no settings"}</span>
              <span className="sm mut blk formula">
                <OtherText most={400}>{i.formula}</OtherText>
              </span>
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

export function Parameters({ parameters }: { parameters: readonly PackParameterRead[] }) {
  return (
    <section className="card" id="parameters" aria-labelledby="parameters-h">
      <div className="ch">
        <h2 id="parameters-h">{words.parameters}</h2>
        <span className="s">{words.parametersNote}</span>
        <span className="sp" />
        <span className="s">{many(parameters.length, "parameter", "parameters")}</span>
      </div>
      <div className="scroll-x" tabIndex={0} role="region" aria-labelledby="parameters-h">
        <table className="table dense">
          <thead>
            <tr>
              <th scope="col">Parameter</th>
              <th scope="col">Of</th>
              <th scope="col" className="r">Default</th>
              <th scope="col">May be</th>
            </tr>
          </thead>
          <tbody>
            {parameters.map((p) => (
              <tr key={p.key}>
                <td className="mono">{p.key}</td>
                <td className="sub">
                  <OtherText most={60}>{p.of}</OtherText>
                </td>
                <td className="r">{valueOf(p.key, p.default)}</td>
                <td className="sub">{bounds(p)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}
