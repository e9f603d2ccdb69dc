using System.Text.Json;
using System.Text.Json.Nodes;
using Sigmatiq.Backtest.Evidence;
using Sigmatiq.Store;
using Sigmatiq.Trading.Approvals;
using Sigmatiq.Workflows.Definitions;

namespace Sigmatiq.Workflows.Steps;

/// <summary>What is voted on, and by when.</summary>
/// <param name="Subject">File of a <see cref="VoteRequest"/>, below the data directory.</param>
/// <param name="Votes">Whose votes count: <c>gates</c> is vote 1 and recommends, <c>person</c> is vote 2 and decides.</param>
/// <param name="Expires">How long a person has, e.g. <c>7d</c>; silence is a rejection.</param>
/// <param name="FourEyes"><c>strict</c> or <c>relaxed</c>; left out, strict as soon as the store has a further person who may vote.</param>
/// <param name="Quorum">How many persons must approve.</param>
/// <param name="Remind">How long after asking reminders are due, e.g. <c>[1d, 3d]</c>.</param>
/// <param name="EscalateTo">Role or person that the last reminder goes to as well.</param>
public sealed record ApprovalInput(
    string Subject, [Words("gates", "person")] IReadOnlyList<string> Votes, string Expires = "7d", [Words("strict", "relaxed")] string? FourEyes = null, int Quorum = 1, IReadOnlyList<string>? Remind = null,
    string? EscalateTo = null);

/// <summary>What was decided.</summary>
/// <param name="Approval">Id of the request.</param>
/// <param name="Decision"><c>approved</c> or <c>rejected</c>.</param>
/// <param name="Digest">Digest of exactly what the vote bound.</param>
/// <param name="DecidedBy">Who, or <c>clock</c> where nobody answered in time.</param>
/// <param name="Reason">Why.</param>
/// <param name="SelfApproved">Whether the one who started the run approved it.</param>
public sealed record ApprovalOutput(string Approval, string Decision, string Digest, string DecidedBy, string Reason, bool SelfApproved);

/// <summary>All that a request for a vote says but its expiry, which begins when it is made.</summary>
/// <param name="Subject">What is voted on.</param>
/// <param name="Recommendation">Vote 1.</param>
/// <param name="Gates">Gates with required and actual.</param>
/// <param name="Metrics">Headline figures.</param>
public sealed record VoteRequest(ApprovalSubject Subject, Recommendation Recommendation, JsonArray Gates, JsonObject Metrics);

/// <summary>Stage 5: asks for a person's vote and waits for it without holding a job.</summary>
/// <param name="approvals">The requests.</param>
/// <param name="makers">Who had a part in what is voted on.</param>
/// <param name="defaultFourEyes">The policy where the workflow names none.</param>
/// <param name="data">Where the request's file lies.</param>
/// <param name="clock">The clock.</param>
public sealed class ApprovalStep(ApprovalService approvals, Makers makers, Func<CancellationToken, Task<FourEyes>> defaultFourEyes, DataDirectory data, TimeProvider clock)
    : StepKind<ApprovalInput, ApprovalOutput>
{
    /// <inheritdoc/>
    public override string Name => "approval";

    /// <inheritdoc/>
    public override bool Waits => true;

    /// <inheritdoc/>
    public override string Summary => "Ask for a person's vote on the evidence and wait for it";

    /// <summary>What a run that waits for a request is woken by.</summary>
    public static string WakeKeyOf(string approvalId) => $"approval:{approvalId}";

    /// <inheritdoc/>
    public override IEnumerable<InputFault> Faults(StepLiterals input)
    {
        if (input.Has("votes") && input.List("votes").All(v => v is not null) && input.List("votes").Select(StepLiterals.TextOf).ToArray() is var votes && !votes.SequenceEqual(["gates", "person"]))
        {
            yield return new("votes", "APR-1008", $"The votes are [{string.Join(", ", votes)}].", "Write votes: [gates, person].");
        }

        string? written = input.Text("expires") ?? (input.IsOpen("expires") ? null : "7d");
        TimeSpan? expires = written is not null && Duration.TryParse(written, out TimeSpan read) ? read : null;
        if (written is not null && expires is null)
        {
            yield return new("expires", "APR-1009", $"'{written}' is no duration.", "Write expires as a number and a unit, e.g. 7d.");
        }

        if (expires <= TimeSpan.Zero)
        {
            yield return new("expires", "APR-1009", $"'{written}' leaves no time for a vote.", "Write expires as a number above 0 and a unit, e.g. 7d.");
        }

        foreach (string after in input.List("remind").Select(StepLiterals.TextOf).OfType<string>())
        {
            if (!Duration.TryParse(after, out TimeSpan span) || span <= TimeSpan.Zero || span >= expires)
            {
                yield return new("remind", "APR-1019", $"'{after}' is no time for a reminder before '{written ?? "expires"}' are over.", "Write remind as durations shorter than expires, e.g. [1d, 3d].");
            }
        }

        if (input.Text("four_eyes") is { } policy and not ("strict" or "relaxed"))
        {
            yield return new("four_eyes", "APR-1017", $"four_eyes is '{policy}'.", "Write four_eyes: strict or relaxed.");
        }

        if (input.Whole("quorum") is < 1 and var quorum)
        {
            yield return new("quorum", "APR-1017", string.Create(System.Globalization.CultureInfo.InvariantCulture, $"quorum is {quorum}."), "Write a quorum of at least 1.");
        }
    }

    /// <inheritdoc/>
    public override async Task<StepOutcome> RunAsync(StepContext context, ApprovalInput input, CancellationToken ct)
    {
        if (Faults(StepLiterals.Of(input)).FirstOrDefault() is { } fault)
        {
            return fault.Failed(context);
        }

        TimeSpan expires = Duration.Parse(input.Expires);
        List<TimeSpan> remind = [.. (input.Remind ?? []).Select(Duration.Parse)];

        // Made once per run, so that a repeated attempt finds the first request as it stands now, with its own expiry.
        Approval approval = await approvals.OfRunAsync(context.Run.Value, ct) ?? await approvals.AskAsync(await RequestAsync(context, input, expires, remind, ct), ct);
        if (approval.Status == ApprovalStatus.PendingApproval)
        {
            foreach (ApprovalNotice notice in await approvals.RemindAsync(approval, ct))
            {
                context.Log($"reminds {string.Join(" and ", notice.To)} of {approval.Id} for the {notice.Number}. time");
            }

            context.Log($"asks for a vote on {approval.Id}, digest {approval.Digest}, until {approval.Subject.ExpiresUtc:u}");
            return new StepOutcome.Waiting($"waits for a person's vote on {approval.Id}", WakeKeyOf(approval.Id), ApprovalNotices.NextLookUtc(approval, clock.GetUtcNow()));
        }

        return Done(new ApprovalOutput(
            approval.Id, approval.Status == ApprovalStatus.Rejected ? "rejected" : "approved", approval.Digest, approval.DecidedBy ?? "",
            approval.Reason ?? "", approval.SelfApproved));
    }

    private async Task<Approval> RequestAsync(StepContext context, ApprovalInput input, TimeSpan expires, IReadOnlyList<TimeSpan> remind, CancellationToken ct)
    {
        VoteRequest request = JsonSerializer.Deserialize<VoteRequest>(File.ReadAllBytes(data.File(input.Subject)), ApprovalJson.Options)!;
        DateTimeOffset now = clock.GetUtcNow();
        ApprovalSubject subject = request.Subject with
        {
            ExpiresUtc = now + expires, ShownHash = Approval.HashOfShown(request.Recommendation, request.Gates, request.Metrics).Hex,
        };
        FourEyes fourEyes = input.FourEyes switch
        {
            "strict" => FourEyes.Strict,
            "relaxed" => FourEyes.Relaxed,
            _ => await defaultFourEyes(ct),
        };
        return new(
            $"apr_{context.Run.Value[^12..]}", context.Run.Value, subject, subject.Digest().Hex, request.Recommendation, request.Gates, request.Metrics,
            context.RequestedBy, fourEyes, now)
        {
            Quorum = input.Quorum, Parties = await makers.OfAsync(subject, context.RequestedBy, ct), RemindAfter = remind, EscalateTo = input.EscalateTo,
        };
    }
}
