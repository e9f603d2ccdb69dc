import { Modal } from "@mantine/core";
import { useState } from "react";
import { common, nav } from "../../text/strings";
import { areOff, turn } from "../Shell/keys";
import { places } from "../Shell/places";
import "./style.css";

const general: readonly (readonly [string, string])[] = [
  ["Ctrl K", "Go to a page, or run a command"], ["/", "Find in the page"], ["?", "This sheet"], ["Z", "Next time zone"], ["[", "Narrow or widen the navigation"], ["Y", "Copy the link"],
  ["Shift Y", "Copy as CLI"], ["J K", "Move in a list"], ["Enter", "Open"], ["Esc", "One level up"],
];
const run: readonly (readonly [string, string])[] = [["1 to 5", "Tab of the step"], ["Arrows", "Move along the graph, or over the grid of runs"], ["R", "Rerun…"], ["C", "Compare with the run before"], ["Shift C", "Cancel…"], ["End", "Follow the log"]];
const vote: readonly (readonly [string, string])[] = [["1 to 8", "Section of the evidence"], ["Shift A", "Approve…"], ["Shift R", "Reject…"], ["E", "Evidence as a file"]];

const schedule: readonly (readonly [string, string])[] = [["T", "Trigger…"], ["P", "Pause… or resume…"], ["B", "Backfill…"], ["← →", "Week before, week after"]];
const rest: readonly (readonly [string, string])[] = [["I", "Import a file…"], ["U", "Users"], ["A", "Audit"]];

const build: readonly (readonly [string, string])[] = [["E", "Copy and check a pack"], ["D", "Compare two versions of a pack"], ["N", "New model"], ["W", "Plan a sweep of a model"]];

const designer: readonly (readonly [string, string])[] = [["A", "Add a step"], ["C", "Connect the step to…"], ["D", "Draw the graph to the right, or down"], ["O", "YAML above the form"], ["L", "Tidy"], ["F2", "Rename the step"], ["F8", "Next problem"], ["Ctrl S", "Save a version…"]];

export function KeySheet({ open, onClose }: { open: boolean; onClose(): void }) {
  const [off, setOff] = useState(areOff);
  return (
    <Modal opened={open} onClose={onClose} title={common.keys} size={640} centered lockScroll={false} closeButtonProps={{ "aria-label": common.cancel }} classNames={{ content: "dialog", title: "dialog-t", header: "dialog-h", body: "dialog-b", overlay: "veil" }}>
      <div className="sheet">
        <dl>
          {general.map(([key, what]) => (
            <Row key={key} keys={key} what={what} />
          ))}
        </dl>
        <dl>
          {places.filter((p) => p.key !== undefined).map((p) => (
            <Row key={p.id} keys={`G ${p.key}`} what={nav[p.id]} />
          ))}
          {[...run, ...vote, ...schedule, ...rest, ...build, ...designer].map(([key, what]) => (
            <Row key={`${key} ${what}`} keys={key} what={what} />
          ))}
        </dl>
      </div>
      <label className="keys-off">
        <input
          type="checkbox"
          checked={!off}
          onChange={(e) => {
            turn(!e.target.checked);
            setOff(!e.target.checked);
          }}
        />
        Single keys act
      </label>
    </Modal>
  );
}

function Row({ keys, what }: { keys: string; what: string }) {
  return (
    <div>
      <dt>
        <kbd>{keys}</kbd>
      </dt>
      <dd>{what}</dd>
    </div>
  );
}
