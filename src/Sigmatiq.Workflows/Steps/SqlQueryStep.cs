using System.Collections.Concurrent;
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
    private const int StatementsKept = 1_000;
    private const string Params = "params";
    private const string NameRemedy = "Use lower-case letters, digits and underscores, a letter first.";

    // Files are loaded again and again, and DuckDB takes its time to read a statement.
    private static readonly ConcurrentDictionary<string, IReadOnlyList<InputFault>> Read = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public override string Name => "sql.query";

    /// <inheritdoc/>
    public override string Summary => "Ask one SELECT over named snapshots and Parquet files, with nothing else within reach";

    /// <inheritdoc/>
    public override bool IsReusable => true;

    /// <inheritdoc/>
    public override IEnumerable<InputFault> Faults(StepLiterals input)
    {
        IReadOnlyDictionary<string, JsonNode?> tables = input.Map("tables"), values = input.Map("values");
        IEnumerable<InputFault> statement = input.Text("sql") is not { } sql || input.IsOpen("tables") || input.IsOpen("values") ? []
            : Read.GetOrAdd($"{string.Join(' ', tables.Keys.Order(StringComparer.Ordinal))}\n{(values.Count > 0 ? Params : "")}\n{sql}",
                _ => [.. InputFault.Caught("sql", () => SqlJail.Check(sql, [.. tables.Keys, .. values.Count > 0 ? [Params] : Array.Empty<string>()], clock))]);
        if (Read.Count > StatementsKept)
        {
            Read.Clear();
        }

        return LimitFaults(input).Concat(statement);
    }

    // What a run asks before it opens the jail, which reads the statement itself.
    private static IEnumerable<InputFault> LimitFaults(StepLiterals input)
    {
        if (input.Text("time") is { } time && (!Duration.TryParse(time, out TimeSpan span) || span <= TimeSpan.Zero))
        {
            yield return Bad("time", $"time is '{time}'.", "Write a duration such as 30s.");
        }

        if (input.Whole("memory_mb") is (< 32 or > 4_096) and var memory)
        {
            yield return Bad("memory_mb", string.Create(CultureInfo.InvariantCulture, $"memory_mb is {memory}."), "Write 32 to 4096 megabytes.");
        }

        if (input.Whole("rows_max") is < 1 and var rows)
        {
            yield return Bad("rows_max", string.Create(CultureInfo.InvariantCulture, $"rows_max is {rows}."), "Write a positive number of rows.");
        }

        foreach (string name in input.Map("tables").Keys.Where(n => !Names.IsName(n)))
        {
            yield return Bad("tables", $"'{name}' cannot be the name of a table.", NameRemedy);
        }

        foreach (var (name, value) in input.Map("values"))
        {
            foreach (InputFault fault in value is null && Names.IsName(name) ? [] : InputFault.Caught("values", () => Column(new(name, value ?? 0))))
            {
                yield return fault;
            }
        }
    }

    /// <inheritdoc/>
    /// <exception cref="ProblemException">STO-2007, STO-2008, STO-2009: the jail refuses the statement. STO-3001, STO-3002, STO-3003: a snapshot is not whole.
    /// WFL-1011: a table or value that cannot be one.</exception>
    public override Task<StepOutcome> RunAsync(StepContext context, SqlQueryInput input, CancellationToken ct)
    {
        if (LimitFaults(StepLiterals.Of(input)).FirstOrDefault() is { } fault)
        {
            throw fault.Refused();
        }

        List<ColumnSource> sources = [.. input.Tables.OrderBy(t => t.Key, StringComparer.Ordinal).Select(t => SourceOf(t.Key, t.Value))];
        Dictionary<string, ColumnSet> values = input.Values is { Count: > 0 } given ? new() { [Params] = new(given.Select(Column)) } : [];
        ColumnSet result;
        using (SqlJail jail = SqlJail.Open(new((long)input.MemoryMb << 20, input.RowsMax, Duration.Parse(input.Time)), sources, values, clock, ct))
        {
            result = jail.Read(input.Sql, ct);
        }

        context.Log(string.Create(CultureInfo.InvariantCulture, $"{result.Rows} rows of {string.Join(", ", result.Names)}"));
        JsonObject[] shown = result.Rows <= OutputRowsMax ? [.. Enumerable.Range(0, result.Rows).Select(r => Row(result, r))] : [.. Enumerable.Range(0, 1).Select(r => Row(result, r))];
        bool isFile = input.To == "file" || (input.To == "auto" && result.Rows > AutoRowsMax);
        if (!isFile && result.Rows > OutputRowsMax)
        {
            throw Bad("to", $"{result.Rows} rows are too many for an output.", $"Write to: file, or keep to {OutputRowsMax} rows.").Refused();
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
            : throw Bad($"tables.{name}", $"'{table}' is neither a snapshot nor a Parquet file below the data directory.", "Refer to an output that names a snapshot or a file.").Refused();
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
            throw Bad("values", $"'{value.Key}' cannot be the name of a value.", NameRemedy).Refused();
        }

        return value.Value?.GetValueKind() switch
        {
            JsonValueKind.String => Store.Columns.Column.Of(value.Key, new string?[] { value.Value.GetValue<string>() }),
            JsonValueKind.True or JsonValueKind.False => Store.Columns.Column.Of(value.Key, new[] { value.Value.GetValue<bool>() }),
            JsonValueKind.Number when long.TryParse(value.Value.ToJsonString(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long whole) =>
                Store.Columns.Column.Of(value.Key, new[] { whole }),
            JsonValueKind.Number => Store.Columns.Column.Of(value.Key, new[] { double.Parse(value.Value.ToJsonString(), CultureInfo.InvariantCulture) }),
            _ => throw Bad("values", $"{value.Key} is neither a text, a number nor a truth.", "Give each value by itself.").Refused(),
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

    private static InputFault Bad(string field, string message, string remedy) => new(field, WorkflowCodes.BadValue, message, remedy);
}
