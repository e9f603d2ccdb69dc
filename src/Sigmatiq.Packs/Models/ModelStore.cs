using System.Text.Json.Nodes;
using Sigmatiq.Packs.Yaml;
using Sigmatiq.Store;
using Sigmatiq.Store.Content;
using Sigmatiq.Store.Errors;
using Sigmatiq.Store.Rows;

namespace Sigmatiq.Packs.Models;

/// <summary>A model as the store knows it.</summary>
/// <param name="UserId">Whose model.</param>
/// <param name="Id">Id, unique for the user.</param>
/// <param name="Name">Name for people, unique for the user.</param>
/// <param name="Description">One line for people.</param>
/// <param name="PackId">The pack.</param>
/// <param name="PackVersion">Its version.</param>
/// <param name="PackHash">Its hash when the model was made.</param>
/// <param name="Status">created, configured, published or retired.</param>
/// <param name="NextStep">What the user does next: configure_sweep first.</param>
/// <param name="CreatedAtUtc">When it was made.</param>
public sealed record ModelRecord(
    string UserId, string Id, string Name, string Description, string PackId, string PackVersion, string PackHash, string Status, string NextStep,
    DateTimeOffset CreatedAtUtc)
{
    /// <summary>Status of a model that nothing new is made of.</summary>
    public const string Retired = "retired";

    /// <summary>Whether nothing new is made of it.</summary>
    public bool IsRetired => Status == Retired;

    /// <summary>The model, where something new may be made of it.</summary>
    /// <exception cref="ProblemException">MDL-1014: it is retired.</exception>
    public ModelRecord RequireInUse() => !IsRetired ? this : throw new ProblemException(
        "MDL-1014", $"The model '{Id}' is retired: what was made of it stays, and nothing new is made of it.", "model_id", "Bring it back with 'sigmatiq models restore', or make another model.", ExitCode.BadUsage);

    /// <summary>The response of <c>POST /models</c> (01 §1.13).</summary>
    public JsonObject ToResponse() => new()
    {
        ["success"] = true,
        ["model"] = new JsonObject
        {
            ["id"] = Id,
            ["status"] = Status,
            ["created_at"] = CreatedAtUtc.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture),
            ["next_step"] = NextStep,
        },
    };
}

/// <summary>What <see cref="ModelStore.CreateAsync"/> did.</summary>
/// <param name="Model">The model's row.</param>
/// <param name="Config">Its config.</param>
/// <param name="Warnings">What its maker should know.</param>
/// <param name="IsNew">False where the same model was there already.</param>
public sealed record ModelCreated(ModelRecord Model, ModelConfig Config, IReadOnlyList<Problem> Warnings, bool IsNew);

/// <summary>A config that a model has or had.</summary>
/// <param name="ConfigVersion">From 1, one up with every change.</param>
/// <param name="Pack">The pack version it is pinned to.</param>
/// <param name="PackHash">That pack's content.</param>
/// <param name="Restores">The version it repeats, where it was a rollback.</param>
/// <param name="MadeAtUtc">When.</param>
public sealed record PastConfig(int ConfigVersion, string Pack, string PackHash, int? Restores, DateTimeOffset MadeAtUtc);

/// <summary>Models in rows, with their <c>models/{user}/{model}/config.yaml</c>. The row is the truth; a lost file is written again.</summary>
public sealed class ModelStore(IRowStore rows, DataDirectory data, TimeProvider clock)
{
    private const string Columns =
        "user_id, id, name, description, pack_id, pack_version, pack_hash, status, next_step, created_at_utc";

    private sealed record Stored(string Config, string ContentHash);

    private sealed record Past(long ConfigVersion, string PackId, string PackVersion, string PackHash, long? Restores, DateTimeOffset MadeAtUtc, string Config);

    /// <summary>Makes a model, or returns it where the same one was made before.</summary>
    /// <exception cref="ProblemException">MDL-1002: the id or name is taken by another content. MDL-1014: the same one is retired. MDL-1003 and others: the request is
    /// refused.</exception>
    public async Task<ModelCreated> CreateAsync(ModelRequest request, Pack pack, CancellationToken ct)
    {
        DateTimeOffset now = new(clock.GetUtcNow().Ticks / TimeSpan.TicksPerSecond * TimeSpan.TicksPerSecond, TimeSpan.Zero);
        ModelDraft draft = ModelBuilder.Build(request, pack, now).Value;
        string content = ContentOf(draft.Config, pack);
        bool isNew = await rows.InTransactionAsync(
            async tx =>
            {
                int inserted = await tx.ExecuteAsync(
                    $"""
                    insert into models ({Columns}, config, content_hash)
                    values (@UserId, @Id, @Name, @Description, @PackId, @PackVersion, @PackHash, 'created', 'configure_sweep', @CreatedAtUtc, @Config, @ContentHash)
                    on conflict do nothing
                    """,
                    new
                    {
                        draft.Config.UserId, draft.Config.Id, request.Name, request.Description, draft.Config.PackId, PackVersion = pack.Version.ToString(),
                        PackHash = pack.Hash.Hex, CreatedAtUtc = now, Config = ModelConfigFile.Write(draft.Config), ContentHash = content,
                    },
                    ct);
                if (inserted == 0)
                {
                    await RefuseOtherContentAsync(tx, request, content, ct);
                }
                else
                {
                    await RememberAsync(tx, draft.Config, pack.Hash.Hex, content, null, ct);
                }

                return inserted == 1;
            },
            ct);
        ModelConfig config = await LoadAsync(request.UserId, request.ModelId, ct);
        AtomicFile.Write(FileOf(config.UserId, config.Id), ModelConfigFile.Write(config));
        return new((await FindAsync(config.UserId, config.Id, ct))!.RequireInUse(), config, draft.Warnings, isNew);
    }

    /// <summary>Changes what a model is made of, in one transaction, as a further version of its config; the earlier ones stay. What only its name and description
    /// say may change at any time, all else only while nothing rests upon it: a sweep's trials are trials of the model they were run on.</summary>
    /// <param name="before">The config as it was read.</param>
    /// <param name="request">The model as it shall be: all of it.</param>
    /// <param name="pack">Its pack, in the version that is asked for.</param>
    /// <param name="sweepsOn">How many sweeps rest on the model, asked in the transaction that changes it.</param>
    /// <param name="ct">Stops before the transaction.</param>
    /// <returns>The model, with whether its config changed.</returns>
    /// <exception cref="ProblemException">MDL-1008: another id, owner or pack. MDL-1002: the name is taken, or the model changed meanwhile. MDL-1013: sweeps rest
    /// on it. MDL-1014: it is retired. MDL-1009: no such model. MDL-1003 and others: the request is refused.</exception>
    public async Task<ModelCreated> ChangeAsync(ModelConfig before, ModelRequest request, Pack pack, Func<IRowTransaction, CancellationToken, Task<long>> sweepsOn, CancellationToken ct)
    {
        foreach (var (field, asked, stands) in new[] { ("model_id", request.ModelId, before.Id), ("user_id", request.UserId, before.UserId), ("pack_id", pack.Id, before.PackId) })
        {
            if (asked != stands)
            {
                throw new ProblemException("MDL-1008", $"The {field} of a model stays '{stands}', was '{asked}'.", field, "Make another model.", ExitCode.BadUsage);
            }
        }

        ModelDraft draft = ModelBuilder.Build(request, pack, before.CreatedAtUtc).Value;
        bool isSame = ContentOf(draft.Config with { ConfigVersion = before.ConfigVersion }, pack) == ContentOf(before, pack) && before.PackVersion == pack.Version;
        ModelConfig after = isSame ? before : draft.Config with { ConfigVersion = before.ConfigVersion + 1 };
        await rows.InTransactionAsync(
            async tx =>
            {
                var key = new { after.UserId, after.Id };
                Stored? stored = await tx.FirstOrDefaultAsync<Stored>("select config, content_hash from models where user_id = @UserId and id = @Id", key, ct);
                ModelRecord record = (stored is null ? null : await tx.FirstOrDefaultAsync<ModelRecord>($"select {Columns} from models where user_id = @UserId and id = @Id", key, ct)) ?? throw Unknown(after.Id);
                record.RequireInUse();
                if (stored!.Config != ModelConfigFile.Write(before))
                {
                    throw Meanwhile(after.Id);
                }

                if (await tx.FirstOrDefaultAsync<string>(
                    "select id from models where user_id = @UserId and name = @Name and id <> @Id", new { after.UserId, request.Name, after.Id }, ct) is not null)
                {
                    throw new ProblemException("MDL-1002", $"There is another model named '{request.Name}'.", "name", "Choose another name.", ExitCode.BadUsage);
                }

                if (!isSame && await sweepsOn(tx, ct) is > 0 and var sweeps)
                {
                    throw new ProblemException(
                        "MDL-1013", $"{sweeps} {(sweeps == 1 ? "sweep rests" : "sweeps rest")} on the settings of '{after.Id}', so they stay.", "model_id",
                        "Make another model with the new settings; name and description may change.", ExitCode.BadUsage);
                }

                string content = ContentOf(after, pack);
                if (!isSame)
                {
                    await RememberAsync(tx, before, record.PackHash, stored.ContentHash, null, ct);
                    await RememberAsync(tx, after, pack.Hash.Hex, content, null, ct);
                }

                await tx.ExecuteAsync(
                    """
                    update models set name = @Name, description = @Description, pack_version = @PackVersion, pack_hash = @PackHash, config = @Config, content_hash = @ContentHash
                    where user_id = @UserId and id = @Id
                    """,
                    new
                    {
                        after.UserId, after.Id, request.Name, request.Description, PackVersion = after.PackVersion.ToString(), PackHash = isSame ? record.PackHash : pack.Hash.Hex,
                        Config = ModelConfigFile.Write(after), ContentHash = isSame ? stored.ContentHash : content,
                    },
                    ct);
            },
            ct);
        await SettleFilesAsync(after, ct);
        return new((await FindAsync(after.UserId, after.Id, ct))!, after, draft.Warnings, !isSame);
    }

    /// <summary>Retires a model, or brings it back; what was made of it stays in either case.</summary>
    /// <returns>Whether it changed anything.</returns>
    public async Task<bool> SetRetiredAsync(IRowTransaction tx, ModelRecord model, bool isRetired, CancellationToken ct) => await tx.ExecuteAsync(
        $"update models set status = @To where user_id = @UserId and id = @Id and status {(isRetired ? "<>" : "=")} '{ModelRecord.Retired}'",
        new { model.UserId, model.Id, To = isRetired ? ModelRecord.Retired : "created" }, ct) == 1;

    /// <summary>The row of a model, or null.</summary>
    public Task<ModelRecord?> FindAsync(string userId, string modelId, CancellationToken ct) =>
        rows.FirstOrDefaultAsync<ModelRecord>($"select {Columns} from models where user_id = @UserId and id = @Id", new { UserId = userId, Id = modelId }, ct);

    /// <summary>All models, newest last.</summary>
    public Task<IReadOnlyList<ModelRecord>> ListAsync(CancellationToken ct) =>
        rows.QueryAsync<ModelRecord>($"select {Columns} from models order by created_at_utc, user_id, id", null, ct);

    /// <summary>A page of models, newest last.</summary>
    /// <param name="withRetired">Retired ones too.</param>
    /// <param name="after">The last model of the page before, null begins; one that is not there has nothing after it.</param>
    /// <param name="limit">How many at most.</param>
    /// <param name="ct">Cancels the read.</param>
    public Task<IReadOnlyList<ModelRecord>> ListAsync(bool withRetired, (string UserId, string ModelId)? after, int limit, CancellationToken ct) => rows.QueryAsync<ModelRecord>(
        $"""
        select {Columns} from models where 1 = 1
            {(withRetired ? "" : $"and status <> '{ModelRecord.Retired}'")}
            {(after is null ? "" : "and (created_at_utc, user_id, id) > (select created_at_utc, user_id, id from models where user_id = @UserId and id = @ModelId)")}
        order by created_at_utc, user_id, id limit @Limit
        """,
        new { after?.UserId, after?.ModelId, Limit = limit }, ct);

    /// <summary>The config of a model.</summary>
    /// <exception cref="ProblemException">MDL-1009: no such model. MDL-1008: its config is damaged.</exception>
    public async Task<ModelConfig> LoadAsync(string userId, string modelId, CancellationToken ct)
    {
        Stored? stored = await rows.FirstOrDefaultAsync<Stored>(
            "select config, content_hash from models where user_id = @UserId and id = @Id", new { UserId = userId, Id = modelId }, ct);
        return stored is null
            ? throw Unknown(modelId)
            : ModelConfigFile.Read(stored.Config, $"models/{userId}/{modelId}/config.yaml").Value;
    }

    /// <summary>The config a model had on a version of its pack, the latest of several; where it never was on it, the present one.</summary>
    /// <remarks>A sweep or training that ran before a migration goes on with what it ran on.</remarks>
    /// <exception cref="ProblemException">MDL-1009: no such model. MDL-1008: its config is damaged.</exception>
    public async Task<ModelConfig> LoadOnAsync(string userId, string modelId, string packReference, CancellationToken ct)
    {
        ModelConfig now = await LoadAsync(userId, modelId, ct);
        return now.PackReference == packReference ? now
            : (await PastAsync(rows, userId, modelId, ct)).LastOrDefault(p => $"{p.PackId}@{p.PackVersion}" == packReference) is { } past
            ? ModelConfigFile.Read(past.Config, $"models/{userId}/{modelId}/config.v{past.ConfigVersion}.yaml").Value
            : now;
    }

    /// <summary>Every config a model had, oldest first, the present one last.</summary>
    /// <exception cref="ProblemException">MDL-1009: no such model.</exception>
    public async Task<IReadOnlyList<PastConfig>> HistoryAsync(string userId, string modelId, CancellationToken ct)
    {
        ModelConfig now = await LoadAsync(userId, modelId, ct);
        List<PastConfig> history =
            [.. (await PastAsync(rows, userId, modelId, ct)).Select(p => new PastConfig((int)p.ConfigVersion, $"{p.PackId}@{p.PackVersion}", p.PackHash, (int?)p.Restores, p.MadeAtUtc))];
        if (history.Count == 0)
        {
            // A model from before configs were kept has the one it has.
            ModelRecord record = (await FindAsync(userId, modelId, ct))!;
            history.Add(new(now.ConfigVersion, now.PackReference, record.PackHash, null, record.CreatedAtUtc));
        }

        return history;
    }

    /// <summary>The config that a rollback brings back: the one before the present one, where the present one was brought back itself the one
    /// before that. Going back twice goes back two migrations.</summary>
    /// <returns>The config with the next version number, and the number of the one it repeats.</returns>
    /// <exception cref="ProblemException">MDL-1012: there is none before it. MDL-1009: no such model. MDL-1008: a config is damaged.</exception>
    public async Task<(ModelConfig Config, int Restores)> PreviousAsync(ModelConfig now, CancellationToken ct)
    {
        IReadOnlyList<Past> past = await PastAsync(rows, now.UserId, now.Id, ct);
        Past? Of(long version) => past.FirstOrDefault(p => p.ConfigVersion == version);
        long origin = Of(now.ConfigVersion)?.Restores ?? now.ConfigVersion;
        Past? previous = past.LastOrDefault(p => p.ConfigVersion < origin);
        previous = previous?.Restores is { } restored ? Of(restored) ?? previous : previous;
        return previous is null
            ? throw new ProblemException("MDL-1012", $"The model '{now.Id}' has no earlier config to go back to.", "model", "It is as it was made.", ExitCode.BadUsage)
            : (ModelConfigFile.Read(previous.Config, $"models/{now.UserId}/{now.Id}/config.v{previous.ConfigVersion}.yaml").Value with { ConfigVersion = now.ConfigVersion + 1 },
               (int)previous.ConfigVersion);
    }

    /// <summary>Puts a config in the place of the one it came from, in one transaction; that one stays in the history and as
    /// <c>config.v{N}.yaml</c>.</summary>
    /// <param name="before">The config as it is stored.</param>
    /// <param name="after">The config that takes its place, one version later.</param>
    /// <param name="pack">The pack of <paramref name="after"/>.</param>
    /// <param name="ct">Stops before the transaction.</param>
    /// <param name="restores">The version that <paramref name="after"/> repeats, where it is a rollback.</param>
    /// <exception cref="ProblemException">MDL-1002: the model changed meanwhile. MDL-1009: no such model.</exception>
    public async Task ReplaceAsync(ModelConfig before, ModelConfig after, Pack pack, CancellationToken ct, int? restores = null)
    {
        string content = ContentOf(after, pack), old = ModelConfigFile.Write(before);
        await rows.InTransactionAsync(
            async tx =>
            {
                Stored? stored = await tx.FirstOrDefaultAsync<Stored>(
                    "select config, content_hash from models where user_id = @UserId and id = @Id", new { after.UserId, after.Id }, ct);
                ModelRecord? record = await tx.FirstOrDefaultAsync<ModelRecord>(
                    $"select {Columns} from models where user_id = @UserId and id = @Id", new { after.UserId, after.Id }, ct);
                if (stored is null || record is null)
                {
                    throw Unknown(after.Id);
                }

                if (stored.Config != old)
                {
                    throw Meanwhile(after.Id);
                }

                await RememberAsync(tx, before, record.PackHash, stored.ContentHash, null, ct);
                await RememberAsync(tx, after, pack.Hash.Hex, content, restores, ct);
                await tx.ExecuteAsync(
                    """
                    update models set pack_version = @PackVersion, pack_hash = @PackHash, config = @Config, content_hash = @ContentHash
                    where user_id = @UserId and id = @Id
                    """,
                    new
                    {
                        after.UserId, after.Id, PackVersion = after.PackVersion.ToString(), PackHash = pack.Hash.Hex, Config = ModelConfigFile.Write(after),
                        ContentHash = content,
                    },
                    ct);
            },
            ct);
        await SettleFilesAsync(after, ct);
    }

    /// <summary>Makes the files of a model say what its rows say: after a crash between the two, or where one was lost.</summary>
    public async Task SettleFilesAsync(ModelConfig now, CancellationToken ct)
    {
        foreach (Past past in (await PastAsync(rows, now.UserId, now.Id, ct)).Where(p => p.ConfigVersion < now.ConfigVersion))
        {
            Settle(data.File("models", now.UserId, now.Id, $"config.v{past.ConfigVersion}.yaml"), past.Config);
        }

        Settle(FileOf(now.UserId, now.Id), ModelConfigFile.Write(now));

        static void Settle(string file, string text)
        {
            if (!File.Exists(file) || File.ReadAllText(file) != text)
            {
                AtomicFile.Write(file, text);
            }
        }
    }

    /// <summary>Where a model's config lies.</summary>
    public string FileOf(string userId, string modelId) => data.File("models", userId, modelId, "config.yaml");

    private static Task<IReadOnlyList<Past>> PastAsync(IRows from, string userId, string modelId, CancellationToken ct) => from.QueryAsync<Past>(
        """
        select config_version, pack_id, pack_version, pack_hash, restores, made_at_utc, config from model_configs
        where user_id = @UserId and model_id = @ModelId order by config_version
        """,
        new { UserId = userId, ModelId = modelId }, ct);

    private Task<int> RememberAsync(IRowTransaction tx, ModelConfig config, string packHash, string content, int? restores, CancellationToken ct) => tx.ExecuteAsync(
        """
        insert into model_configs (user_id, model_id, config_version, pack_id, pack_version, pack_hash, restores, config, content_hash, made_at_utc)
        values (@UserId, @Id, @ConfigVersion, @PackId, @PackVersion, @PackHash, @Restores, @Config, @ContentHash, @MadeAtUtc) on conflict do nothing
        """,
        new
        {
            config.UserId, config.Id, config.ConfigVersion, config.PackId, PackVersion = config.PackVersion.ToString(), PackHash = packHash, Restores = restores,
            Config = ModelConfigFile.Write(config), ContentHash = content, MadeAtUtc = clock.GetUtcNow(),
        },
        ct);

    private static ProblemException Meanwhile(string modelId) => new("MDL-1002", $"The model '{modelId}' changed meanwhile.", "model", "Look at it again and repeat.");

    private static ProblemException Unknown(string modelId) =>
        new("MDL-1009", $"There is no model '{modelId}'.", "model", "Use an id of `sigmatiq models list`.", ExitCode.BadUsage);

    private static async Task RefuseOtherContentAsync(IRowTransaction tx, ModelRequest request, string content, CancellationToken ct)
    {
        Stored? same = await tx.FirstOrDefaultAsync<Stored>(
            "select config, content_hash from models where user_id = @UserId and id = @Id", new { request.UserId, Id = request.ModelId }, ct);
        if (same is null)
        {
            throw new ProblemException("MDL-1002", $"There is another model named '{request.Name}'.", "name", "Choose another name.", ExitCode.BadUsage);
        }

        if (same.ContentHash != content)
        {
            throw new ProblemException(
                "MDL-1002", $"There is another model with the id '{request.ModelId}'.", "model_id", "Choose another id, or ask for exactly the same model.", ExitCode.BadUsage);
        }
    }

    // What makes two requests the same model: everything but the time.
    private static string ContentOf(ModelConfig config, Pack pack)
    {
        JsonObject json = config.ToJson();
        json["model"]!.AsObject().Remove("created_at");
        json["pack_hash"] = pack.Hash.Hex;
        return ContentHash.OfJson(json).Hex;
    }
}
