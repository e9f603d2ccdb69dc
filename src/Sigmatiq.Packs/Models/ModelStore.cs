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

/// <summary>Models in rows, with their <c>models/{user}/{model}/config.yaml</c>. The row is the truth; a lost file is written again.</summary>
public sealed class ModelStore(IRowStore rows, DataDirectory data, TimeProvider clock)
{
    private const string Columns =
        "user_id, id, name, description, pack_id, pack_version, pack_hash, status, next_step, created_at_utc";

    private sealed record Stored(string Config, string ContentHash);

    /// <summary>Makes a model, or returns it where the same one was made before.</summary>
    /// <exception cref="ProblemException">MDL-1002: the id or name is taken by another content. MDL-1003 and others: the request is refused.</exception>
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

                return inserted == 1;
            },
            ct);
        ModelConfig config = await LoadAsync(request.UserId, request.ModelId, ct);
        AtomicFile.Write(FileOf(config.UserId, config.Id), ModelConfigFile.Write(config));
        return new((await FindAsync(config.UserId, config.Id, ct))!, config, draft.Warnings, isNew);
    }

    /// <summary>The row of a model, or null.</summary>
    public Task<ModelRecord?> FindAsync(string userId, string modelId, CancellationToken ct) =>
        rows.FirstOrDefaultAsync<ModelRecord>($"select {Columns} from models where user_id = @UserId and id = @Id", new { UserId = userId, Id = modelId }, ct);

    /// <summary>All models, newest last.</summary>
    public Task<IReadOnlyList<ModelRecord>> ListAsync(CancellationToken ct) =>
        rows.QueryAsync<ModelRecord>($"select {Columns} from models order by created_at_utc, user_id, id", null, ct);

    /// <summary>The config of a model.</summary>
    /// <exception cref="ProblemException">MDL-1009: no such model. MDL-1008: its config is damaged.</exception>
    public async Task<ModelConfig> LoadAsync(string userId, string modelId, CancellationToken ct)
    {
        Stored? stored = await rows.FirstOrDefaultAsync<Stored>(
            "select config, content_hash from models where user_id = @UserId and id = @Id", new { UserId = userId, Id = modelId }, ct);
        return stored is null
            ? throw new ProblemException("MDL-1009", $"There is no model '{modelId}'.", "model", "Use an id of `sigmatiq models list`.", ExitCode.BadUsage)
            : ModelConfigFile.Read(stored.Config, $"models/{userId}/{modelId}/config.yaml").Value;
    }

    /// <summary>Puts a migrated config in the place of the one it came from, and keeps that one as <c>config.v{N}.yaml</c>.</summary>
    /// <exception cref="ProblemException">MDL-1002: the model changed meanwhile. MDL-1009: no such model.</exception>
    public async Task ReplaceAsync(ModelConfig before, ModelConfig after, Pack pack, CancellationToken ct)
    {
        string old = ModelConfigFile.Write(before);
        AtomicFile.Write(data.File("models", before.UserId, before.Id, $"config.v{before.ConfigVersion}.yaml"), old);
        int touched = await rows.ExecuteAsync(
            """
            update models set pack_version = @PackVersion, pack_hash = @PackHash, config = @Config, content_hash = @ContentHash
            where user_id = @UserId and id = @Id and config = @Old
            """,
            new
            {
                after.UserId, after.Id, PackVersion = after.PackVersion.ToString(), PackHash = pack.Hash.Hex, Config = ModelConfigFile.Write(after),
                ContentHash = ContentOf(after, pack), Old = old,
            },
            ct);
        if (touched == 0)
        {
            await LoadAsync(after.UserId, after.Id, ct);
            throw new ProblemException("MDL-1002", $"The model '{after.Id}' changed meanwhile.", "model", "Look at it again and repeat.");
        }

        AtomicFile.Write(FileOf(after.UserId, after.Id), ModelConfigFile.Write(after));
    }

    /// <summary>Notes how far a model has come.</summary>
    /// <exception cref="ProblemException">MDL-1009: no such model.</exception>
    public async Task SetStateAsync(string userId, string modelId, string status, string nextStep, CancellationToken ct)
    {
        int touched = await rows.ExecuteAsync(
            "update models set status = @Status, next_step = @NextStep where user_id = @UserId and id = @Id",
            new { UserId = userId, Id = modelId, Status = status, NextStep = nextStep }, ct);
        if (touched == 0)
        {
            throw new ProblemException("MDL-1009", $"There is no model '{modelId}'.", "model", "Use an id of `sigmatiq models list`.", ExitCode.BadUsage);
        }
    }

    /// <summary>Where a model's config lies.</summary>
    public string FileOf(string userId, string modelId) => data.File("models", userId, modelId, "config.yaml");

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
