using Sigmatiq.Store.Columns;

namespace Sigmatiq.Tests.Store.Columns;

/// <summary>Tests that measure the process, which no other test may disturb.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class MeasuresTheProcess
{
    public const string Name = "Measures the process";
}

[Collection(MeasuresTheProcess.Name)]
public sealed class ColumnMemoryTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    [Fact]
    public void Reading_again_and_again_leaves_no_memory_behind()
    {
        CancellationToken ct = TestContext.Current.CancellationToken;
        const int Rows = 200_000;
        double[] values = [.. Enumerable.Range(0, Rows).Select(i => i * 1.1)];
        ParquetFile.Write(folder["n.parquet"], new(Column.Of("n", values)), ct);
        void Round()
        {
            for (int i = 0; i < 40; i++)
            {
                ParquetFile.Read(folder["n.parquet"], null, ct);
            }

            GC.Collect();
        }

        Round();
        long before = Environment.WorkingSet;
        Round();
        Round();
        // Eighty results of 1.6 MB each are 128 MB: what is kept of them would show.
        (Environment.WorkingSet - before).Should().BeLessThan(64L << 20);
    }

    public void Dispose() => folder.Dispose();
}
