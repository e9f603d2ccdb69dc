using System.Text.Json.Nodes;
using Sigmatiq.App.Auth;

namespace Sigmatiq.App.Api;

/// <summary>Puts on record what was decided over HTTP.</summary>
internal static class Recording
{
    /// <summary>Writes into the audit chain what the caller did.</summary>
    public static Task RecordAsync(this Platform platform, HttpContext context, string action, string subject, string reason, JsonObject? facts, CancellationToken ct) =>
        platform.Rows.InTransactionAsync(tx => platform.Audit.AppendAsync(tx, new(context.Caller().Person.Id, action, subject, reason, facts), ct), ct);
}
