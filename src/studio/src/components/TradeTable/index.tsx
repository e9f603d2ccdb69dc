import { exitTone, exitWord } from "../../evidence/facts";
import { money, price, returnPercent } from "../../text/format";
import { review as words } from "../../text/strings";
import { TimeText } from "../TimeText";
import type { TradeTableProps } from "./types";

/** Trades row by row, each as a chart shows it: entry, exit, why it ended, what it made, and how far it went on the way. */
export function TradeTable({ rows, focus, onFocus }: TradeTableProps) {
  return (
    <div className="scroll-x trades-t" tabIndex={0} role="region" aria-label="Table of trades">
      <table className="table">
        <thead>
          <tr>
            <th scope="col">#</th>
            <th scope="col">{words.entry}</th>
            <th scope="col" className="r">Price</th>
            <th scope="col">{words.exit}</th>
            <th scope="col" className="r">Price</th>
            <th scope="col">Ended by</th>
            <th scope="col" className="r">Return</th>
            <th scope="col" className="r">P&amp;L</th>
            <th scope="col" className="r" title="Worst price on the way, against the entry">MAE</th>
            <th scope="col" className="r" title="Best price on the way, against the entry">MFE</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((t) => (
            <tr key={t.id} className={t.id === focus ? "sel" : undefined} onClick={() => onFocus(t.id)}>
              <td>
                <button type="button" className="pick" aria-pressed={t.id === focus} aria-label={`${words.trade} ${t.id}`} onClick={() => onFocus(t.id)}>
                  {t.id}
                </button>
              </td>
              <td>
                <TimeText at={t.entry} />
              </td>
              <td className="r">{price(t.entryPrice)}</td>
              <td>{t.exit === null ? "open" : <TimeText at={t.exit} />}</td>
              <td className="r">{t.exitPrice === null ? "" : price(t.exitPrice)}</td>
              <td className={`t-${exitTone(t.reason)}`}>{exitWord(t.reason)}</td>
              <td className="r">{t.return === null ? "" : returnPercent(t.return)}</td>
              <td className="r">{t.profit === null ? "" : money(t.profit)}</td>
              <td className="r">{returnPercent(t.mae)}</td>
              <td className="r">{returnPercent(t.mfe)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
