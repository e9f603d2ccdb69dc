namespace Sigmatiq.Trading.Approvals;

/// <summary>A message about a request that nobody has decided.</summary>
/// <param name="Key">The same for the same message, however often it is worked out.</param>
/// <param name="Approval">Id of the request.</param>
/// <param name="Number">The first, second … reminder.</param>
/// <param name="To"><c>approver</c>, and the one it is escalated to with the last reminder.</param>
/// <param name="DueUtc">When it was due.</param>
/// <param name="ExpiresUtc">When silence becomes a rejection.</param>
public sealed record ApprovalNotice(string Key, string Approval, int Number, IReadOnlyList<string> To, DateTimeOffset DueUtc, DateTimeOffset ExpiresUtc);

/// <summary>Reminders and escalation, as a pure function of request and clock.</summary>
public static class ApprovalNotices
{
    /// <summary>The reminders that are due by now, oldest first; none for what is decided or expired.</summary>
    public static IReadOnlyList<ApprovalNotice> Due(Approval approval, DateTimeOffset nowUtc) =>
        approval.Status != ApprovalStatus.PendingApproval || nowUtc >= approval.Subject.ExpiresUtc ? [] : [.. All(approval).TakeWhile(n => n.DueUtc <= nowUtc)];

    /// <summary>When to look at a pending request again: at its next reminder, else at its expiry.</summary>
    public static DateTimeOffset NextLookUtc(Approval approval, DateTimeOffset nowUtc) =>
        All(approval).FirstOrDefault(n => n.DueUtc > nowUtc)?.DueUtc ?? approval.Subject.ExpiresUtc;

    private static List<ApprovalNotice> All(Approval approval)
    {
        DateTimeOffset[] due = [.. approval.RemindAfter.Order().Select(after => approval.CreatedUtc + after).Where(at => at < approval.Subject.ExpiresUtc)];
        return
        [
            .. due.Select((at, i) => new ApprovalNotice($"approval:{approval.Id}:reminder:{i + 1}", approval.Id, i + 1,
                i == due.Length - 1 && approval.EscalateTo is { } further ? ["approver", further] : ["approver"], at, approval.Subject.ExpiresUtc)),
        ];
    }
}
