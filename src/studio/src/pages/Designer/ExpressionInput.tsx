import { useId, useMemo, useRef, useState } from "react";
import { flushSync } from "react-dom";
import { matching, openAt, type Candidate } from "../../designer/complete";

export interface ExpressionInputProps {
  id: string;
  value: string;
  onChange(value: string): void;
  candidates: () => readonly Candidate[];
  /** The whole text is an expression, without braces. */
  isExpression?: boolean;
  invalid: boolean;
  describedBy?: string | undefined;
  placeholder?: string | undefined;
  disabled: boolean;
  onFix?: (() => void) | undefined;
  inputMode?: "numeric" | "text";
}

/** A line that completes expressions: what fits stands first. */
export function ExpressionInput({ id, value, onChange, candidates, isExpression = false, invalid, describedBy, placeholder, disabled, onFix, inputMode }: ExpressionInputProps) {
  const input = useRef<HTMLInputElement>(null);
  const list = useId();
  const [open, setOpen] = useState<{ from: number; typed: string } | null>(null);
  const [at, setAt] = useState(0);
  const found = useMemo(() => (open === null ? [] : matching(candidates(), open.typed)), [open, candidates]);
  const shown = open !== null && found.length > 0;

  // Offered as soon as a name begins, right behind the brace, and where it is asked for; not behind an operator or a closed text.
  function look(text: string, place: number, asked = false) {
    const where = isExpression ? openAt(`{${text}`, place + 1) : openAt(text, place);
    const isBegun = where !== null && (where.typed !== "" || asked || (isExpression ? false : text[place - 1] === "{"));
    setOpen(where === null || !isBegun ? null : { from: where.from - (isExpression ? 1 : 0), typed: where.typed });
    setAt(0);
  }

  function take(candidate: Candidate) {
    if (open === null) return;
    const end = open.from + open.typed.length;
    const close = isExpression || value.slice(end).startsWith("}") ? "" : "}";
    const next = value.slice(0, open.from) + candidate.expression + close + value.slice(end);
    const caret = open.from + candidate.expression.length + close.length;
    // The caret stands behind it before the next key comes.
    flushSync(() => {
      onChange(next);
      setOpen(null);
    });
    input.current?.setSelectionRange(caret, caret);
  }

  return (
    <span className="xi">
      <input
        ref={input} id={id} className={invalid ? "input mono e" : "input mono"} value={value} disabled={disabled} placeholder={placeholder} autoComplete="off" spellCheck={false} inputMode={inputMode}
        role="combobox" aria-expanded={shown} aria-controls={list} aria-autocomplete="list" aria-activedescendant={shown ? `${list}-${at}` : undefined} aria-invalid={invalid} aria-describedby={describedBy}
        onChange={(e) => {
          onChange(e.target.value);
          look(e.target.value, e.target.selectionStart ?? e.target.value.length);
        }}
        onClick={(e) => look(value, e.currentTarget.selectionStart ?? value.length)}
        onBlur={() => setOpen(null)}
        onKeyDown={(e) => {
          if (e.altKey && e.key === "Enter" && onFix !== undefined) onFix();
          else if (e.ctrlKey && e.key === " ") look(value, e.currentTarget.selectionStart ?? value.length, true);
          else if (!shown) return;
          else if (e.key === "ArrowDown") setAt((i) => Math.min(found.length - 1, i + 1));
          else if (e.key === "ArrowUp") setAt((i) => Math.max(0, i - 1));
          else if (e.key === "Enter" || e.key === "Tab") take(found[at]!);
          else if (e.key === "Escape") {
            setOpen(null);
            e.stopPropagation();
          } else return;
          e.preventDefault();
        }}
      />
      <ul className="xi-list" id={list} role="listbox" aria-label="Expressions" hidden={!shown}>
        {found.map((c, i) => (
          <li key={c.expression} id={`${list}-${i}`} role="option" aria-selected={i === at} className={c.fits ? "" : "poor"} onPointerDown={(e) => { e.preventDefault(); take(c); }}>
            <span className="mono one">{c.expression}</span>
            <span className="mut">{c.type}</span>
          </li>
        ))}
      </ul>
    </span>
  );
}
