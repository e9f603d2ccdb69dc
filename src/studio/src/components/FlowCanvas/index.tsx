import { BaseEdge, EdgeLabelRenderer, getBezierPath, Handle, MiniMap, Position, ReactFlow, ReactFlowProvider, useConnection, useReactFlow, useStore, type Connection, type ConnectionLineComponentProps, type Edge as FlowEdge, type EdgeProps, type Node, type NodeChange, type NodeHandle, type NodeProps } from "@xyflow/react";
import "@xyflow/react/dist/base.css";
import { memo, useCallback, useEffect, useMemo, useRef, useState } from "react";
import { inOrder, spokenStep, type Edge } from "../../designer/model";
import { iconOf } from "../../designer/palette";
import { summaryOf } from "../../designer/summary";
import { NODE, walked, type Arrow, type Direction, type Places } from "../../designer/walk";
import { lookOf, wordOf } from "../../flow/states";
import { designer as words } from "../../text/designer";
import { visible } from "../../text/format";
import { Glyph, Icon } from "../Icon";
import { CanvasTools } from "./CanvasTools";
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

const HANDLES: Record<Direction, NodeHandle[]> = {
  TB: [
    { type: "target", position: Position.Top, x: NODE.width / 2 - 4.5, y: 0, width: 9, height: 1 },
    { type: "source", position: Position.Bottom, x: NODE.width / 2 - 4.5, y: NODE.height - 1, width: 9, height: 1 },
  ],
  LR: [
    { type: "target", position: Position.Left, x: 0, y: NODE.height / 2 - 4.5, width: 1, height: 9 },
    { type: "source", position: Position.Right, x: NODE.width - 1, y: NODE.height / 2 - 4.5, width: 1, height: 9 },
  ],
};

const ENDS = { TB: { targetPosition: Position.Top, sourcePosition: Position.Bottom }, LR: { targetPosition: Position.Left, sourcePosition: Position.Right } } as const;

/** A workflow as it is drawn: the designer draws on it, other pages look at it. */
export function FlowCanvas(props: FlowCanvasProps) {
  return (
    <ReactFlowProvider>
      <Canvas {...props} />
    </ReactFlowProvider>
  );
}

function Canvas({ workflow, at, selection, onSelect, label, noteOf, problemsOf, states, marks, direction = "TB", onTurn, stale = false, edit = null, height }: FlowCanvasProps) {
  const flow = useReactFlow<StepNode, NeedEdge>();
  const box = useRef<HTMLDivElement>(null);
  const [moving, setMoving] = useState<Places | null>(null);
  const chosen = useMemo(() => new Set(selection), [selection]);
  const isEdited = edit !== null;
  // A frame of a drag must make nothing anew but the step that is dragged: whatever the canvas is given stays the same, and looks here for what is now.
  const latest = useRef({ workflow, at, selection, chosen, edit, onSelect, moving });
  latest.current = { workflow, at, selection, chosen, edit, onSelect, moving };
  const whyNot = useMemo(() => (isEdited ? (from: string, to: string) => latest.current.edit?.whyNot(from, to) ?? null : null), [isEdited]);

  const nodes = useMemo<StepNode[]>(() => {
    const made = inOrder(workflow).map((name) => {
      const step = workflow.byName.get(name)!;
      const problems = problemsOf?.(name) ?? 0;
      const state = states?.get(name);
      return {
        id: name, type: "step" as const, position: at.get(name) ?? { x: 0, y: 0 }, width: NODE.width, height: NODE.height, draggable: isEdited, connectable: isEdited, selectable: true, selected: chosen.has(name), className: "fc-node",
        // Said, not measured: a node that is made anew keeps its edges.
        measured: NODE, handles: HANDLES[direction], ...ENDS[direction],
        ariaLabel: [spokenStep(workflow, step, problems), ...(state === undefined ? [] : [wordOf(state.state)])].join(", "),
        data: { name, uses: step.uses, note: noteOf?.(name) ?? summaryOf(step), problems, stack: step.forEach !== null, mark: marks?.get(name) ?? null, state: state?.state ?? null, wrong: state?.wrong ?? false, whyNot },
      };
    });
    return made;
  }, [workflow, at, chosen, noteOf, problemsOf, states, marks, isEdited, whyNot, direction]);

  // While a step is dragged its place alone changes: nothing else is made anew.
  const shown = useMemo(() => (moving === null ? nodes : nodes.map((n) => (moving.has(n.id) ? { ...n, position: moving.get(n.id)! } : n))), [nodes, moving]);

  const edges = useMemo<NeedEdge[]>(
    () =>
      workflow.drawn.map((e) => ({
        id: `${e.from}>${e.to}`, type: "need" as const, source: e.from, target: e.to, selectable: isEdited, focusable: false, deletable: false,
        className: ["fc-edge", e.isNeed ? "" : "implied", chosen.has(e.from) || chosen.has(e.to) ? "near" : ""].join(" "),
        data: { isNeed: e.isNeed, when: whenOf(workflow.byName.get(e.to)?.when ?? null, e.from), mark: marks?.get(e.to) === "removed" || marks?.get(e.from) === "removed" ? "removed" : null },
      })),
    [workflow, chosen, isEdited, marks],
  );

  const width = useStore((s) => s.width);
  const tall = useStore((s) => s.height);
  const hasSteps = nodes.length > 0;
  // What somebody has moved or zoomed stays in the middle when the frame changes; what nobody touched is fitted.
  const isTouched = useRef(false);
  const frame = useRef({ width: 0, height: 0 });
  const fit = useCallback(() => void flow.fitView({ padding: 0.12, maxZoom: 1, minZoom: 0.2 }), [flow]);
  useEffect(() => {
    const was = frame.current;
    frame.current = { width, height: tall };
    if (!hasSteps || width === 0 || tall === 0) return;
    if (!isTouched.current || was.width === 0) return fit();
    const { x, y, zoom } = flow.getViewport();
    void flow.setViewport({ x: x + (width - was.width) / 2, y: y + (tall - was.height) / 2, zoom });
    // Not at each edit: what somebody looks at stays where it is.
  }, [flow, fit, width, tall, hasSteps]);
  useEffect(() => {
    isTouched.current = false;
    fit();
  }, [direction, fit]);

  const hands = useMemo(() => {
    const stopped = (): void => {
      const { moving: places, at: before, edit: edits } = latest.current;
      if (places !== null && edits !== null) edits.move(new Map([...before, ...places]));
      setMoving(null);
    };
    return {
      onNodesChange(changes: NodeChange<StepNode>[]) {
        const moved = changes.flatMap((c) => (c.type === "position" && c.position !== undefined ? [[c.id, c.position] as const] : []));
        if (moved.length === 0) return;
        latest.current.moving = new Map([...(latest.current.moving ?? []), ...moved]);
        setMoving(latest.current.moving);
      },
      onNodeDragStop: stopped,
      onSelectionDragStop: stopped,
      onNodeClick(event: React.MouseEvent, node: StepNode) {
        const { selection: now, chosen: on, onSelect: select } = latest.current;
        select(event.shiftKey ? (on.has(node.id) ? now.filter((s) => s !== node.id) : [...now, node.id]) : [node.id]);
      },
      onNodeDoubleClick: (_: React.MouseEvent, node: StepNode) => latest.current.edit?.enter(node.id),
      onPaneClick: () => latest.current.onSelect([]),
      onEdgeDoubleClick(_: React.MouseEvent, e: NeedEdge) {
        const found = latest.current.workflow.edges.find((x: Edge) => x.from === e.source && x.to === e.target);
        if (found !== undefined) latest.current.edit?.disconnect(found);
      },
      isValidConnection: (c: Connection | NeedEdge) => latest.current.edit !== null && latest.current.edit.whyNot(c.source, c.target) === null,
      onConnect: (c: Connection) => latest.current.edit?.connect(c.source, c.target),
      onMoveStart(event: MouseEvent | TouchEvent | null) {
        if (event !== null) isTouched.current = true;
      },
    };
  }, []);

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
      const to = walked(workflow, at, here, event.key as Arrow, direction);
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
        const edge = on === undefined ? undefined : workflow.drawn.find((x) => `${x.from}>${x.to}` === on);
        const place = flow.screenToFlowPosition({ x: e.clientX, y: e.clientY });
        edit.drop(kind, { x: place.x - NODE.width / 2, y: place.y - NODE.height / 2 }, edge === undefined ? null : { from: edge.from, to: edge.to });
      }}
    >
      <ReactFlow<StepNode, NeedEdge>
        nodes={shown}
        edges={edges}
        nodeTypes={nodeTypes}
        edgeTypes={edgeTypes}
        {...hands}
        connectionLineComponent={Line}
        connectionRadius={36}
        selectNodesOnDrag={false}
        nodesDraggable={isEdited}
        nodesConnectable={isEdited}
        edgesFocusable={false}
        deleteKeyCode={null}
        selectionKeyCode={null}
        multiSelectionKeyCode={null}
        zoomOnDoubleClick={false}
        zoomOnScroll={isEdited}
        preventScrolling={isEdited}
        panOnDrag
        nodeDragThreshold={3}
        minZoom={0.2}
        maxZoom={1.6}
        disableKeyboardA11y
        attributionPosition="bottom-center"
        proOptions={attribution}
      >
        {onTurn === undefined ? null : <CanvasTools direction={direction} onTurn={onTurn} onFit={() => { isTouched.current = false; fit(); }} onZoom={() => { isTouched.current = true; }} />}
        {onTurn !== undefined && workflow.steps.length > 4 ? <MiniMap<StepNode> position="bottom-left" pannable nodeClassName={toneOf} ariaLabel={words.overview} /> : null}
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

const Step = memo(function Step({ data, id, selected, targetPosition = Position.Top, sourcePosition = Position.Bottom }: NodeProps<StepNode>) {
  // The source of a line that is being drawn, so that what it cannot reach fades.
  const drawnFrom = useConnection((c) => (c.inProgress ? c.fromNode.id : null));
  const why = drawnFrom === null || drawnFrom === id ? null : (data.whyNot?.(drawnFrom, id) ?? null);
  const look = data.state === null ? null : lookOf(data.state);
  const tone = data.wrong ? "bad" : (look?.tone ?? "");
  return (
    <div className={["fs", selected ? "chosen" : "", data.problems > 0 ? "invalid" : "", data.stack ? "stack" : "", why === null ? "" : "faded", data.mark ?? "", tone === "" ? "" : `tone-${tone}`].join(" ")}>
      <Handle type="target" position={targetPosition} className={drawnFrom !== null && drawnFrom !== id ? "fs-in wide" : "fs-in"} />
      <span className="fs-i">{look === null ? <Icon name={iconOf(data.uses)} size={17} /> : <span className={`t-${data.wrong ? "bad" : look.tone}`}><Glyph name={data.wrong ? "cross" : look.glyph} /></span>}</span>
      <span className="fs-t one">
        <bdi>{visible(data.name)}</bdi>
      </span>
      <span className="fs-s one">{data.mark === null ? <bdi>{visible(data.note)}</bdi> : <span className={`mk ${data.mark}`}>{data.mark === "added" ? "+ added" : data.mark === "removed" ? "− removed" : "~ changed"}</span>}</span>
      {data.problems > 0 ? <span className="fs-n">{data.problems}</span> : null}
      <Handle type="source" position={sourcePosition} className="fs-out" />
    </div>
  );
});

const Need = memo(function Need({ sourceX, sourceY, sourcePosition, targetX, targetY, targetPosition, data, id }: EdgeProps<NeedEdge>) {
  const [path, x, y] = getBezierPath({ sourceX, sourceY, sourcePosition, targetX, targetY, targetPosition });
  return (
    <>
      <BaseEdge id={id} path={path} interactionWidth={18} className={data?.mark === "removed" ? "gone" : ""} />
      {data?.isNeed === false ? <circle cx={x} cy={y} r={2.5} className="fc-dot" /> : null}
      {data?.when == null ? null : (
        <EdgeLabelRenderer>
          <span className="fc-when" style={{ transform: `translate(-50%, -50%) translate(${x}px, ${y}px)` }}>
            <bdi>{visible(data.when).slice(0, 40)}</bdi>
          </span>
        </EdgeLabelRenderer>
      )}
    </>
  );
});

function Line({ fromX, fromY, fromPosition, toX, toY, toPosition, connectionStatus, toNode, fromNode }: ConnectionLineComponentProps<StepNode>) {
  const isWrong = connectionStatus === "invalid" && toNode !== null && toNode.id !== fromNode.id;
  const [path] = getBezierPath({ sourceX: fromX, sourceY: fromY, sourcePosition: fromPosition, targetX: toX, targetY: toY, targetPosition: toPosition });
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

const attribution = { hideAttribution: false };

function toneOf(node: StepNode): string {
  return node.data.problems > 0 ? "mm-bad" : node.selected === true ? "mm-on" : "mm";
}

const nodeTypes = { step: Step };
const edgeTypes = { need: Need };
