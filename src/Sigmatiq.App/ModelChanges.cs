using Sigmatiq.Packs;
using Sigmatiq.Packs.Models;
using Sigmatiq.Store.Audit;
using Sigmatiq.Store.Rows;

namespace Sigmatiq.App;

/// <summary>Changes, retires and restores models: one way for commands and HTTP. Nothing that something else rests upon is lost by it.</summary>
internal sealed class ModelChanges(IRowStore rows, AuditChain audit, ModelStore models, PackLibrary packs)
{
    /// <summary>How many sweeps rest on a model.</summary>
    public static Task<long> SweepsAsync(IRows rows, ModelRecord model, CancellationToken ct) =>
        rows.FirstOrDefaultAsync<long>("select count(*) from sweeps where user_id = @UserId and model_id = @Id", new { model.UserId, model.Id }, ct);

    /// <summary>Changes a model, see <see cref="ModelStore.ChangeAsync"/>.</summary>
    public async Task<ModelCreated> ChangeAsync(ModelRecord model, ModelRequest request, CancellationToken ct)
    {
        ModelConfig before = await models.LoadAsync(model.UserId, model.Id, ct);
        return await models.ChangeAsync(before, request, packs.LoadUsable(request.Pack), (tx, stop) => SweepsAsync(tx, model, stop), ct);
    }

    /// <summary>Retires a model, or brings it back, with an entry in the audit chain; where it is so already, nothing happens.</summary>
    /// <param name="model">The model.</param>
    /// <param name="isRetired">Whether it shall be retired.</param>
    /// <param name="by">Who.</param>
    /// <param name="reason">Why.</param>
    /// <param name="ct">Stops before the transaction.</param>
    public async Task<ModelRecord> SetRetiredAsync(ModelRecord model, bool isRetired, string by, string? reason, CancellationToken ct)
    {
        await rows.InTransactionAsync(
            async tx =>
            {
                if (await models.SetRetiredAsync(tx, model, isRetired, ct))
                {
                    await audit.AppendAsync(tx, new(by, isRetired ? "model.retired" : "model.restored", $"model:{model.UserId}/{model.Id}", reason, null), ct);
                }
            }, ct);
        return (await models.FindAsync(model.UserId, model.Id, ct))!;
    }
}
