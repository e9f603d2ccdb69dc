using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using Sigmatiq.Store.Content;
using Sigmatiq.Store.Errors;
using Sigmatiq.Store.Rows;

namespace Sigmatiq.Store.Audit;

/// <summary>The append-only, hash-linked record of who decided what, in the table <c>audit</c>.</summary>
/// <remarks>Triggers refuse every change from within the application. Whoever may write the database file itself can drop them and
/// rewrite the whole chain with its head. What they cannot do is sign: each record carries a signature by a key outside the store, and the
/// heads are kept beside that key (<see cref="AuditSeal"/>).</remarks>
/// <param name="clock">The clock.</param>
/// <param name="seal">Signs the records; null leaves them unsigned, so that only the links are checked.</param>
public sealed class AuditChain(TimeProvider clock, AuditSeal? seal = null)
{
    private const string Columns = "seq, at_utc, actor, action, subject, reason, payload, prev_hash, hash, mac";
    private const int PageRows = 1000;

    private static readonly string[] Guards =
        ["audit_is_never_changed", "audit_is_never_deleted", "audit_only_grows", "audit_head_only_grows", "audit_head_is_never_deleted"];

    /// <summary>Appends a record in the transaction of the effect it records: both stay or neither.</summary>
    /// <exception cref="ProblemException">STO-4004, STO-4007: the chain's end has been cut, changed or forged; nothing is appended to it.</exception>
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
        if (await SealedAsync(tx, head, ct) is { } chain)
        {
            AuditHead signed = new(record.Seq, record.Hash);
            record = record with { Mac = seal!.Sign(chain, signed) };
            // A head that names a record which was rolled back would look like a cut tail.
            tx.OnCommitted(() => seal.Heads(chain).Append(signed));
        }

        await tx.ExecuteAsync(
            $"insert into audit ({Columns}) values (@Seq, @AtUtc, @Actor, @Action, @Subject, @Reason, @Payload, @PrevHash, @Hash, @Mac)", record, ct);
        await tx.ExecuteAsync("update audit_head set seq = @Seq, hash = @Hash where id = 1", new { record.Seq, record.Hash }, ct);
        return record;
    }

    /// <summary>Begins to sign a chain that holds unsigned records, or one whose store was brought back from a copy: from here on every record
    /// is signed, and the present head vouches for those before.</summary>
    /// <returns>The record of it.</returns>
    public Task<AuditRecord> AdoptAsync(IRowStore rows, string actor, string reason, CancellationToken ct) => BranchAsync(rows, actor, "audit.adopted", reason, ct);

    /// <summary>Begins a chain of its own in a store that was just made from a copy, so that neither it nor the original finds what the other decides
    /// from now on as a tail that was cut off.</summary>
    /// <returns>The record of it.</returns>
    public Task<AuditRecord> RestoredAsync(IRowStore rows, string actor, string reason, CancellationToken ct) => BranchAsync(rows, actor, "audit.restored", reason, ct);

    private Task<AuditRecord> BranchAsync(IRowStore rows, string actor, string action, string reason, CancellationToken ct) => rows.InTransactionAsync(
        async tx =>
        {
            AuditVerdict links = await VerifyAsync(tx, null, ct);
            if (links.FirstBreak is { } broken)
            {
                throw new ProblemException(broken);
            }

            SealRow? before = await SealOfAsync(tx, ct);
            string chain = AuditSeal.NewChain();
            await tx.ExecuteAsync("delete from audit_seal", null, ct);
            await BeginAsync(tx, chain, links.Head, ct);
            return await AppendAsync(tx, new(actor, action, "audit", reason,
                new JsonObject { ["chain"] = chain, ["chain_before"] = before?.Chain, ["seq"] = links.Head.Seq, ["hash"] = links.Head.Hash }), ct);
        }, ct);

    /// <summary>Walks the whole chain, with its signatures and against the heads that are kept outside the store.</summary>
    /// <returns>Intact, or the first record that is not as it was written.</returns>
    public async Task<AuditVerdict> VerifyAsync(IRows rows, CancellationToken ct)
    {
        if (seal is null)
        {
            return await VerifyAsync(rows, null, ct);
        }

        // Heads first: what is appended meanwhile is then newer than they are, never missing.
        SealRow? row = await SealOfAsync(rows, ct);
        AuditHeads? heads = row is null ? null : seal.Heads(row.Chain);
        if (heads is not { Exist: true })
        {
            AuditVerdict links = await VerifyAsync(rows, null, ct);
            return links.FirstBreak is null && (links.Records > 0 || row is not null) ? links with { FirstBreak = Unsigned() } : links;
        }

        (AuditHead beginning, IReadOnlyList<AuditHead> later, Problem? broken) = heads.Read();
        Dictionary<long, string> hashes = [];
        foreach (AuditHead head in later.Prepend(beginning))
        {
            hashes[head.Seq] = head.Hash;
        }

        AuditVerdict verdict = await WalkAsync(rows, (record, link) => link
            ?? (hashes.TryGetValue(record.Seq, out string? hash) && hash != record.Hash ? Rewritten(record.Seq)
                : record.Seq > beginning.Seq && broken is null && !seal.IsSigned(record.Mac, row!.Chain, new(record.Seq, record.Hash)) ? NotSigned(record.Seq)
                : null), ct);
        if (verdict.FirstBreak is not null)
        {
            return verdict;
        }

        AuditHead newest = later.Append(beginning).MaxBy(h => h.Seq)!;
        return verdict with
        {
            FirstBreak = broken ?? (newest.Seq > verdict.Head.Seq ? WrongEnd(newest, verdict.Head) : await MissingGuardAsync(rows, ct)),
        };
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

    /// <summary>The newest records before a number that a filter lets through, newest first.</summary>
    public static Task<IReadOnlyList<AuditRecord>> NewestAsync(IRows rows, AuditFilter filter, long beforeSeq, int most, CancellationToken ct) => rows.QueryAsync<AuditRecord>(
        $"""
        select {Columns} from audit where seq < @beforeSeq and (@Actor = '' or actor = @Actor) and (@ActionText = '' or action like @ActionText escape '!')
           and (@AboutText = '' or subject like @AboutText escape '!') order by seq desc limit @most
        """,
        new { beforeSeq, filter.Actor, filter.ActionText, filter.AboutText, most }, ct);

    /// <summary>Walks the whole chain.</summary>
    /// <param name="rows">Where it lies.</param>
    /// <param name="known">A head that was kept outside the store, or null.</param>
    /// <param name="ct">Stops the walk.</param>
    public static async Task<AuditVerdict> VerifyAsync(IRows rows, AuditHead? known, CancellationToken ct)
    {
        AuditVerdict verdict = await WalkAsync(
            rows, (record, link) => link ?? (known is not null && known.Seq == record.Seq && known.Hash != record.Hash ? Rewritten(record.Seq) : null), ct);
        return verdict.FirstBreak is null && known is not null && known.Seq > verdict.Head.Seq ? verdict with { FirstBreak = WrongEnd(known, verdict.Head) } : verdict;
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

    private static async Task<AuditVerdict> WalkAsync(IRows rows, Func<AuditRecord, Problem?, Problem?> judge, CancellationToken ct)
    {
        AuditHead last = AuditHead.Empty;
        while (true)
        {
            long from = last.Seq;
            await foreach (AuditRecord record in ReadAsync(rows, from, ct))
            {
                if (judge(record, BreakAt(record, last)) is { } problem)
                {
                    return new(last.Seq, last, problem);
                }

                last = new(record.Seq, record.Hash);
            }

            AuditHead head = await HeadAsync(rows, ct);
            if (head == last)
            {
                return new(last.Seq, last, null);
            }

            // Written between the last page and the look at the head: walk on.
            if (head.Seq <= last.Seq || last.Seq == from)
            {
                return new(last.Seq, last, WrongEnd(head, last));
            }
        }
    }

    private static Problem? BreakAt(AuditRecord record, AuditHead before)
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

        return record.PrevHash != before.Hash
            ? new("STO-4003", $"Audit record {record.Seq} is bound to another record {before.Seq} than the one that stands there: one was replaced or moved.",
                where, Remedy)
            : null;
    }

    // The chain that the next record is signed in; null where nothing is signed.
    private async Task<string?> SealedAsync(IRowTransaction tx, AuditHead head, CancellationToken ct)
    {
        if (seal is null)
        {
            return null;
        }

        SealRow? row = await SealOfAsync(tx, ct);
        if (row is null)
        {
            // Records that nobody signed are adopted by a person, never in passing.
            return head.Seq == 0 ? await BeginAsync(tx, AuditSeal.NewChain(), head, ct) : null;
        }

        AuditHeads heads = seal.Heads(row.Chain);
        if (!heads.Exist)
        {
            throw new ProblemException(Unsigned());
        }

        if (heads.Newest() is { } newest && newest.Seq > head.Seq)
        {
            throw new ProblemException(WrongEnd(newest, head));
        }

        string? mac = await tx.FirstOrDefaultAsync<string>("select mac from audit where seq = @Seq", new { head.Seq }, ct);
        return head.Seq <= row.SinceSeq || seal.IsSigned(mac, row.Chain, head) ? row.Chain : throw new ProblemException(NotSigned(head.Seq));
    }

    private async Task<string> BeginAsync(IRowTransaction tx, string chain, AuditHead head, CancellationToken ct)
    {
        await tx.ExecuteAsync("insert into audit_seal (id, chain, since_seq) values (1, @chain, @Seq)", new { chain, head.Seq }, ct);
        seal!.Heads(chain).Append(head);
        return chain;
    }

    private static Task<SealRow?> SealOfAsync(IRows rows, CancellationToken ct) =>
        rows.FirstOrDefaultAsync<SealRow>("select chain, since_seq from audit_seal where id = 1", null, ct);

    // Whoever drops them without a further trace was there with another tool.
    private static async Task<Problem?> MissingGuardAsync(IRows rows, CancellationToken ct)
    {
        IReadOnlyList<string> there = await rows.QueryAsync<string>(rows.Dialect.Triggers, null, ct);
        return Guards.Except(there).FirstOrDefault() is { } missing
            ? new("STO-4013", $"The trigger {missing}, which keeps the chain append-only, is gone: the database was opened by hand.", $"trigger {missing}",
                "Restore the store from a copy; what was written since is unproven.")
            : null;
    }

    private static Problem Rewritten(long seq) => new("STO-4005",
        $"Audit record {seq} is not the one whose hash was kept outside the store: the chain was rewritten.", $"audit record {seq}", Remedy);

    private static Problem NotSigned(long seq) => new("STO-4007",
        $"Audit record {seq} is not signed by the key of this store: it was not written by this program, or with another key.", $"audit record {seq}", Remedy);

    private static Problem Unsigned() => new("STO-4006", "No head of this audit chain is kept beside the key, so nothing vouches for it.", "audit record 1",
        "If the store is of an earlier release, of another machine or restored from a copy, read 'sigmatiq audit export' and take it over with 'sigmatiq audit adopt --reason TEXT'.");

    private static Problem WrongEnd(AuditHead head, AuditHead last) => new("STO-4004",
        head.Seq > last.Seq ? $"The audit chain ends at record {last.Seq}, but {head.Seq} were written: its end was cut off."
            : $"The audit chain's head names record {head.Seq}, but the chain ends at {last.Seq} with another hash.",
        $"audit record {Math.Min(head.Seq, last.Seq) + 1}",
        $"{Remedy} Where a second copy of this store went on under the same key, as a folder that was copied by hand does, compare the two and take this one over: 'sigmatiq audit adopt --reason TEXT'.");

    private sealed record SealRow(string Chain, long SinceSeq);

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
