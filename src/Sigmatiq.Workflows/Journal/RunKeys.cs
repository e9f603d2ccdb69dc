using System.Text.Json.Nodes;
using Sigmatiq.Store.Content;
using Sigmatiq.Store.Errors;
using Sigmatiq.Store.Rows;
using Sigmatiq.Workflows.Definitions;
using Sigmatiq.Workflows.Engine;

namespace Sigmatiq.Workflows.Journal;

/// <summary>Idempotency keys: a request under a key happens once, however often it is sent.</summary>
internal static class RunKeys
{
    /// <summary>What makes two requests the same one.</summary>
    public static string Fingerprint(string kind, RunId run, string? detail) =>
        ContentHash.OfJson(new JsonObject { ["kind"] = kind, ["run"] = run.Value, ["detail"] = detail }).Hex;

    /// <summary>What came of the request that was made under a key; null where none was, or without a key.</summary>
    /// <exception cref="ProblemException">WFL-2204: the key stands for another request.</exception>
    public static async Task<string?> FindAsync(IRows rows, string? key, string fingerprint, CancellationToken ct)
    {
        if (key is null || await rows.FirstOrDefaultAsync<KeyRow>(
            "select fingerprint, answer from idempotency_keys where key = @key", new { key }, ct) is not { } found)
        {
            return null;
        }

        return found.Fingerprint == fingerprint
            ? found.Answer
            : throw new ProblemException(WorkflowCodes.KeyTaken, $"The key '{key}' was used for another request.", "key", "Use a new key for a new request.", ExitCode.BadUsage);
    }

    /// <summary>Takes a key in the transaction of what is asked for under it.</summary>
    /// <returns>What came of the request when it was made before; null when it is made now, or there is no key.</returns>
    /// <exception cref="ProblemException">WFL-2204: the key stands for another request.</exception>
    public static async Task<string?> TakeAsync(
        IRowTransaction tx, string? key, string fingerprint, string answer, string by, DateTimeOffset atUtc, CancellationToken ct)
    {
        if (key is null)
        {
            return null;
        }

        int added = await tx.ExecuteAsync(
            """
            insert into idempotency_keys (key, fingerprint, answer, requested_by, requested_at_utc) values (@key, @fingerprint, @answer, @by, @atUtc)
            on conflict do nothing
            """,
            new { key, fingerprint, answer, by, atUtc }, ct);
        return added == 1 ? null : await FindAsync(tx, key, fingerprint, ct);
    }

    private sealed record KeyRow(string Fingerprint, string Answer);
}
