import type { LineKnown, MomentKnown, PartKnown, TradeKnown } from "../../api/client";
import { Glyph } from "../../components/Icon";
import { OtherText } from "../../components/OtherText";
import { TimeText } from "../../components/TimeText";
import { exitWord, type TradeRow } from "../../evidence/facts";
import { heldText, isSimple, levelRows, reachedText, scoreOf, sidesText, valueText } from "../../evidence/known";
import { measured, price, returnPercent } from "../../text/format";
import { review as words } from "../../text/strings";

/** The bar and the score that an entry was decided with. */
export function Decision({ known }: { known: TradeKnown }) {
  const score = scoreOf(known);
  return (
    <>
      {known.entry === null ? null : <Bar title={words.bar} moment={known.entry} prices={known.prices} />}
      <div className="known-score">
        <h4>
          {words.score} <b>{score.text}</b>
        </h4>
        {score.at === null ? null : (
          <svg viewBox="0 0 100 8" preserveAspectRatio="none" role="img" aria-label={`${words.score} ${score.text}`}>
            <rect className="known-track" x="0" y="2" width="100" height="4" />
            <rect className="known-fill" x="0" y="2" width={score.at} height="4" />
            {score.wantedAt === null ? null : <rect className="known-wanted" x={Math.min(99.4, score.wantedAt)} y="0" width="0.8" height="8" />}
          </svg>
        )}
        <p className="sm mut">{score.from}.</p>
      </div>
    </>
  );
}

function Bar({ title, moment, prices }: { title: string; moment: MomentKnown; prices: string | null }) {
  const cells: [string, string, string][] = [["O", "Open", price(moment.open)], ["H", "High", price(moment.high)], ["L", "Low", price(moment.low)], ["C", "Close", price(moment.close)], ["V", "Volume", measured(moment.volume)]];
  return (
    <div className="known-bar">
      <h4>
        {title} {prices === null ? null : <span>{prices === "adjusted" ? words.adjusted : words.raw}</span>}
      </h4>
      <dl>
        {cells.map(([letter, name, figure]) => (
          <div key={letter}>
            <dt>
              <abbr title={name}>{letter}</abbr>
            </dt>
            <dd>{figure}</dd>
          </div>
        ))}
      </dl>
    </div>
  );
}

/** What was known when a trade was decided and when it ended: rules with their values, levels, features. */
export function Known({ trade, known }: { trade: TradeRow; known: TradeKnown }) {
  if (!known.is_kept) return <p className="known-none sm">{words.notKept}</p>;
  return (
    <section className="known" aria-label={`${words.known} of ${words.trade.toLowerCase()} ${trade.id}`}>
      <div className="known-col">
        <h3>{words.entryKnown}</h3>
        {known.entry === null ? null : (
          <>
            <Lines lines={known.entry.lines} />
            {(known.entry.confirmations ?? 0) > 0 ? <p className="sm mut">{words.confirmed}</p> : null}
          </>
        )}
      </div>
      <div className="known-col">
        <Exit trade={trade} exit={known.exit} prices={known.prices} />
      </div>
      <div className="known-col">
        <h3>{words.featuresKnown}</h3>
        <dl className="known-values">
          {known.features.map((feature) => (
            <div key={feature.name}>
              <dt title={feature.name}>
                <OtherText most={60}>{feature.label}</OtherText>
              </dt>
              <dd>{valueText(feature)}</dd>
            </div>
          ))}
        </dl>
        {known.score_source === "classifier" ? <p className="sm mut">{words.featuresScaled}</p> : null}
      </div>
    </section>
  );
}

function Exit({ trade, exit, prices }: { trade: TradeRow; exit: MomentKnown | null; prices: string | null }) {
  if (exit === null) {
    return (
      <>
        <h3>{words.exitOpen}</h3>
        <p className="sm mut">{words.stillOpen}</p>
      </>
    );
  }
  const reached = reachedText(exit, trade.reason);
  return (
    <>
      <h3>{exit.lines.length > 0 ? words.exitKnown : reached === null ? words.exitOther : words.exitLevel}</h3>
      <p className="sm sub">
        {exitWord(trade.reason)}, {exit.lines.length > 0 ? "decided on" : "in"} <TimeText at={exit.bar_utc} />
      </p>
      {exit.lines.length > 0 ? <Lines lines={exit.lines} /> : null}
      {reached === null ? null : <p className="sm">{reached}</p>}
      {exit.position.length === 0 || exit.lines.every((line) => !line.expression.includes("position.")) ? null : (
        <dl className="known-values">
          {exit.position.map((value) => (
            <div key={value.name}>
              <dt>{value.label}</dt>
              <dd>{value.name === "position.days" ? valueText(value) : returnPercent(value.value)}</dd>
            </div>
          ))}
        </dl>
      )}
      <dl className="known-values" aria-label="Levels before this bar">
        {levelRows(exit, trade.reason).map((level) => (
          <div key={level.name} className={level.reached ? "on" : undefined}>
            <dt>
              {level.label}
              {level.reached ? <span className="sr">, ended it</span> : null}
            </dt>
            <dd>{level.text}</dd>
          </div>
        ))}
      </dl>
      {exit.lines.length > 0 ? null : <Bar title="The bar it ended in" moment={exit} prices={prices} />}
    </>
  );
}

function Lines({ lines }: { lines: readonly LineKnown[] }) {
  return (
    <ul className="known-lines">
      {lines.map((line) => (
        <li key={line.expression}>
          {isSimple(line) && line.parts.length === 1 ? (
            <Part part={{ ...line.parts[0]!, sentence: line.sentence, expression: line.expression, holds: line.holds }} />
          ) : (
            <>
              <Part part={{ sentence: line.sentence, expression: line.expression, holds: line.holds, sides: [] }} />
              <ul>
                {line.parts.map((part, i) => (
                  <li key={i}>
                    <Part part={part} />
                  </li>
                ))}
              </ul>
            </>
          )}
        </li>
      ))}
    </ul>
  );
}

function Part({ part }: { part: PartKnown }) {
  const { figure, sides } = sidesText(part);
  return (
    <div className="known-part" data-holds={part.holds === true}>
      <span className={part.holds === true ? "t-ok" : "t-idle"}>
        <Glyph name={part.holds === true ? "tick" : "cross"} />
        <span className="sr">{heldText(part.holds)}</span>
      </span>
      <span title={part.expression}>
        <OtherText most={200}>{part.sentence}</OtherText>
        {sides === null ? null : (
          <span className="known-sides">
            <OtherText most={200}>{sides}</OtherText>
          </span>
        )}
      </span>
      {figure === null ? null : <b>{figure}</b>}
    </div>
  );
}
