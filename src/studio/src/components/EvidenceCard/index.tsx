import { inUnit, isCaution } from "../../evidence/facts";
import { Glyph } from "../Icon";
import type { EvidenceCardProps } from "./types";
import "./style.css";

/** One figure of luck: its value, what is wanted, and a sentence or two that anybody can repeat. */
export function EvidenceCard({ card, number }: EvidenceCardProps) {
  const caution = isCaution(card);
  return (
    <div className="luck" data-verdict={card.verdict}>
      <h3 className="luck-t">
        <span className={caution ? "t-warn" : "t-ok"}>
          <Glyph name={caution ? "triangle" : "tick"} />
          <span className="sr">{caution ? `Caution ${number ?? ""}: ` : "Well: "}</span>
        </span>
        {card.title}
        {number === null ? null : (
          <span className="luck-n" aria-hidden="true">
            {number}
          </span>
        )}
      </h3>
      <span className="luck-v">
        {card.verdict === "not_computed" ? "not computed" : inUnit(card.value, card.unit)} <span className="mut">{card.wanted}</span>
      </span>
      <p>{card.words}</p>
    </div>
  );
}
