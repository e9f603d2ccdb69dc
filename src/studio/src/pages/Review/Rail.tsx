import { Link } from "react-router";
import type { ContentLine, ReviewShown } from "../../api/client";
import { useCopied } from "../../components/CopyAsCli";
import { Glyph, Icon } from "../../components/Icon";
import { OtherText } from "../../components/OtherText";
import { StateBadge } from "../../components/StateBadge";
import { TimeText } from "../../components/TimeText";
import { VotePanel } from "../../components/VotePanel";
import type { Voting } from "../../components/VotePanel/useVoting";
import { digest, many } from "../../text/format";
import { common, review as words } from "../../text/strings";

const shown = new Set(["Target", "Limits", "Look at the hold-out"]);

/** Always in sight: exactly what is voted on, who voted, and the vote. */
export function Rail({ review, voting }: { review: ReviewShown; voting: Voting }) {
  const { head } = review;
  const waits = head.status === "pending_approval";
  const exact = review.content.filter((l) => l.digest !== null || shown.has(l.label));
  const rest = review.content.filter((l) => !exact.includes(l));
  return (
    <aside className="rv-rail" aria-label={words.what}>
      <section className="card" aria-labelledby="what-h">
        <div className="ch">
          <h2 id="what-h">{words.what}</h2>
          <span className="sp" />
          <span className="s">{words.exact}</span>
        </div>
        <dl className="content">
          {exact.map((line) => (
            <Line key={line.label} line={line} />
          ))}
          <div>
            <dt>Expires</dt>
            <dd>
              <TimeText at={head.expires_utc} />
              {waits ? ", then rejected" : ""}
            </dd>
          </div>
        </dl>
        {rest.length === 0 ? null : (
          <details className="more">
            <summary>
              {words.parameters}
              <span className="mut"> {rest.length}</span>
            </summary>
            <dl className="content">
              {rest.map((line) => (
                <Line key={line.label} line={line} />
              ))}
            </dl>
          </details>
        )}
        <Digest digest={review.digest} changed={voting.changed !== null || head.difference !== null} />
        {voting.changed === null ? null : (
          <div className="moved" role="alert">
            <p>{words.changedDigest}</p>
            {voting.changed.length === 0 ? null : (
              <ul>
                {voting.changed.map((line) => (
                  <li key={line}>{line}</li>
                ))}
              </ul>
            )}
            <button type="button" className="btn s" onClick={() => void voting.again()}>
              {words.again}
            </button>
          </div>
        )}
      </section>
      <Votes review={review} barrier={voting.barrier} />
      {waits ? (
        <section className="card ballot-card" aria-label="Your vote">
          {voting.changed !== null && voting.barrier !== null && voting.reason !== "" ? <Kept reason={voting.reason} /> : null}
          <VotePanel review={review} voting={voting} />
        </section>
      ) : (
        <Decided review={review} />
      )}
    </aside>
  );
}

// A pack is known by its name; the others by their digest, with what they hold on hover.
function Line({ line }: { line: ContentLine }) {
  const named = line.label === "Pack";
  return (
    <div>
      <dt>{line.label}</dt>
      <dd>
        {line.digest === null || named ? <OtherText most={120}>{line.text ?? ""}</OtherText> : null}
        {line.digest === null ? null : (
          <span className="mono" title={`${line.text === null ? "" : `${line.text}\n`}${line.digest}`}>
            {named ? " " : ""}
            {digest(line.digest)}
          </span>
        )}
      </dd>
    </div>
  );
}

function Digest({ digest: whole, changed }: { digest: string; changed: boolean }) {
  const [copied, copy] = useCopied();
  return (
    <div className={changed ? "dig changed-dig" : "dig"} data-state={changed ? "changed" : copied ? "copied" : "ok"}>
      {changed ? <Glyph name="cross" /> : <Icon name="lock" size={14} />}
      <span className="mono" title={`sha256:${whole}`}>
        sha256:{whole.slice(0, 8)}…{whole.slice(-4)}
      </span>
      <span className="sp" />
      {changed ? <b>changed</b> : null}
      <button type="button" aria-label={copied ? common.copied : `${common.copy} digest`} onClick={() => copy(whole)}>
        {copied ? common.copied : <Icon name="copy" size={14} />}
      </button>
    </div>
  );
}

function Votes({ review, barrier }: { review: ReviewShown; barrier: string | null }) {
  const { head } = review;
  const waits = head.status === "pending_approval";
  const cast = review.votes.length;
  const parts = [...new Map(review.parties.map((p) => [p.name, review.parties.filter((o) => o.name === p.name).map((o) => o.part)]))];
  return (
    <section className="card" aria-labelledby="votes-h">
      <div className="ch">
        <h2 id="votes-h">{words.votes}</h2>
        <span className="sp" />
        <span className="s">
          {1 + cast} of {Math.max(1 + review.quorum, 1 + cast)} cast
        </span>
      </div>
      <ol>
        <li className="vote">
          <span className={head.recommendation === "promote" ? "t-ok" : head.recommendation === "reject" ? "t-bad" : "t-warn"}>
            <Glyph name={head.recommendation === "promote" ? "tick" : head.recommendation === "reject" ? "cross" : "triangle"} size={14} />
          </span>
          <b>{words.vote1}</b>
          <StateBadge state={head.recommendation} />
          <span className="s">
            {head.gates_passed} of {head.gates} passed, <TimeText at={head.created_utc} />
          </span>
        </li>
        {review.votes.map((v, i) => (
          <li className="vote" key={i}>
            <span className={v.choice === "approve" ? "t-ok" : "t-bad"}>
              <Glyph name={v.choice === "approve" ? "tick" : "cross"} size={14} />
            </span>
            <b>
              Vote {i + 2}, <OtherText most={40}>{v.name}</OtherText>
            </b>
            <StateBadge state={v.choice === "approve" ? "approved" : "rejected"} />
            <span className="s">
              {v.role}, <TimeText at={v.at_utc} />
              {v.for === null ? "" : ", handed over by "}
              {v.for === null ? null : <OtherText most={40}>{v.for}</OtherText>}
            </span>
            <span className="s said">
              <OtherText most={2000}>{v.reason}</OtherText>
            </span>
          </li>
        ))}
        {waits ? (
          <li className="vote">
            <span className="t-wait">
              <Glyph name="bars" size={14} />
            </span>
            <b>Vote {cast + 2}{barrier === null ? ", you" : ""}</b>
            <StateBadge state="pending_approval" />
            <span className="s">
              {barrier !== null ? `${many(review.quorum - cast, "vote", "votes")} still needed.` : review.four_eyes === "strict" ? "You may vote: you had no part in it." : "You may vote; on your own work it is marked self approved."}
            </span>
          </li>
        ) : null}
      </ol>
      <details className="more parts">
        <summary>Who had a part in it</summary>
        <p>
          {parts.map(([name, roles], i) => (
            <span key={name}>
              {i > 0 ? "; " : ""}
              <OtherText most={40}>{name}</OtherText> is {roles.join(", ")}
            </span>
          ))}
          .
        </p>
      </details>
    </section>
  );
}

function Kept({ reason }: { reason: string }) {
  return (
    <div className="kept">
      <b>Your reason is kept</b>
      <p>
        <OtherText most={2000}>{reason}</OtherText>
      </p>
    </div>
  );
}

/** After the vote: who, when, why, and what comes next. */
function Decided({ review }: { review: ReviewShown }) {
  const { head } = review;
  const approved = head.status === "approved" || head.status === "live";
  return (
    <section className="card" aria-labelledby="decided-h" role="status">
      <div className="ch">
        <h2 id="decided-h">{approved ? "Approved" : "Rejected"}</h2>
        <span className="sp" />
        <StateBadge state={head.status} />
      </div>
      <div className="decided">
        <p>
          By <OtherText most={60}>{head.decided_by === "clock" ? "the clock: nobody voted in time" : (head.decided_by ?? "")}</OtherText>, <TimeText at={head.decided_utc} />.
        </p>
        {head.reason === null ? null : (
          <blockquote className="confirm-r">
            <OtherText most={2000}>{head.reason}</OtherText>
          </blockquote>
        )}
        {head.self_approved ? (
          <p className="t-bad">
            <Glyph name="cross" /> self approved: not enough for live
          </p>
        ) : null}
        <p className="sub">{approved ? (review.deployment_id === null ? "The run goes on with the deployment." : `Deployed to ${head.target} as ${digest(review.deployment_id)}.`) : "Nothing is deployed. A new run asks for a new vote."}</p>
        <Link className="btn" to={`/runs/${review.run_id}${approved ? "?sel=deploy" : ""}`}>
          {words.toRun}
        </Link>
      </div>
    </section>
  );
}
