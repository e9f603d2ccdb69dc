import { useEffect, useId, useRef, useState } from "react";
import { distinct } from "../../leaderboard/columns";
import { figureText, wordText, type Field } from "../../leaderboard/fields";
import { replaced, type Comparator, type Filter } from "../../leaderboard/filters";
import { sweeps as words } from "../../text/sweeps";
import { Icon } from "../Icon";
import type { FilterBarProps } from "./types";
import "./style.css";

const said: Record<Comparator, string> = { ">=": "at least", "<=": "at most", ">": "above", "<": "below", in: "is" };

/** A fall is kept as a figure below 0 and told by its depth: at most 5% deep is at least −0.05. */
const turned: Record<Comparator, Comparator> = { ">=": "<=", "<=": ">=", ">": "<", "<": ">", in: "in" };

/** Percent and fractions as people type them: 2 for 2% of a return that is 0.02. */
const isFraction = (field: Field): boolean => field.kind === "return" || field.kind === "rate" || field.kind === "drawdown";

export function filterWords(filter: Filter, field: Field | undefined): string {
  if (field === undefined) return `${filter.field} ${filter.values.join(", ")}`;
  const text = (value: string): string => (value === "none" ? "n/a" : field.kind === "words" ? wordText(field, field.column === "gate" ? value.toUpperCase() : value) : field.kind === "flag" ? value : figureText(field.kind, Number(value)));
  const sign = field.kind === "drawdown" ? turned[filter.comparator] : filter.comparator;
  return `${sign === "in" ? "" : `${said[sign]} `}${filter.values.map(text).join(", ")}`;
}

export function FilterBar({ board, fields, filters, onChange, open, onOpen }: FilterBarProps) {
  const [name, setName] = useState("trades");
  const [comparator, setComparator] = useState<Comparator>(">=");
  const [text, setText] = useState("");
  const [wrong, setWrong] = useState("");
  const id = useId();
  const first = useRef<HTMLSelectElement>(null);
  useEffect(() => {
    if (open) first.current?.focus();
  }, [open]);
  const field = fields.find((f) => f.name === name) ?? fields[0];
  const column = field === undefined ? undefined : board.columns[field.column];
  const choices = column?.kind === "words" && column.words.length <= 24 ? Array.from(distinct(column), (i) => column.words[i]!) : null;

  const add = (): void => {
    if (field === undefined) return;
    if (field.kind === "words" || field.kind === "flag") {
      const value = text.trim() === "" ? (choices?.[0] ?? (field.kind === "flag" ? "yes" : "")) : text.trim();
      if (value === "") return setWrong("Say which.");
      onChange([...replaced(filters, field.name, []), { field: field.name, comparator: "in", values: [value.toLowerCase()] }]);
    } else {
      const typed = Number(text.replace("%", "").replace("−", "-").trim());
      if (text.trim() === "" || !Number.isFinite(typed)) return setWrong("It is a number.");
      const value = isFraction(field) ? typed / 100 : typed;
      const stands = field.kind === "drawdown" ? -Math.abs(value) : value;
      const by = field.kind === "drawdown" ? turned[comparator] : comparator;
      onChange([...filters.filter((f) => f.field !== field.name || (f.comparator !== by && f.comparator !== "in")), { field: field.name, comparator: by, values: [String(Number(stands.toPrecision(12)))] }]);
    }
    setText("");
    setWrong("");
    onOpen(false);
  };

  return (
    <>
      {filters.map((filter, i) => {
        const of = fields.find((f) => f.name === filter.field);
        return (
          <span key={i} className="fchip">
            {of?.label ?? filter.field} <b>{filterWords(filter, of)}</b>
            <button type="button" aria-label={`${words.unfilter} ${of?.label ?? filter.field} ${filterWords(filter, of)}`} onClick={() => onChange(filters.filter((f) => f !== filter))}>
              ×
            </button>
          </span>
        );
      })}
      <button type="button" className="btn s dash" aria-expanded={open} onClick={() => onOpen(!open)}>
        <Icon name="plus" size={13} />
        {words.filter} <kbd>F</kbd>
      </button>
      {open && field !== undefined ? (
        <form
          className="fform" aria-label={words.filter}
          onSubmit={(e) => {
            e.preventDefault();
            add();
          }}
          onKeyDown={(e) => {
            if (e.key === "Escape") {
              e.preventDefault();
              onOpen(false);
            }
          }}
        >
          <label className="sr" htmlFor={`${id}-f`}>
            Field
          </label>
          <select
            ref={first} id={`${id}-f`} className="input" value={field.name}
            onChange={(e) => {
              setName(e.target.value);
              setText("");
              setWrong("");
            }}
          >
            {fields.filter((f) => f.name !== "equity").map((f) => (
              <option key={f.name} value={f.name}>
                {f.label}
              </option>
            ))}
          </select>
          {field.kind === "words" || field.kind === "flag" ? (
            <>
              <label className="sr" htmlFor={`${id}-w`}>
                Value
              </label>
              <select id={`${id}-w`} className="input" value={text === "" ? (choices?.[0] ?? "yes") : text} onChange={(e) => setText(e.target.value)}>
                {(field.kind === "flag" ? ["yes", "no"] : (choices ?? [])).map((w) => (
                  <option key={w} value={w}>
                    {field.kind === "flag" ? w : wordText(field, w)}
                  </option>
                ))}
              </select>
            </>
          ) : (
            <>
              <label className="sr" htmlFor={`${id}-c`}>
                Comparison
              </label>
              <select id={`${id}-c`} className="input fcomp" value={comparator} onChange={(e) => setComparator(e.target.value as Comparator)}>
                {(["<=", ">=", "<", ">"] as const).map((c) => (
                  <option key={c} value={c}>
                    {said[c]}
                  </option>
                ))}
              </select>
              <label className="sr" htmlFor={`${id}-v`}>
                Value
              </label>
              <input id={`${id}-v`} className="input fnum" inputMode="decimal" value={text} placeholder={isFraction(field) ? "%" : ""} aria-invalid={wrong !== ""} aria-describedby={`${id}-x`} onChange={(e) => setText(e.target.value)} />
            </>
          )}
          <button type="submit" className="btn s">
            Add
          </button>
          <span id={`${id}-x`} className="t-bad sm" aria-live="polite">
            {wrong}
          </span>
        </form>
      ) : null}
    </>
  );
}
