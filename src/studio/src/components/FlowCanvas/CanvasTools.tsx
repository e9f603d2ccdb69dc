import { Panel, useReactFlow, useStore } from "@xyflow/react";
import type { Direction } from "../../designer/walk";
import { designer as words } from "../../text/designer";
import { Icon } from "../Icon";

/** Zoom, fit and direction, in a corner of the canvas. */
export function CanvasTools({ direction, onTurn, onFit, onZoom }: { direction: Direction; onTurn(): void; onFit(): void; onZoom(): void }) {
  const flow = useReactFlow();
  const zoom = useStore((s) => s.transform[2]);
  const zoomed = (act: () => unknown) => () => {
    onZoom();
    act();
  };
  return (
    <Panel position="bottom-right" className="fc-tools" role="group" aria-label={words.view}>
      <button type="button" className="fc-turn" onClick={onTurn} title={`${direction === "TB" ? words.leftToRight : words.topToBottom} (D)`} aria-label={direction === "TB" ? words.leftToRight : words.topToBottom}>
        <Icon name={direction === "TB" ? "right" : "down"} size={15} />
      </button>
      <button type="button" className="react-flow__controls-zoomout" onClick={zoomed(() => flow.zoomOut())} disabled={zoom <= 0.2} title={`${words.zoomOut} (−)`} aria-label={words.zoomOut}>−</button>
      <button type="button" className="fc-zoom" onClick={zoomed(() => flow.zoomTo(1))} title={words.fullSize} aria-label={`${words.fullSize}, now ${Math.round(zoom * 100)}%`}>{Math.round(zoom * 100)}%</button>
      <button type="button" className="react-flow__controls-zoomin" onClick={zoomed(() => flow.zoomIn())} disabled={zoom >= 1.6} title={`${words.zoomIn} (+)`} aria-label={words.zoomIn}>+</button>
      <button type="button" className="react-flow__controls-fitview" onClick={onFit} title={`${words.fit} (0)`}>{words.fit}</button>
    </Panel>
  );
}
