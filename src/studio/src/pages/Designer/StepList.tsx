import { Icon } from "../../components/Icon";
import { OtherText } from "../../components/OtherText";
import { written } from "../../designer/fields";
import { inOrder, type Workflow } from "../../designer/model";
import { iconOf, labelOf } from "../../designer/palette";
import { designer as words } from "../../text/designer";

/** The steps as a list, for screens on which the graph is too small to read: what each needs, and on a tap what it is given. */
export function StepList({ workflow, selected, problemsOf, onSelect }: { workflow: Workflow; selected: string | null; problemsOf(name: string): number; onSelect(names: readonly string[]): void }) {
  return (
    <ol className="sl" aria-label={words.steps}>
      {inOrder(workflow).map((name) => {
        const step = workflow.byName.get(name)!;
        const needs = workflow.drawn.filter((e) => e.to === name).map((e) => e.from);
        const isOpen = name === selected;
        const problems = problemsOf(name);
        return (
          <li key={name}>
            <button type="button" aria-expanded={isOpen} onClick={() => onSelect(isOpen ? [] : [name])}>
              <Icon name={iconOf(step.uses)} size={16} />
              <b><OtherText most={40}>{name}</OtherText></b>
              <span className="sub">{labelOf(step.uses)}{problems > 0 ? <span className="t-bad">, {problems} {problems === 1 ? "problem" : "problems"}</span> : null}</span>
              <span className="sm mut">{needs.length === 0 ? words.first : <>after <OtherText most={80}>{needs.join(", ")}</OtherText></>}</span>
            </button>
            {isOpen ? (
              <dl>
                <div><dt>uses</dt><dd className="mono">{step.uses}</dd></div>
                {step.when === null ? null : <div><dt>when</dt><dd className="mono"><OtherText most={400}>{step.when}</OtherText></dd></div>}
                {step.forEach === null ? null : <div><dt>for each</dt><dd className="mono"><OtherText most={80}>{step.forEach}</OtherText></dd></div>}
                {step.given.map((g) => <div key={g.key}><dt><OtherText most={40}>{g.key}</OtherText></dt><dd className="mono"><OtherText most={400}>{written(g.value)}</OtherText></dd></div>)}
              </dl>
            ) : null}
          </li>
        );
      })}
    </ol>
  );
}
