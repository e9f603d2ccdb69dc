import { Handle, Position, ReactFlow, ReactFlowProvider, useReactFlow, type Edge, type Node, type NodeProps } from "@xyflow/react";
import "@xyflow/react/dist/base.css";
import { memo, useEffect, useMemo, useRef } from "react";
import { place } from "../../flow/layout";
import { neighbour, spoken } from "../../flow/model";
import { lookOf, wordOf } from "../../flow/states";
import { Glyph } from "../Icon";
import type { DagCanvasProps } from "./types";
import "./style.css";

const SIZE = { width: 118, height: 48 };
const HEIGHT_MIN = 112;
const HEIGHT_MAX = 340;
const PAD = 18;

interface StepData extends Record<string, unknown> {
  name: string;
  state: string;
  note: string;
  share: number | null;
  items: number;
  chosen: boolean;
}

type StepNode = Node<StepData, "step">;

/** The graph of a run, live: drawn from the pure model, walked with the arrows. */
export function DagCanvas(props: DagCanvasProps) {
  return (
    <ReactFlowProvider>
      <Canvas {...props} />
    </ReactFlowProvider>
  );
}

function Canvas({ graph, selected, onSelect, noteOf, shareOf, label }: DagCanvasProps) {
  const flow = useReactFlow();
  const box = useRef<HTMLDivElement>(null);
  const shape = graph.nodes.map((n) => n.id).join("|") + graph.edges.map((e) => e.id).join("|");
  // The layout depends on the shape alone: a changed state moves nothing.
  // eslint-disable-next-line react-hooks/exhaustive-deps
  const placed = useMemo(() => place(graph, SIZE), [shape]);

  const nodes = useMemo<StepNode[]>(
    () =>
      graph.nodes.map((n) => ({
        id: n.id, type: "step", position: placed.at.get(n.id) ?? { x: 0, y: 0 }, width: SIZE.width, height: SIZE.height, draggable: false, connectable: false, selectable: true,
        selected: n.id === selected, ariaLabel: spoken(graph, n, wordOf(n.state)), className: "dag-node",
        data: { name: n.step, state: n.state, note: noteOf(n.id), share: shareOf(n.id), items: n.item === null ? n.items : 1, chosen: n.id === selected },
      })),
    [graph, placed, selected, noteOf, shareOf],
  );
  const edges = useMemo<Edge[]>(() => graph.edges.map((e) => ({ id: e.id, source: e.from, target: e.to, className: `dag-edge ${e.state}`, focusable: false, selectable: false })), [graph]);

  useEffect(() => {
    const fit = (): void => void flow.fitView({ padding: 0.03, maxZoom: 1, minZoom: 0.35 });
    fit();
    const watch = new ResizeObserver(fit);
    if (box.current !== null) watch.observe(box.current);
    return () => watch.disconnect();
  }, [flow, placed]);

  function move(event: React.KeyboardEvent) {
    if (!["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown"].includes(event.key) || event.ctrlKey || event.altKey || event.metaKey) return;
    const to = neighbour(graph, selected ?? graph.nodes[0]?.id ?? "", event.key as "ArrowLeft", placed.at);
    event.preventDefault();
    event.stopPropagation();
    if (to === null) return;
    onSelect(to);
    box.current?.querySelector<HTMLElement>(`[data-id="${CSS.escape(to)}"]`)?.focus();
  }

  return (
    <div ref={box} className="dag" style={{ height: Math.min(HEIGHT_MAX, Math.max(HEIGHT_MIN, placed.height + PAD * 2)) }} onKeyDownCapture={move} role="group" aria-label={label}>
      <ReactFlow
        nodes={nodes}
        edges={edges}
        nodeTypes={nodeTypes}
        onNodeClick={(_, node) => onSelect(node.id)}
        onNodesChange={(changes) => {
          for (const change of changes) if (change.type === "select" && change.selected) onSelect(change.id);
        }}
        nodesDraggable={false}
        nodesConnectable={false}
        edgesFocusable={false}
        elementsSelectable
        zoomOnScroll={false}
        preventScrolling={false}
        zoomOnDoubleClick={false}
        minZoom={0.35}
        maxZoom={1.5}
        fitView
        fitViewOptions={{ padding: 0.03, maxZoom: 1 }}
        proOptions={{ hideAttribution: false }}
        disableKeyboardA11y={false}
      />
    </div>
  );
}

const Step = memo(function Step({ data }: NodeProps<StepNode>) {
  const look = lookOf(data.state);
  return (
    <div className={`step ${look.tone} is-${data.state}${data.chosen ? " chosen" : ""}${data.items > 1 ? " stack" : ""}`}>
      <Handle type="target" position={Position.Left} isConnectable={false} />
      <span className="step-t">
        <span className={`t-${look.tone}`}>
          <Glyph name={look.glyph} />
        </span>
        <span className="one">{data.name}</span>
      </span>
      <span className="step-s one">{data.note}</span>
      {data.share === null ? null : (
        <span className="pb">
          <i style={{ width: `${Math.round(100 * data.share)}%` }} />
        </span>
      )}
      <Handle type="source" position={Position.Right} isConnectable={false} />
    </div>
  );
});

const nodeTypes = { step: Step };
