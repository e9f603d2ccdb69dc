import type { MonthShown } from "../../api/client";
import { returnPercent } from "../../text/format";
import { review as words } from "../../text/strings";
import { months as names } from "../../text/time";
import { yearsOf } from "../../evidence/facts";

/** Months of a window; blue above 0, orange below, the sign in each cell. */
export function MonthsCard({ months, window }: { months: readonly MonthShown[]; window: "holdout" | "selection" }) {
  const years = yearsOf(months);
  return (
    <section className="card" id="months" aria-labelledby="months-h">
      <div className="ch">
        <h2 id="months-h">{words.months}</h2>
        <span className="s">{words.monthsNote[window]}</span>
      </div>
      {years.length === 0 ? <p className="none">The evidence holds no months.</p> : (
        <div className="mt-box">
          <table className="mt" aria-labelledby="months-h">
            <thead>
              <tr>
                <th scope="col">
                  <span className="sr">Year</span>
                </th>
                {names.map((name) => (
                  <th key={name} scope="col">
                    {name}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {years.map(({ year, cells }) => (
                <tr key={year}>
                  <th scope="row">{year}</th>
                  {cells.map((cell, i) => (
                    <td
                      key={i} data-month={names[i]} className={cell === null ? "mt-none" : undefined} title={cell === null ? undefined : `${names[i]} ${year}: ${returnPercent(cell.value)}, ${cell.trades ?? 0} trades closed`}
                      style={cell === null || cell.strength === 0 ? undefined : { background: `color-mix(in srgb, var(--${(cell.value ?? 0) > 0 ? "run" : "retry"}) ${cell.strength}%, var(--surface))` }}
                    >
                      {cell === null ? null : (
                        <>
                          {returnPercent(cell.value).replace("%", "")}
                          <span className="mt-n">{cell.trades === null || cell.trades === 0 ? "\u00a0" : cell.trades}</span>
                        </>
                      )}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}
