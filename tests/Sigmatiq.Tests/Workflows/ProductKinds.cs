using Microsoft.Extensions.Logging.Abstractions;
using Sigmatiq.App;
using Sigmatiq.Store;
using Sigmatiq.Store.Rows;
using Sigmatiq.Store.Seeds;
using Sigmatiq.Workflows.Steps;

namespace Sigmatiq.Tests.Workflows;

/// <summary>The step kinds of the product, on an empty store that nothing is run on.</summary>
public sealed class ProductKinds : IAsyncLifetime
{
    private readonly TemporaryFolder folder = new();
    private SqliteRowStore rows = null!;

    public StepKinds Kinds { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        DataDirectory data = new(folder.Path);
        rows = await SqliteRowStore.OpenAsync(data, TimeProvider.System, CancellationToken.None);
        Kinds = Platform.Open(data, rows, IdSource.FromSeed(TimeProvider.System, 1), TimeProvider.System, NullLoggerFactory.Instance).Engine.Kinds;
    }

    public ValueTask DisposeAsync()
    {
        rows.Dispose();
        folder.Dispose();
        return ValueTask.CompletedTask;
    }
}
