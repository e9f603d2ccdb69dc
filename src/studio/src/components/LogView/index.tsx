import { useEffect, useMemo, useRef, useState } from "react";
import { count, many, visible } from "../../text/format";
import { runs } from "../../text/strings";
import { timeOfDay } from "../../text/time";
import { useView } from "../../theme/View";
import { Glyph, Icon } from "../Icon";
import { useKeys } from "../Shell/keys";
import { marked } from "./search";
import type { LogViewProps } from "./types";
import "./style.css";

const LINE_PX = 19;
const AROUND = 20;
const WRAPPED_MOST = 1_000;

/** Lines as they come. It follows the end until somebody scrolls up; only what is in sight is in the page. */
export function LogView({ lines, isOpen, query, onQuery, namesItem }: LogViewProps) {
  const view = useView();
  const clock = view.clock();
  const [wrap, setWrap] = useState(false);
  const [follows, setFollows] = useState(true);
  const [sight, setSight] = useState({ top: 0, height: 400 });
  const box = useRef<HTMLDivElement>(null);

  const shown = useMemo(() => {
    const wanted = query.trim().toLowerCase();
    return wanted === "" ? lines : lines.filter((l) => l.line.toLowerCase().includes(wanted));
  }, [lines, query]);
  const kept = wrap && shown.length > WRAPPED_MOST ? shown.slice(-WRAPPED_MOST) : shown;
  const first = wrap ? 0 : Math.max(0, Math.floor(sight.top / LINE_PX) - AROUND);
  const last = wrap ? kept.length : Math.min(kept.length, Math.ceil((sight.top + sight.height) / LINE_PX) + AROUND);

  useEffect(() => {
    if (follows && box.current !== null) box.current.scrollTop = box.current.scrollHeight;
  }, [follows, kept.length, wrap]);

  useEffect(() => {
    if (box.current === null) return;
    const watch = new ResizeObserver(([entry]) => entry !== undefined && setSight((was) => ({ ...was, height: entry.contentRect.height })));
    watch.observe(box.current);
    return () => watch.disconnect();
  }, []);

  useKeys({ End: () => setFollows(true) });

  return (
    <>
      <div className="log-tools">
        <label className="srch">
          <Icon name="search" size={13} />
          <input type="search" value={query} onChange={(e) => onQuery(e.target.value)} placeholder="Find in the log" aria-label="Find in the log" />
          {query.trim() === "" ? null : <span className="mut">{count(shown.length)}</span>}
        </label>
        <button type="button" className="btn s" aria-pressed={wrap} onClick={() => setWrap(!wrap)}>
          {runs.wrap}
        </button>
      </div>
      <div
        ref={box}
        className={wrap ? "log wrap" : "log"}
        role="log"
        aria-live="off"
        tabIndex={0}
        aria-label="Log"
        onScroll={(e) => {
          const at = e.currentTarget;
          setSight({ top: at.scrollTop, height: at.clientHeight });
          setFollows(at.scrollHeight - at.scrollTop - at.clientHeight < LINE_PX * 2);
        }}
      >
        {shown.length === 0 ? <p className="none">{lines.length === 0 ? runs.noLog : runs.noLogMatch}</p> : null}
        {kept.length < shown.length ? <p className="log-gap">{many(shown.length - kept.length, "earlier line", "earlier lines")} not shown while wrapped</p> : null}
        <div style={wrap ? undefined : { height: kept.length * LINE_PX, paddingTop: first * LINE_PX }}>
          {kept.slice(first, last).map((line) => (
            <div key={line.id} className="log-l">
              <span className="t">{timeOfDay(line.at_utc, clock, "milli")}</span>
              {namesItem ? <span className="i">[{line.item}]</span> : null}
              <span className="m">
                {marked(visible(line.line), query).map((piece, i) => (piece.hit ? <mark key={i}>{piece.text}</mark> : <span key={i}>{piece.text}</span>))}
              </span>
            </div>
          ))}
        </div>
      </div>
      <div className="log-foot sm sub">
        {isOpen ? (
          <span className={follows ? "t-run state-glyph" : "state-glyph"}>
            <Glyph name={follows ? "ring" : "bars"} size={11} />
          </span>
        ) : null}
        {isOpen ? (follows ? runs.following : runs.stopped) : runs.ended}, {many(lines.length, "line", "lines")}
        <span className="sp" />
        {isOpen && !follows ? (
          <button type="button" className="btn s" onClick={() => setFollows(true)}>
            Follow <kbd>End</kbd>
          </button>
        ) : (
          <span className="hint">
            <kbd>End</kbd> follow <kbd>/</kbd> search
          </span>
        )}
      </div>
    </>
  );
}
