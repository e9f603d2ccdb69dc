import { BaseEdge, Controls, EdgeLabelRenderer, getBezierPath, Handle, MiniMap, Position, ReactFlow, ReactFlowProvider, useConnection, useReactFlow, useStore, type ConnectionLineComponentProps, type Edge as FlowEdge, type EdgeProps, type Node, type NodeChange, type NodeHandle, type NodeProps } from "@xyflow/react";
import "@xyflow/react/dist/base.css";
import { memo, useCallback, useEffect, useMemo, useRef, useState } from "react";
import { inOrder, spokenStep, type Edge } from "../../designer/model";
import { iconOf } from "../../designer/palette";
import { summaryOf } from "../../designer/summary";
import { NODE, walked, type Arrow, type Places } from "../../designer/walk";
import { lookOf, wordOf } from "../../flow/states";
import { designer as words } from "../../text/designer";
import { visible } from "../../text/format";
import { Glyph, Icon } from "../Icon";
import { KIND_DRAG, type FlowCanvasProps, type Mark } from "./types";
import "./style.css";

interface StepData extends Record<string, unknown> {
  name: string;
  uses: string;
  note: string;
  problems: number;
  stack: boolean;
  mark: Mark | null;
  state: string | null;
  wrong: boolean;
  whyNot: ((from: string, to: string) => string | null) | null;
}

type StepNode = Node<StepData, "step">;

interface NeedData extends Record<string, unknown> {
  isNeed: boolean;
  when: string | null;
  mark: Mark | null;
}

type NeedEdge = FlowEdge<NeedData, "need">;

const HANDLES: NodeHandle[] = [
  { type: "target", position: Position.Top, x: NODE.width / 2 - 4.5, y: 0, width: 9, height: 1 },
  { type: "source", position: Position.Bottom, x: NODE.width / 2 - 4.5, y: NODE.height - 1, width: 9, height: 1 },
];

/** A workflow as it is drawn: the designer draws on it, other pages look at it. */
export function FlowCanvas(props: FlowCanvasProps) {
  return (
    <ReactFlowProvider>
      <Canvas {...props} />
    </ReactFlowProvider>
  );
}

function Canvas({ workflow, at, selection, onSelect, label, noteOf, problemsOf, states, marks, stale = false, edit = null, height }: FlowCanvasProps) {
  const flow = useReactFlow<StepNode, NeedEdge>();
  const box = useRef<HTMLDivElement>(null);
  const [moving, setMoving] = useState<Places | null>(null);
  const whyNot = edit?.whyNot ?? null;
  const chosen = useMemo(() => new Set(selection), [selection]);

  const nodes = useMemo<StepNode[]>(() => {
    const made = inOrder(workflow).map((name) => {
      const step = workflow.byName.get(name)!;
      const problems = problemsOf?.(name) ?? 0;
      const state = states?.get(name);
      return {
        id: name, type: "step" as const, position: at.get(name) ?? { x: 0, y: 0 }, width: NODE.width, height: NODE.height, draggable: edit !== null, connectable: edit !== null, selectable: true, selected: chosen.has(name), className: "fc-node",
        // Said, not measured: a node that is made anew keeps its edges.
        measured: NODE, handles: HANDLES,
        ariaLabel: [spokenStep(workflow, step, problems), ...(state === undefined ? [] : [wordOf(state.state)])].join(", "),
        data: { name, uses: step.uses, note: noteOf?.(name) ?? summaryOf(step), problems, stack: step.forEach !== null, mark: marks?.get(name) ?? null, state: state?.state ?? null, wrong: state?.wrong ?? false, whyNot },
      };
    });
    return made;
  }, [workflow, at, chosen, noteOf, problemsOf, states, marks, edit, whyNot]);

  // While a step is dragged its place alone changes: nothing else is made anew.
  const shown = useMemo(() => (moving === null ? nodes : nodes.map((n) => (moving.has(n.id) ? { ...n, position: moving.get(n.id)! } : n))), [nodes, moving]);

  const edges = useMemo<NeedEdge[]>(
    () =>
      workflow.drawn.map((e) => ({
        id: `${e.from}>${e.to}`, type: "need" as const, source: e.from, target: e.to, selectable: edit !== null, focusable: false, deletable: false,
        className: ["fc-edge", e.isNeed ? "" : "implied", chosen.has(e.from) || chosen.has(e.to) ? "near" : ""].join(" "),
        data: { isNeed: e.isNeed, when: whenOf(workflow.byName.get(e.to)?.when ?? null, e.from), mark: marks?.get(e.to) === "removed" || marks?.get(e.from) === "removed" ? "removed" : null },
      })),
    [workflow, chosen, edit, marks],
  );

  const size = useStore((s) => `${s.width} ${s.height}`);
  const hasSteps = nodes.length > 0;
  useEffect(() => {
    if (hasSteps) void flow.fitView({ padding: 0.12, maxZoom: 1, minZoom: 0.2 });
    // Fitted when it appears and when its frame changes, not at each edit: what somebody looks at stays where it is.
  }, [flow, size, hasSteps]);

  const changed = useCallback(
    (changes: NodeChange<StepNode>[]) => {
      let next: Map<string, { x: number; y: number }> | null = null;
      for (const change of changes) {
        if (change.type === "position" && change.position !== undefined) (next ??= new Map(moving ?? [])).set(change.id, change.position);
      }
      if (next !== null) setMoving(next);
    },
    [moving],
  );

  function stopped() {
    if (moving !== null && edit !== null) edit.move(new Map([...at, ...moving]));
    setMoving(null);
  }

  function focus(name: string) {
    box.current?.querySelector<HTMLElement>(`[data-id="${CSS.escape(name)}"]`)?.focus({ preventScroll: true });
    const place = at.get(name);
    const { x, y, zoom } = flow.getViewport();
    const frame = box.current?.getBoundingClientRect();
    if (place === undefined || frame === undefined) return;
    const left = place.x * zoom + x;
    const top = place.y * zoom + y;
    if (left < 0 || top < 0 || left + NODE.width * zoom > frame.width || top + NODE.height * zoom > frame.height) void flow.setCenter(place.x + NODE.width / 2, place.y + NODE.height / 2, { zoom });
  }

  function key(event: React.KeyboardEvent) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const target = event.target as HTMLElement;
    const here = target.closest<HTMLElement>(".react-flow__node")?.dataset["id"] ?? selection.at(-1) ?? null;
    if (event.key.startsWith("Arrow")) {
      const to = walked(workflow, at, here, event.key as Arrow);
      event.preventDefault();
      event.stopPropagation();
      if (to === null) return;
      onSelect(event.shiftKey ? [...selection.filter((s) => s !== to), to] : [to]);
      focus(to);
    } else if (event.key === "Enter" && here !== null && edit !== null) {
      event.preventDefault();
      event.stopPropagation();
      onSelect([here]);
      edit.enter(here);
    } else if (event.key === " " && here !== null) {
      event.preventDefault();
      event.stopPropagation();
      onSelect(selection.includes(here) ? selection.filter((s) => s !== here) : [...selection, here]);
    } else if (event.key === "Delete" || event.key === "Backspace") {
      // The page removes, and says what depends on it.
      event.preventDefault();
    }
  }

  return (
    <div
      ref={box}
      className={["fc", stale ? "stale" : "", edit === null ? "still" : ""].join(" ")}
      style={height === undefined ? undefined : { height }}
      role="group"
      tabIndex={-1}
      aria-label={label}
      onKeyDownCapture={key}
      onDragOver={(e) => {
        if (edit !== null && e.dataTransfer.types.includes(KIND_DRAG)) {
          e.preventDefault();
          e.dataTransfer.dropEffect = "copy";
        }
      }}
      onDrop={(e) => {
        const kind = e.dataTransfer.getData(KIND_DRAG);
        if (kind === "" || edit === null) return;
        e.preventDefault();
        const on = document.elementsFromPoint(e.clientX, e.clientY).map((x) => x.closest<HTMLElement>(".react-flow__edge")?.dataset["id"]).find((id) => id !== undefined);
        const [from, to] = on?.split(">") ?? [];
        const place = flow.screenToFlowPosition({ x: e.clientX, y: e.clientY });
        edit.drop(kind, { x: place.x - NODE.width / 2, y: place.y - NODE.height / 2 }, from !== undefined && to !== undefined ? { from, to } : null);
      }}
    >
      <ReactFlow<StepNode, NeedEdge>
        nodes={shown}
        edges={edges}
        nodeTypes={nodeTypes}
        edgeTypes={edgeTypes}
        onNodesChange={changed}
        onNodeDragStop={stopped}
        onSelectionDragStop={stopped}
        onNodeClick={(event, node) => onSelect(event.shiftKey ? (chosen.has(node.id) ? selection.filter((s) => s !== node.id) : [...selection, node.id]) : [node.id])}
        onNodeDoubleClick={(_, node) => edit?.enter(node.id)}
        onPaneClick={() => onSelect([])}
        onEdgeDoubleClick={(_, e) => {
          const found = workflow.edges.find((x: Edge) => x.from === e.source && x.to === e.target);
          if (found !== undefined) edit?.disconnect(found);
        }}
        isValidConnection={(c) => edit !== null && edit.whyNot(c.source, c.target) === null}
        onConnect={(c) => edit?.connect(c.source, c.target)}
        connectionLineComponent={Line}
        connectionRadius={36}
        selectNodesOnDrag={false}
        nodesDraggable={edit !== null}
        nodesConnectable={edit !== null}
        edgesFocusable={false}
        deleteKeyCode={null}
        selectionKeyCode={null}
        multiSelectionKeyCode={null}
        zoomOnDoubleClick={false}
        zoomOnScroll={edit !== null}
        preventScrolling={edit !== null}
        panOnDrag
        nodeDragThreshold={3}
        minZoom={0.2}
        maxZoom={1.6}
        disableKeyboardA11y
        attributionPosition="bottom-center"
        proOptions={{ hideAttribution: false }}
      >
        {edit === null ? null : <Controls showInteractive={false} orientation="horizontal" position="bottom-right" aria-label={words.view} fitViewOptions={{ padding: 0.12, maxZoom: 1 }} />}
        {edit !== null && workflow.steps.length > 4 ? <MiniMap position="bottom-left" pannable nodeClassName={(n) => ((n.data as StepData).problems > 0 ? "mm-bad" : (n.selected ?? false) ? "mm-on" : "mm")} ariaLabel={words.overview} /> : null}
      </ReactFlow>
      {edit === null ? null : <Refusal />}
    </div>
  );
}

/** What a step waits for, where it is a decision of the step before. */
function whenOf(when: string | null, from: string): string | null {
  if (when === null || !when.includes(`steps.${from}.`)) return null;
  const said = /(==|!=)\s*["']([^"']+)["']\s*$/.exec(when);
  return said === null ? "when" : `${said[1] === "!=" ? "not " : ""}${said[2]!}`;
}

const Step = memo(function Step({ data, id, selected }: NodeProps<StepNode>) {
  // The source of a line that is being drawn, so that what it cannot reach fades.
  const drawnFrom = useConnection((c) => (c.inProgress ? c.fromNode.id : null));
  const why = drawnFrom === null || drawnFrom === id ? null : (data.whyNot?.(drawnFrom, id) ?? null);
  const look = data.state === null ? null : lookOf(data.state);
  const tone = data.wrong ? "bad" : (look?.tone ?? "");
  return (
    <div className={["fs", selected ? "chosen" : "", data.problems > 0 ? "invalid" : "", data.stack ? "stack" : "", why === null ? "" : "faded", data.mark ?? "", tone === "" ? "" : `tone-${tone}`].join(" ")}>
      <Handle type="target" position={Position.Top} className={drawnFrom !== null && drawnFrom !== id ? "fs-in wide" : "fs-in"} />
      <span className="fs-i">{look === null ? <Icon name={iconOf(data.uses)} size={17} /> : <span className={`t-${data.wrong ? "bad" : look.tone}`}><Glyph name={data.wrong ? "cross" : look.glyph} /></span>}</span>
      <span className="fs-t one">
        <bdi>{visible(data.name)}</bdi>
      </span>
      <span className="fs-s one">{data.mark === null ? data.note : <span className={`mk ${data.mark}`}>{data.mark === "added" ? "+ added" : data.mark === "removed" ? "− removed" : "~ changed"}</span>}</span>
      {data.problems > 0 ? <span className="fs-n">{data.problems}</span> : null}
      <Handle type="source" position={Position.Bottom} className="fs-out" />
    </div>
  );
});

const Need = memo(function Need({ sourceX, sourceY, targetX, targetY, data, id }: EdgeProps<NeedEdge>) {
  const [path, x, y] = getBezierPath({ sourceX, sourceY, sourcePosition: Position.Bottom, targetX, targetY, targetPosition: Position.Top });
  return (
    <>
      <BaseEdge id={id} path={path} interactionWidth={18} className={data?.mark === "removed" ? "gone" : ""} />
      {data?.isNeed === false ? <circle cx={x} cy={y} r={2.5} className="fc-dot" /> : null}
      {data?.when == null ? null : (
        <EdgeLabelRenderer>
          <span className="fc-when" style={{ transform: `translate(-50%, -50%) translate(${x}px, ${y}px)` }}>
            {data.when}
          </span>
        </EdgeLabelRenderer>
      )}
    </>
  );
});

function Line({ fromX, fromY, toX, toY, connectionStatus, toNode, fromNode }: ConnectionLineComponentProps<StepNode>) {
  const isWrong = connectionStatus === "invalid" && toNode !== null && toNode.id !== fromNode.id;
  const [path] = getBezierPath({ sourceX: fromX, sourceY: fromY, sourcePosition: Position.Bottom, targetX: toX, targetY: toY, targetPosition: Position.Top });
  return <path d={path} fill="none" className={isWrong ? "fc-line wrong" : "fc-line"} />;
}

/** Why a line that is being drawn cannot end where it is. */
function Refusal() {
  const why = useConnection<StepNode, string | null>((c) => (c.inProgress && c.toNode !== null && c.toNode.id !== c.fromNode.id ? ((c.toNode.data as StepData).whyNot?.(c.fromNode.id, c.toNode.id) ?? null) : null));
  return (
    <div className="fc-why" role="status" hidden={why === null}>
      <b>Cannot connect</b>
      <span>{why}</span>
    </div>
  );
}

const nodeTypes = { step: Step };
const edgeTypes = { need: Need };
