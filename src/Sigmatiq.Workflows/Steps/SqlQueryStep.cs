using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sigmatiq.Market.Bars;
using Sigmatiq.Store;
using Sigmatiq.Store.Columns;
using Sigmatiq.Store.Content;
using Sigmatiq.Store.Errors;
using Sigmatiq.Store.Snapshots;
using Sigmatiq.Workflows.Definitions;

namespace Sigmatiq.Workflows.Steps;

/// <summary>What to ask of which tables.</summary>
/// <param name="Sql">One SELECT. Values belong into values, not into the text.</param>
/// <param name="Tables">Tables by name: the id of a snapshot of bars, or a Parquet file below the data directory as an output names it.</param>
/// <param name="Values">Texts, numbers and truths that the statement finds in the one row of the table params.</param>
/// <param name="To">Where rows go: output (refused above 1,000 rows), file (Parquet), or auto (output up to 200 rows, else a file).</param>
/// <param name="RowsMax">Most rows; more are refused.</param>
/// <param name="Time">Longest time of the statement, such as 30s.</param>
/// <param name="MemoryMb">Most memory in megabytes for tables and statement together, 32 to 4096.</param>
public sealed record SqlQueryInput(
    string Sql, IReadOnlyDictionary<string, string> Tables, JsonObject? Values = null, [Words("auto", "output", "file")] string To = "auto", int RowsMax = 1_000_000,
    string Time = "60s", int MemoryMb = 1024);

/// <summary>What the statement gave.</summary>
/// <param name="RowCount">How many rows.</param>
/// <param name="Columns">Names of the columns in their order.</param>
/// <param name="Rows">The rows as objects, where they are in the output; empty else.</param>
/// <param name="First">The first row, for what is one row; empty where there is none.</param>
/// <param name="File">The Parquet file below the data directory; null where the rows are in the output.</param>
/// <param name="ResultHash">Hash of the rows, whichever way they are given.</param>
public sealed record SqlQueryOutput(long RowCount, IReadOnlyList<string> Columns, IReadOnlyList<JsonObject> Rows, JsonObject First, string? File, string ResultHash);

/// <summary>Asks SQL over named snapshots and Parquet files in a jail, see <see cref="SqlJail"/>: the same input gives the same rows.</summary>
public sealed class SqlQueryStep(DataDirectory data, BarStore bars, TimeProvider clock) : StepKind<SqlQueryInput, SqlQueryOutput>
{
    private const int OutputRowsMax = 1_000;
    private const int AutoRowsMax = 200;

    /// <inheritdoc/>
    public override string Name => "sql.query";

    /// <inheritdoc/>
    public override string Summary => "Ask one SELECT over named snapshots and Parquet files, with nothing else within reach";

    /// <inheritdoc/>
    public override bool IsReusable => true;

    /// <inheritdoc/>
    /// <exception cref="ProblemException">STO-2007, STO-2008, STO-2009: the jail refuses the statement. STO-3001, STO-3002, STO-3003: a snapshot is not whole.
    /// WFL-1011: a table or value that cannot be one.</exception>
    public override Task<StepOutcome> RunAsync(StepContext context, SqlQueryInput input, CancellationToken ct)
    {
        if (!Duration.TryParse(input.Time, out TimeSpan time) || time <= TimeSpan.Zero || input.MemoryMb is < 32 or > 4_096 || input.RowsMax < 1)
        {
            throw Bad($"time is '{input.Time}', memory_mb {input.MemoryMb}, rows_max {input.RowsMax}.", "with", "Write a duration, 32 to 4096 megabytes, and a positive number of rows.");
        }

        List<ColumnSource> sources = [.. input.Tables.OrderBy(t => t.Key, StringComparer.Ordinal).Select(t => SourceOf(t.Key, t.Value))];
        Dictionary<string, ColumnSet> values = input.Values is { Count: > 0 } given ? new() { ["params"] = new(given.Select(Column)) } : [];
        ColumnSet result;
        using (SqlJail jail = SqlJail.Open(new((long)input.MemoryMb << 20, input.RowsMax, time), sources, values, clock, ct))
        {
            result = jail.Read(input.Sql, ct);
        }

        context.Log(string.Create(CultureInfo.InvariantCulture, $"{result.Rows} rows of {string.Join(", ", result.Names)}"));
        JsonObject[] shown = result.Rows <= OutputRowsMax ? [.. Enumerable.Range(0, result.Rows).Select(r => Row(result, r))] : [.. Enumerable.Range(0, 1).Select(r => Row(result, r))];
        bool isFile = input.To == "file" || (input.To == "auto" && result.Rows > AutoRowsMax);
        if (!isFile && result.Rows > OutputRowsMax)
        {
            throw Bad($"{result.Rows} rows are too many for an output.", "to", $"Write to: file, or keep to {OutputRowsMax} rows.");
        }

        JsonObject first = shown.Length > 0 ? shown[0].DeepClone().AsObject() : [];
        if (!isFile)
        {
            ContentHash hash = ContentHash.OfJson(new JsonObject
            {
                ["columns"] = new JsonArray([.. result.Select(c => new JsonArray(c.Name, c.Type.ToString()))]), ["rows"] = new JsonArray([.. shown.Select(r => r.DeepClone())]),
            });
            return Task.FromResult(Done(new(result.Rows, [.. result.Names], shown, first, null, hash.Hex)));
        }

        (string path, ContentHash fileHash) = ParquetFile.WriteHashed(data.Folder("queries"), context.Step, result, ct);
        return Task.FromResult(Done(new(result.Rows, [.. result.Names], [], first, data.Relative(path), fileHash.Hex)));
    }

    private ColumnSource SourceOf(string name, string table)
    {
        if (!Names.IsName(name))
        {
            throw Bad($"'{name}' cannot be the name of a table.", "tables", "Use lower-case letters, digits and underscores, a letter first.");
        }

        if (table.Length == 64 && table.All(char.IsAsciiHexDigitLower))
        {
            // By its hashes: a file that was changed since gives no rows.
            ContentHash id = ContentHash.Parse(table);
            SnapshotStore snapshots = new(data);
            SnapshotManifest manifest = bars.Manifest(id);
            return snapshots.Verify(id, CancellationToken.None) is { Count: > 0 } broken ? throw new ProblemException(broken) : ColumnSource.Parquet(name, snapshots.PathsOf(manifest, _ => true));
        }

        string root = Path.GetFullPath(data.Root) + Path.DirectorySeparatorChar, path = Path.GetFullPath(Path.Combine(data.Root, table));
        FileInfo file = new(path);
        bool isInside = path.StartsWith(root, StringComparison.Ordinal) && file.Exists && file.ResolveLinkTarget(returnFinalTarget: true) is null
            && Ancestors(file.Directory!, data.Root).All(d => d.ResolveLinkTarget(returnFinalTarget: true) is null);
        return isInside && path.EndsWith(".parquet", StringComparison.Ordinal)
            ? ColumnSource.Parquet(name, path)
            : throw Bad($"'{table}' is neither a snapshot nor a Parquet file below the data directory.", $"tables.{name}", "Refer to an output that names a snapshot or a file.");
    }

    private static IEnumerable<DirectoryInfo> Ancestors(DirectoryInfo folder, string root)
    {
        for (DirectoryInfo? at = folder; at is not null && at.FullName.Length > root.Length; at = at.Parent)
        {
            yield return at;
        }
    }

    private static Column Column(KeyValuePair<string, JsonNode?> value)
    {
        if (!Names.IsName(value.Key))
        {
            throw Bad($"'{value.Key}' cannot be the name of a value.", "values", "Use lower-case letters, digits and underscores, a letter first.");
        }

        return value.Value?.GetValueKind() switch
        {
            JsonValueKind.String => Store.Columns.Column.Of(value.Key, new string?[] { value.Value.GetValue<string>() }),
            JsonValueKind.True or JsonValueKind.False => Store.Columns.Column.Of(value.Key, new[] { value.Value.GetValue<bool>() }),
            JsonValueKind.Number when long.TryParse(value.Value.ToJsonString(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long whole) =>
                Store.Columns.Column.Of(value.Key, new[] { whole }),
            JsonValueKind.Number => Store.Columns.Column.Of(value.Key, new[] { double.Parse(value.Value.ToJsonString(), CultureInfo.InvariantCulture) }),
            _ => throw Bad($"{value.Key} is neither a text, a number nor a truth.", "values", "Give each value by itself."),
        };
    }

    private static JsonObject Row(ColumnSet set, int row) => row >= set.Rows ? [] : new(set.Select(c => KeyValuePair.Create(c.Name, Cell(c, row))));

    private static JsonNode? Cell(Column column, int row) => column.IsNull(row) ? null : column.Type switch
    {
        ColumnType.Double => double.IsFinite(column.Doubles[row]) ? JsonValue.Create(column.Doubles[row]) : null,
        ColumnType.Long => column.Longs[row],
        ColumnType.Int => column.Ints[row],
        ColumnType.Bool => column.Bools[row],
        ColumnType.Date => column.Dates[row].ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        ColumnType.Timestamp => DateTimeOffset.UnixEpoch.AddTicks(column.TimestampsUtcUs[row] * 10).UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFF'Z'", CultureInfo.InvariantCulture),
        _ => column.Texts[row],
    };

    private static ProblemException Bad(string message, string where, string remedy) => new(WorkflowCodes.BadValue, message, where, remedy, ExitCode.BadUsage);
}
