using System.Globalization;
using System.Text.Json.Nodes;
using Sigmatiq.Store.Audit;
using Sigmatiq.Store.Errors;
using Sigmatiq.Store.Rows;
using Sigmatiq.Store.Seeds;

namespace Sigmatiq.Tests.Store.Audit;

/// <summary>A chain signed by a key outside the store, against somebody who owns the database file and not the key.</summary>
public abstract class SealedChainTests(StoreEngine engine) : IAsyncLifetime
{
    private const int Records = 12;
    private static readonly string[] Texts = ["at_utc", "actor", "action", "subject", "reason", "payload", "prev_hash", "hash", "mac"];

    private readonly TemporaryFolder elsewhere = new();
    private StoreFixture store = null!;
    private AuditChain chain = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private string Key => elsewhere["settings", "audit.key"];

    private string HeadsFile => Directory.GetFiles(elsewhere["settings", "audit.key.heads"]).Single();

    public async ValueTask InitializeAsync()
    {
        store = await StoreFixture.CreateAsync(engine);
        chain = new(store.Clock, new(Key, store.Data.Root));
        for (int i = 1; i <= Records; i++)
        {
            store.Clock.Advance(TimeSpan.FromMinutes(1));
            await AppendAsync(chain, i);
        }
    }

    [Fact]
    public async Task An_untouched_chain_is_intact_and_its_key_is_for_its_owner_alone()
    {
        (await chain.VerifyAsync(store.Rows, Ct)).Should().BeEquivalentTo(new { Intact = true, Records = (long)Records });
        if (!OperatingSystem.IsWindows())
        {
            File.GetUnixFileMode(Key).Should().Be(UnixFileMode.UserRead | UnixFileMode.UserWrite);
            File.GetUnixFileMode(HeadsFile).Should().Be(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        File.ReadAllText(Key).Should().MatchRegex("^[0-9a-f]{64}\n$");
        File.ReadAllLines(HeadsFile).Should().HaveCount(Records + 1, "the beginning and a head per record");
    }

    [Fact]
    public async Task Each_flipped_byte_of_each_record_is_found_at_that_record()
    {
        // Every byte of records 1, 6 and 12, one bit of each chosen by chance.
        Rng rng = Rng.From(33);
        await DropTriggersAsync();
        foreach (long seq in (long[])[1, 6, Records])
        {
            foreach (string column in Texts)
            {
                string text = (await store.Rows.FirstOrDefaultAsync<string>($"select {column} from audit where seq = @seq", new { seq }, Ct))!;
                for (int at = 0; at < text.Length; at++)
                {
                    char[] flipped = text.ToCharArray();
                    // Six of seven bits: a text with a control character or above ASCII is no less changed, and this stays one byte.
                    flipped[at] ^= (char)(1 << (int)(rng.NextDouble() * 7));
                    if (flipped[at] == '\0' && engine == StoreEngine.Postgres)
                    {
                        // No text of PostgreSQL can hold it.
                        flipped[at] = '\u0001';
                    }

                    await SetAsync(seq, column, new(flipped));
                    await FoundAtAsync(seq, $"seed 33, record {seq}, {column}[{at}]");
                }

                await SetAsync(seq, column, text);
            }
        }

        (await chain.VerifyAsync(store.Rows, Ct)).FirstBreak!.Code.Should().Be("STO-4013", "all is as it was but for the triggers");
    }

    [Fact]
    public async Task Each_cut_of_the_tail_is_found_also_with_the_head_set_back()
    {
        await DropTriggersAsync();
        for (long kept = Records - 1; kept >= 0; kept--)
        {
            await store.Rows.ExecuteAsync("delete from audit where seq > @kept", new { kept }, Ct);
            string hash = kept == 0 ? AuditHead.Empty.Hash : await HashAsync(kept);
            await store.Rows.ExecuteAsync("update audit_head set seq = @kept, hash = @hash", new { kept, hash }, Ct);
            (await AuditChain.VerifyAsync(store.Rows, null, Ct)).Intact.Should().BeTrue("the store alone cannot tell");
            await FoundAtAsync(kept + 1, $"cut after {kept}", "STO-4004");
            (await CodeAsync(() => AppendAsync(chain, 99))).Should().Be("STO-4004", "nothing is appended to it either");
        }
    }

    [Fact]
    public async Task A_chain_rewritten_from_any_record_on_with_all_hashes_worked_out_anew_is_found_there()
    {
        await DropTriggersAsync();
        for (int k = Records; k >= 1; k--)
        {
            await RewriteFromAsync(k);
            (await AuditChain.VerifyAsync(store.Rows, null, Ct)).Intact.Should().BeTrue("the store alone cannot tell");
            (await chain.VerifyAsync(store.Rows, Ct)).FirstBreak!.Where.Should().Be($"audit record {k}");
        }
    }

    [Fact]
    public async Task Records_added_with_right_hashes_and_without_the_key_are_found()
    {
        await DropTriggersAsync();
        await AppendAsync(new(store.Clock), Records + 1);
        await FoundAtAsync(Records + 1, "forged tail", "STO-4007");
        (await CodeAsync(() => AppendAsync(chain, 99))).Should().Be("STO-4007");
    }

    [Fact]
    public async Task A_signature_of_another_record_another_chain_or_another_key_is_none()
    {
        await DropTriggersAsync();
        string mac = (await store.Rows.FirstOrDefaultAsync<string>("select mac from audit where seq = 4", null, Ct))!;
        string own = (await store.Rows.FirstOrDefaultAsync<string>("select mac from audit where seq = 5", null, Ct))!;
        await SetAsync(5, "mac", mac);
        await FoundAtAsync(5, "moved signature", "STO-4007");
        await SetAsync(5, "mac", own);

        await store.Rows.ExecuteAsync("update audit_seal set chain = 'another'", null, Ct);
        await FoundAtAsync(1, "another chain", "STO-4006");
        await store.Rows.ExecuteAsync("delete from audit_seal", null, Ct);
        await FoundAtAsync(1, "no chain", "STO-4006");
    }

    [Fact]
    public async Task Every_byte_of_the_heads_file_is_watched()
    {
        byte[] heads = await File.ReadAllBytesAsync(HeadsFile, Ct);
        string path = HeadsFile;
        Rng rng = Rng.From(34);
        for (int at = 0; at < heads.Length; at++)
        {
            byte[] flipped = [.. heads];
            flipped[at] ^= (byte)(1 << (int)(rng.NextDouble() * 8));
            await File.WriteAllBytesAsync(path, flipped, Ct);
            Problem found = (await chain.VerifyAsync(store.Rows, Ct)).FirstBreak!;
            int line = 1 + heads.AsSpan(0, at).Count((byte)'\n');
            found.Code.Should().Be("STO-4008", "seed 34, byte {0}", at);
            found.Where.Should().Be(string.Create(CultureInfo.InvariantCulture, $"{path} line {line}"));
        }

        await File.WriteAllBytesAsync(path, heads, Ct);
        (await chain.VerifyAsync(store.Rows, Ct)).Intact.Should().BeTrue();
    }

    [Fact]
    public async Task A_head_that_a_killed_writer_left_unfinished_is_no_alarm_and_is_caught_up()
    {
        byte[] heads = await File.ReadAllBytesAsync(HeadsFile, Ct);
        await File.WriteAllBytesAsync(HeadsFile, heads[..^100], Ct);
        (await chain.VerifyAsync(store.Rows, Ct)).Intact.Should().BeTrue("record 12 is signed, only its head is not out");
        await AppendAsync(chain, Records + 1);
        (await chain.VerifyAsync(store.Rows, Ct)).Should().BeEquivalentTo(new { Intact = true, Records = Records + 1L });
        File.ReadAllLines(HeadsFile).Should().HaveCount(Records + 1).And.OnlyContain(l => l.Length > 128);
    }

    [Fact]
    public async Task A_transaction_that_is_rolled_back_leaves_no_head()
    {
        string before = await File.ReadAllTextAsync(HeadsFile, Ct);
        await FluentActions.Awaiting(() => store.Rows.InTransactionAsync<bool>(async tx =>
        {
            await chain.AppendAsync(tx, new("ana", "x", "y", null, null), Ct);
            throw new TimeoutException();
        }, Ct)).Should().ThrowAsync<TimeoutException>();
        (await File.ReadAllTextAsync(HeadsFile, Ct)).Should().Be(before);
        (await chain.VerifyAsync(store.Rows, Ct)).Intact.Should().BeTrue();
    }

    [Fact]
    public async Task An_unsigned_chain_is_taken_over_by_a_person_and_signed_from_there()
    {
        await using StoreFixture older = await StoreFixture.CreateAsync(engine);
        AuditChain signing = new(older.Clock, new(Key, older.Data.Root)), unsigned = new(older.Clock);
        await AppendAsync(unsigned, 1, older);
        await AppendAsync(signing, 2, older);
        (await signing.VerifyAsync(older.Rows, Ct)).FirstBreak!.Code.Should().Be("STO-4006");
        AuditRecord adopted = await signing.AdoptAsync(older.Rows, "ana", "compared with the export of Monday", Ct);
        (adopted.Seq, adopted.Action).Should().Be((3, "audit.adopted"));
        await AppendAsync(signing, 4, older);
        (await signing.VerifyAsync(older.Rows, Ct)).Should().BeEquivalentTo(new { Intact = true, Records = 4L });

        // What was taken over is vouched for by the head it had then.
        await TamperAsync(older, "update audit set reason = 'x' where seq = 1");
        (await signing.VerifyAsync(older.Rows, Ct)).FirstBreak!.Where.Should().Be("audit record 1");
        (await CodeAsync(() => signing.AdoptAsync(older.Rows, "ana", "again", Ct))).Should().Be("STO-4001", "a broken chain is not taken over");
    }

    [Fact]
    public async Task A_key_that_is_missing_readable_by_others_no_key_or_in_the_store_is_refused()
    {
        FluentActions.Invoking(() => new AuditSeal(store.Data.File("audit.key"), store.Data.Root)).Should().Throw<ProblemException>().Which.Problem.Code.Should().Be("STO-4009");
        string key = await File.ReadAllTextAsync(Key, Ct);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(Key, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);
            (await RefusalAsync()).Should().Be("STO-4011");
            File.SetUnixFileMode(Key, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        await File.WriteAllTextAsync(Key, key[..20], Ct);
        (await RefusalAsync()).Should().Be("STO-4010");
        File.Delete(Key);
        (await RefusalAsync()).Should().Be("STO-4012");
        Directory.CreateDirectory(Key);
        (await RefusalAsync()).Should().Be("STO-4012");
        (await CodeAsync(() => new AuditChain(store.Clock, new("/proc/nowhere/audit.key", store.Data.Root)).VerifyAsync(store.Rows, Ct))).Should().Be("STO-4014");

        Task<string?> RefusalAsync() => CodeAsync(() => new AuditChain(store.Clock, new(Key, store.Data.Root)).VerifyAsync(store.Rows, Ct));
    }

    [Fact]
    public async Task Many_processes_sign_one_chain()
    {
        // Each with a seal and a connection of its own, as processes have: nothing but the files' locks keeps them apart.
        await Task.WhenAll(Enumerable.Range(0, 4).Select(w => Task.Run(async () =>
        {
            AuditChain own = new(store.Clock, new(Key, store.Data.Root));
            IRowStore rows = await store.OpenAgainAsync();
            for (int i = 0; i < 25; i++)
            {
                await rows.InTransactionAsync(tx => own.AppendAsync(tx, new("ana", "x", $"run:{w}", null, null), Ct), Ct);
            }
        }, Ct)));
        (await chain.VerifyAsync(store.Rows, Ct)).Should().BeEquivalentTo(new { Intact = true, Records = Records + 100L });
        File.ReadAllLines(HeadsFile).Should().HaveCount(Records + 101);
    }

    public ValueTask DisposeAsync()
    {
        elsewhere.Dispose();
        return store.DisposeAsync();
    }

    private static async Task<string?> CodeAsync(Func<Task> act)
    {
        try
        {
            await act();
            return null;
        }
        catch (ProblemException e)
        {
            return e.Problem.Code;
        }
    }

    private Task<AuditRecord> AppendAsync(AuditChain to, int i, StoreFixture? into = null) => (into ?? store).Rows.InTransactionAsync(tx => to.AppendAsync(
        tx, new("ana", "approval.approved", $"run:{i}", $"because {i}", new JsonObject { ["digest"] = $"d{i}" }), Ct), Ct);

    private async Task FoundAtAsync(long seq, string because, string? code = null)
    {
        Problem? found = (await chain.VerifyAsync(store.Rows, Ct)).FirstBreak;
        found.Should().NotBeNull(because);
        found!.Where.Should().Be($"audit record {seq}", because);
        if (code is not null)
        {
            found.Code.Should().Be(code, because);
        }
    }

    private Task SetAsync(long seq, string column, string text) => store.Rows.ExecuteAsync($"update audit set {column} = @text where seq = @seq", new { seq, text }, Ct);

    private Task<string> HashAsync(long seq) => store.Rows.FirstOrDefaultAsync<string>("select hash from audit where seq = @seq", new { seq }, Ct)!;

    private Task DropTriggersAsync() => TamperAsync(store, "select 1");

    private static async Task TamperAsync(StoreFixture on, string sql)
    {
        await on.DropTriggersAsync();
        await on.Rows.ExecuteAsync(sql, null, Ct);
    }

    // As one would who owns the file: every later link worked out anew, the head too.
    private async Task RewriteFromAsync(int k)
    {
        List<AuditRecord> all = [];
        await foreach (AuditRecord record in AuditChain.ReadAsync(store.Rows, 0, Ct))
        {
            all.Add(record);
        }

        string before = k == 1 ? AuditHead.Empty.Hash : all[k - 2].Hash;
        foreach (AuditRecord record in all[(k - 1)..])
        {
            AuditRecord forged = record with { Reason = $"rewritten from {k}", PrevHash = before };
            before = forged.ExpectedHash().Hex;
            await store.Rows.ExecuteAsync("update audit set reason = @Reason, prev_hash = @PrevHash, hash = @Hash where seq = @Seq",
                new { forged.Reason, forged.PrevHash, Hash = before, forged.Seq }, Ct);
        }

        await store.Rows.ExecuteAsync("update audit_head set hash = @before", new { before }, Ct);
    }
}

public sealed class SealedChainOnSqliteTests() : SealedChainTests(StoreEngine.Sqlite);

public sealed class SealedChainOnPostgresTests() : SealedChainTests(StoreEngine.Postgres);
