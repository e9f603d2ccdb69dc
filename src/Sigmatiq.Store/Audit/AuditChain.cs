using System.Runtime.CompilerServices;
using Sigmatiq.Store.Content;
using Sigmatiq.Store.Errors;
using Sigmatiq.Store.Rows;

namespace Sigmatiq.Store.Audit;

/// <summary>The append-only, hash-linked record of who decided what, in the table <c>audit</c>.</summary>
/// <remarks>Triggers refuse every change from within the application. Whoever may write the database file itself can drop them and
/// rewrite the whole chain with its head: only a head kept elsewhere shows that (see the <c>known</c> argument of
/// <see cref="VerifyAsync"/>).</remarks>
public sealed class AuditChain(TimeProvider clock)
{
    private const string Columns = "seq, at_utc, actor, action, subject, reason, payload, prev_hash, hash";
    private const int PageRows = 1000;

    /// <summary>Appends a record in the transaction of the effect it records: both stay or neither.</summary>
    /// <exception cref="ProblemException">STO-4004: the chain's end has been cut or changed, nothing is appended to it.</exception>
    public async Task<AuditRecord> AppendAsync(IRowTransaction tx, AuditEntry entry, CancellationToken ct)
    {
        // The update that changes nothing locks the head, so that on an engine with many writers the next one waits.
        AuditHead head = await tx.FirstOrDefaultAsync<AuditHead>("update audit_head set hash = hash where id = 1 returning seq, hash", null, ct)
            ?? AuditHead.Empty;
        AuditHead last = await tx.FirstOrDefaultAsync<AuditHead>("select seq, hash from audit order by seq desc limit 1", null, ct) ?? AuditHead.Empty;
        if (head != last)
        {
            throw new ProblemException(WrongEnd(head, last));
        }

        AuditRecord record = new(head.Seq + 1, UtcText.Format(clock.GetUtcNow()), entry.Actor, entry.Action, entry.Subject, entry.Reason,
            CanonicalJson.Text(entry.Payload), head.Hash, "");
        record = record with { Hash = record.ExpectedHash().Hex };
        await tx.ExecuteAsync(
            $"insert into audit ({Columns}) values (@Seq, @AtUtc, @Actor, @Action, @Subject, @Reason, @Payload, @PrevHash, @Hash)", record, ct);
        await tx.ExecuteAsync("update audit_head set seq = @Seq, hash = @Hash where id = 1", new { record.Seq, record.Hash }, ct);
        return record;
    }

    /// <summary>The newest record's number and hash.</summary>
    public static async Task<AuditHead> HeadAsync(IRows rows, CancellationToken ct) =>
        await rows.FirstOrDefaultAsync<AuditHead>("select seq, hash from audit_head where id = 1", null, ct) ?? AuditHead.Empty;

    /// <summary>The records after a number, oldest first.</summary>
    public static async IAsyncEnumerable<AuditRecord> ReadAsync(IRows rows, long afterSeq, [EnumeratorCancellation] CancellationToken ct)
    {
        while (true)
        {
            IReadOnlyList<AuditRecord> page = await rows.QueryAsync<AuditRecord>(
                $"select {Columns} from audit where seq > @After order by seq limit {PageRows}", new { After = afterSeq }, ct);
            foreach (AuditRecord record in page)
            {
                yield return record;
            }

            if (page.Count < PageRows)
            {
                yield break;
            }

            afterSeq = page[^1].Seq;
        }
    }

    /// <summary>All records about one subject, oldest first.</summary>
    public static Task<IReadOnlyList<AuditRecord>> OfSubjectAsync(IRows rows, string subject, CancellationToken ct) =>
        rows.QueryAsync<AuditRecord>($"select {Columns} from audit where subject = @Subject order by seq", new { Subject = subject }, ct);

    /// <summary>Walks the whole chain.</summary>
    /// <param name="rows">Where it lies.</param>
    /// <param name="known">A head that was kept outside the store, or null.</param>
    /// <param name="ct">Stops the walk.</param>
    public static async Task<AuditVerdict> VerifyAsync(IRows rows, AuditHead? known, CancellationToken ct)
    {
        AuditHead last = AuditHead.Empty;
        await foreach (AuditRecord record in ReadAsync(rows, 0, ct))
        {
            if (BreakAt(record, last, known) is { } problem)
            {
                return new(last.Seq, last, problem);
            }

            last = new(record.Seq, record.Hash);
        }

        AuditHead head = await HeadAsync(rows, ct);
        Problem? end = head != last ? WrongEnd(head, last)
            : known is not null && known.Seq > last.Seq ? WrongEnd(known, last)
            : null;
        return new(last.Seq, last, end);
    }

    /// <summary>Writes every record as a line of JSON.</summary>
    /// <returns>How many.</returns>
    public static async Task<long> ExportAsync(IRows rows, TextWriter lines, CancellationToken ct)
    {
        long count = 0;
        await foreach (AuditRecord record in ReadAsync(rows, 0, ct))
        {
            await lines.WriteAsync(record.ToJsonLine().AsMemory(), ct);
            await lines.WriteAsync("\n".AsMemory(), ct);
            count++;
        }

        return count;
    }

    private static Problem? BreakAt(AuditRecord record, AuditHead before, AuditHead? known)
    {
        string where = $"audit record {record.Seq}";
        if (record.Seq != before.Seq + 1)
        {
            return new("STO-4002", $"Audit record {before.Seq + 1} is missing; {record.Seq} follows {before.Seq}.", $"audit record {before.Seq + 1}", Remedy);
        }

        if (record.ExpectedHash().Hex != record.Hash)
        {
            return new("STO-4001", $"Audit record {record.Seq} ({record.Action} by {record.Actor}) does not match its hash: it was changed.", where, Remedy);
        }

        if (record.PrevHash != before.Hash)
        {
            return new("STO-4003", $"Audit record {record.Seq} is bound to another record {before.Seq} than the one that stands there: one was replaced or moved.",
                where, Remedy);
        }

        return known is not null && known.Seq == record.Seq && known.Hash != record.Hash
            ? new("STO-4005", $"Audit record {record.Seq} is not the one whose hash was kept outside the store: the chain was rewritten.", where, Remedy)
            : null;
    }

    private static Problem WrongEnd(AuditHead head, AuditHead last) => new("STO-4004",
        head.Seq > last.Seq ? $"The audit chain ends at record {last.Seq}, but {head.Seq} were written: its end was cut off."
            : $"The audit chain's head names record {head.Seq}, but the chain ends at {last.Seq} with another hash.",
        $"audit record {Math.Min(head.Seq, last.Seq) + 1}", Remedy);

    private const string Remedy = "Treat every decision from this record on as unproven, and compare with an export or a copy.";
}

/// <summary>What a walk along the chain found.</summary>
/// <param name="Records">How many records are intact, counted from the first.</param>
/// <param name="Head">The last intact record.</param>
/// <param name="FirstBreak">The first record that is not, or null.</param>
public sealed record AuditVerdict(long Records, AuditHead Head, Problem? FirstBreak)
{
    /// <summary>Whether nothing is broken.</summary>
    public bool Intact => FirstBreak is null;
}
