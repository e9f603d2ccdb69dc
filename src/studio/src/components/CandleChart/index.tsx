import { CandlestickSeries, createChart, createSeriesMarkers, LineSeries, LineStyle, type IChartApi, type ISeriesApi, type ISeriesMarkersPluginApi, type SeriesMarker, type Time, type UTCTimestamp } from "lightweight-charts";
import { useEffect, useRef } from "react";
import { review as words } from "../../text/strings";
import { instant } from "../../text/time";
import { useView } from "../../theme/View";
import { around, nearest } from "./marks";
import type { CandleChartProps } from "./types";
import "./style.css";

interface Drawn {
  chart: IChartApi;
  candles: ISeriesApi<"Candlestick">;
  path: ISeriesApi<"Line">;
  markers: ISeriesMarkersPluginApi<Time>;
}

const second = (iso: string): UTCTimestamp => (Date.parse(iso) / 1000) as UTCTimestamp;

/** Candles on an index axis with the trades on them. Loaded on demand: the library is larger than the page. */
export function CandleChart({ start, open, high, low, close, marks, focus, onFocus, label, height }: CandleChartProps) {
  const { theme, clock } = useView();
  const box = useRef<HTMLDivElement>(null);
  const drawn = useRef<Drawn | null>(null);
  const latest = useRef({ marks, onFocus, clock: clock() });
  latest.current = { marks, onFocus, clock: clock() };
  const zone = clock().zone;

  useEffect(() => {
    const at = box.current!;
    const token = (name: string): string => getComputedStyle(at).getPropertyValue(`--${name}`).trim();
    const spoken = (time: Time): string => instant(new Date((time as number) * 1000).toISOString(), latest.current.clock, new Date());
    const chart = createChart(at, {
      height, autoSize: true,
      // The logo would bring a style element of its own, which the content policy refuses; its text stands below.
      layout: { background: { color: "transparent" }, textColor: token("mut"), fontFamily: '"Inter Variable", Inter, sans-serif', fontSize: 11, attributionLogo: false },
      grid: { vertLines: { visible: false }, horzLines: { color: token("line") } },
      rightPriceScale: { borderVisible: false }, timeScale: { borderColor: token("line"), timeVisible: true, rightOffset: 2, minBarSpacing: 0.1, tickMarkFormatter: (time: Time, kind: number) => tick(time, kind, latest.current.clock.zone) },
      crosshair: { vertLine: { color: token("sub"), labelBackgroundColor: token("line2") }, horzLine: { color: token("sub"), labelBackgroundColor: token("line2") } },
      localization: { timeFormatter: spoken }, handleScroll: { vertTouchDrag: false }, handleScale: { mouseWheel: true, axisPressedMouseMove: false },
    });
    const candles = chart.addSeries(CandlestickSeries, {
      upColor: "rgba(0, 0, 0, 0)", borderUpColor: token("ok"), wickUpColor: token("ok"), downColor: token("bad"), borderDownColor: token("bad"), wickDownColor: token("bad"), priceLineVisible: false, lastValueVisible: false,
    });
    candles.setData(start.map((s, i) => ({ time: second(s), open: open[i]!, high: high[i]!, low: low[i]!, close: close[i]! })));
    const path = chart.addSeries(LineSeries, { color: token("acc"), lineStyle: LineStyle.Dashed, lineWidth: 2, priceLineVisible: false, lastValueVisible: false, crosshairMarkerVisible: false, pointMarkersVisible: true });
    const shapes: SeriesMarker<Time>[] = marks.flatMap((m): SeriesMarker<Time>[] => [
      { id: `${m.trade}`, time: second(m.entryUtc), position: "belowBar", shape: "arrowUp", color: token("run") },
      ...(m.exitUtc === null ? [] : [{ id: `${m.trade}`, time: second(m.exitUtc), position: "aboveBar" as const, shape: "arrowDown" as const, color: token(m.exitTone) }]),
    ]);
    const markers = createSeriesMarkers(candles, shapes.sort((a, b) => (a.time as number) - (b.time as number)));
    chart.subscribeClick((event) => {
      const trade = typeof event.hoveredObjectId === "string" ? Number(event.hoveredObjectId) : event.time === undefined ? null : nearest(latest.current.marks, event.time as number);
      if (trade !== null) latest.current.onFocus(trade);
    });
    drawn.current = { chart, candles, path, markers };
    return () => {
      drawn.current = null;
      chart.remove();
    };
    // A theme is drawn anew; data of evidence do not change.
  }, [theme, zone, start, open, high, low, close, marks, height]);

  useEffect(() => {
    const found = marks.find((m) => m.trade === focus);
    const at = drawn.current;
    if (at === null) return;
    if (found === undefined) {
      at.path.setData([]);
      at.chart.timeScale().setVisibleLogicalRange({ from: Math.max(0, start.length - 160), to: start.length + 2 });
      return;
    }
    const entry = { time: second(found.entryUtc), value: found.entryPrice };
    // One bar may hold both ends; a line needs two.
    at.path.setData(found.exitUtc === null || found.exitPrice === null || found.exitUtc === found.entryUtc ? [entry] : [entry, { time: second(found.exitUtc), value: found.exitPrice }]);
    at.chart.timeScale().setVisibleLogicalRange(around(start, found));
  }, [focus, theme, zone, start, marks]);

  return (
    <div className="candles">
      <div ref={box} className="candles-box" style={{ height }} role="img" aria-label={label} />
      <a className="candles-by" href="https://www.tradingview.com/" target="_blank" rel="noreferrer">
        {words.attribution}
      </a>
    </div>
  );
}

// 0 a year, 1 a month, 2 a day, 3 and 4 a time of day.
function tick(time: Time, kind: number, zone: string): string {
  const at = new Date((time as number) * 1000);
  const form: Intl.DateTimeFormatOptions = kind === 0 ? { year: "numeric" } : kind === 1 ? { month: "short" } : kind === 2 ? { day: "numeric", month: "short" } : { hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
  return new Intl.DateTimeFormat("en-GB", { ...form, timeZone: zone }).format(at);
}
