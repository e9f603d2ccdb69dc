import { useRef } from "react";
import { Link } from "react-router";
import type { StageCell, StrategyStages } from "../../api/client";
import { Glyph } from "../../components/Icon";
import { OtherText } from "../../components/OtherText";
import { lookOf, wordOf } from "../../flow/states";
import { age, many, shortId } from "../../text/format";
import { home } from "../../text/strings";

/** Strategies by the eight stages; each cell leads to the step behind it. */
export function Board({ strategies, now }: { strategies: readonly StrategyStages[]; now: Date }) {
  const grid = useRef<HTMLDivElement>(null);
  const stages = strategies[0]?.stages.map((s) => s.name) ?? [];

  function move(event: React.KeyboardEvent) {
    const step = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -stages.length, ArrowDown: stages.length }[event.key];
    if (step === undefined || grid.current === null) return;
    const cells = [...grid.current.querySelectorAll<HTMLAnchorElement>("a.cell")];
    const next = cells[cells.indexOf(document.activeElement as HTMLAnchorElement) + step];
    if (next === undefined) return;
    event.preventDefault();
    next.focus();
  }

  return (
    <section className="card" aria-labelledby="board-h">
      <div className="ch">
        <h2 id="board-h">{home.strategies}</h2>
        <span className="s">{many(strategies.length, "strategy", "strategies")}, eight stages</span>
      </div>
      <div className="board" role="table" aria-labelledby="board-h" ref={grid} onKeyDown={move}>
        <div className="board-r board-head" role="row">
          <div className="h" role="columnheader">
            {home.strategy}
          </div>
          {stages.map((name, i) => (
            <div key={name} className="h" role="columnheader">
              <span className="no">{i}</span>
              <b>{name}</b>
            </div>
          ))}
        </div>
        {strategies.map((strategy) => (
          <div className="board-r" role="row" key={strategy.run}>
            <div className="n" role="rowheader">
              <Link to={`/runs/${strategy.run}`} className="n-t" title={strategy.name}>
                <OtherText className="n-i">{strategy.ticker}</OtherText>
                {strategy.name === strategy.ticker ? null : <OtherText className="n-s one">{strategyOf(strategy)}</OtherText>}
              </Link>
              <span className="mono mut one" title={`${strategy.pack}, ${strategy.run}`}>
                {strategy.pack === "" ? shortId(strategy.run) : strategy.pack}
              </span>
            </div>
            {strategy.stages.map((stage) => (
              <div className="c" role="cell" key={stage.name}>
                <Cell stage={stage} run={strategy.run} now={now} />
              </div>
            ))}
          </div>
        ))}
      </div>
    </section>
  );
}

/** The strategy without its instrument, which stands above it. */
function strategyOf({ name, ticker }: StrategyStages): string {
  return name.endsWith(` on ${ticker}`) ? name.slice(0, -` on ${ticker}`.length) : name;
}

function Cell({ stage, run, now }: { stage: StageCell; run: string; now: Date }) {
  const look = lookOf(stage.state);
  const fact = stage.expires_utc === null ? stage.fact : age(Date.parse(stage.expires_utc) - now.getTime());
  const to = stage.vote !== null ? `/dashboard/${stage.vote}` : `/runs/${run}${stage.step === null ? "" : `?sel=${stage.step}`}`;
  return (
    <Link className={`cell ${look.tone}`} to={to} title={`${stage.is_others ? home.othersVote : stage.word}${fact === "" ? "" : `, ${fact}`}`}>
      <span className="cell-t">
        <Glyph name={look.glyph} />
        <span className="one wide">{stage.word}</span>
        <span className="one narrow">{stage.name}</span>
        <span className="sr">
          {stage.is_others ? home.othersVote : wordOf(stage.state) === stage.word ? "" : wordOf(stage.state)}, {stage.name}
        </span>
      </span>
      <span className="cell-s one wide">{fact}</span>
      <span className="cell-s narrow">{stage.word}</span>
      {stage.share === null ? null : (
        <span className="pb">
          <i style={{ width: `${Math.round(100 * stage.share)}%` }} />
        </span>
      )}
    </Link>
  );
}
