using System.Text.Json;
using System.Text.Json.Nodes;
using Sigmatiq.Store.Columns.Native;
using Sigmatiq.Store.Errors;

namespace Sigmatiq.Store.Columns;

/// <summary>What a statement in the jail may use.</summary>
/// <param name="MemoryBytesMax">Tables and work together; nothing is spilled to disk.</param>
/// <param name="RowsMax">Most rows of the result.</param>
/// <param name="Time">Longest time of the statement, loading left out.</param>
public sealed record SqlJailLimits(long MemoryBytesMax = 1L << 30, long RowsMax = 1_000_000, TimeSpan? Time = null)
{
    /// <summary>Longest statement, in characters.</summary>
    public const int LengthMax = 100_000;
}

/// <summary>Runs one foreign SELECT over tables that were loaded before, in a private DuckDB that has lost every way out: no file, network,
/// extension, attachment or setting can be reached, and nothing that two runs would answer differently.</summary>
/// <remarks>Two walls, neither of which relies on the other. DuckDB's own: external access off, no extension may load, settings locked, one
/// thread, bounded memory, interrupted when its time is over. And ours: DuckDB's own parser gives the statement as a tree, in which every
/// table must be one of ours and every function one that only computes.</remarks>
public sealed class SqlJail : IDisposable
{
    private const long CheckBytesMax = 256L << 20;

    private readonly DuckDbSession session;
    private readonly SqlJailLimits limits;
    private readonly TimeProvider clock;
    private readonly HashSet<string> tables;

    private SqlJail(DuckDbSession session, SqlJailLimits limits, TimeProvider clock, IEnumerable<string> tables)
    {
        (this.session, this.limits, this.clock) = (session, limits, clock);
        this.tables = new(tables, StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>Loads tables and closes every door behind them.</summary>
    /// <param name="limits">What a statement may use.</param>
    /// <param name="files">Files that become tables.</param>
    /// <param name="values">Columns that become tables, by name.</param>
    /// <param name="clock">Measures the statement's time.</param>
    /// <param name="ct">Stops the loading.</param>
    /// <exception cref="ProblemException">STO-2002: a file cannot be read, or the tables are larger than the memory allowed. STO-2007: two tables
    /// have one name.</exception>
    public static SqlJail Open(
        SqlJailLimits limits, IReadOnlyList<ColumnSource> files, IReadOnlyDictionary<string, ColumnSet> values, TimeProvider clock, CancellationToken ct)
    {
        string[] names = [.. files.Select(f => f.Name), .. values.Keys];
        RefuseTwice(names);
        DuckDbSession session = DuckDbSession.OpenToLoad(new(Threads: 1, limits.MemoryBytesMax));
        try
        {
            foreach (ColumnSource file in files)
            {
                session.Execute(file.TableSql, ct);
            }

            foreach (var (name, columns) in values)
            {
                session.Execute($"create table {SqlText.Name(name)} ({string.Join(", ", columns.Select(c => $"{SqlText.Name(c.Name)} {ChunkWriter.SqlType(c.Type)}"))})", ct);
                ChunkWriter.Append(session, name, columns, ct);
            }

            session.Close();
            return new(session, limits, clock, names);
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    /// <summary>Reads a statement as <see cref="Read"/> does, with nothing to run it on.</summary>
    /// <param name="sql">The statement.</param>
    /// <param name="tables">Names of the tables that it will find.</param>
    /// <param name="clock">The clock.</param>
    /// <exception cref="ProblemException">STO-2007: the statement is no SELECT, or reaches for what is not there. STO-2002: it cannot be read.</exception>
    public static void Check(string sql, IReadOnlyList<string> tables, TimeProvider clock)
    {
        RefuseTwice(tables);
        DuckDbSession session = DuckDbSession.OpenToLoad(new(Threads: 1, CheckBytesMax));
        using SqlJail jail = new(session, new(), clock, tables);
        session.Close();
        jail.Inspect(sql, CancellationToken.None);
    }

    private static void RefuseTwice(IEnumerable<string> names)
    {
        if (names.GroupBy(n => n, StringComparer.OrdinalIgnoreCase).FirstOrDefault(g => g.Count() > 1)?.Key is { } twice)
        {
            throw Refused($"Two tables are called '{twice}'", "Give each a name of its own.");
        }
    }

    /// <summary>Runs one SELECT.</summary>
    /// <exception cref="ProblemException">STO-2007: the statement is none, or reaches for what is not there. STO-2008: it took too long. STO-2009: it
    /// gives too many rows. STO-2002: DuckDB refuses it, for its syntax, its types or its memory.</exception>
    public ColumnSet Read(string sql, CancellationToken ct)
    {
        string inspected = Inspect(sql, ct);
        using CancellationTokenSource timer = limits.Time is { } time ? new(time, clock) : new();
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, timer.Token);
        try
        {
            using ColumnQuery query = ColumnQuery.Within(session);
            return query.Read(inspected, 0, limits.RowsMax, either.Token);
        }
        catch (ArgumentException twice)
        {
            throw Refused(twice.Message.TrimEnd('.'), "Give each column a name of its own with as.");
        }
        catch (OperationCanceledException) when (timer.IsCancellationRequested && !ct.IsCancellationRequested)
        {
            throw new ProblemException("STO-2008", $"The statement took longer than {limits.Time}.", "sql", "Give it less to do, or more time.", ExitCode.BadUsage);
        }
    }

    /// <summary>Runs a statement behind DuckDB's wall alone: shows that it holds by itself.</summary>
    internal ColumnSet ReadUnchecked(string sql, CancellationToken ct)
    {
        using ColumnQuery query = ColumnQuery.Within(session);
        return query.Read(sql, ct);
    }

    /// <inheritdoc/>
    public void Dispose() => session.Dispose();

    // What is run is written from the tree that was walked, so that nothing can be read in two ways.
    private string Inspect(string sql, CancellationToken ct)
    {
        if (sql.Length > SqlJailLimits.LengthMax || sql.Contains('\0'))
        {
            throw Refused($"The statement has {sql.Length} characters, or a zero among them", $"Keep to {SqlJailLimits.LengthMax} characters of text.");
        }

        if (session.CountStatements(sql) is > 1 and var count)
        {
            throw Refused($"There are {count} statements", "Write a single SELECT.");
        }

        using ColumnQuery query = ColumnQuery.Within(session);
        string serialised = query.Read($"select json_serialize_sql({SqlText.Literal(sql)}) as tree", ct)["tree"].Texts[0] ?? "{}";
        JsonNode? tree;
        try
        {
            tree = JsonNode.Parse(serialised, documentOptions: new() { MaxDepth = 1_000 });
        }
        catch (JsonException)
        {
            throw Refused("The statement is nested too deeply", "Cut it into parts with with.");
        }

        if (tree?["error"] is not JsonValue failed || failed.GetValueKind() != JsonValueKind.False)
        {
            throw Refused($"Only one SELECT can be run ({tree?["error_message"]?.ToString() ?? "it cannot be read"})", "Write a single SELECT.");
        }

        new SqlTree(tables, Functions(ct)).Walk(tree["statements"]);
        return query.Read($"select json_deserialize_sql({SqlText.Literal(serialised)}) as sql", ct)["sql"].Texts[0]!;
    }

    // What DuckDB itself calls consistent computes from its arguments alone; clocks, chance, sequences and side effects are none of it.
    private IReadOnlySet<string> Functions(CancellationToken ct)
    {
        using ColumnQuery query = ColumnQuery.Within(session);
        ColumnSet found = query.Read(
            """
            select function_name as name from duckdb_functions() where function_type in ('scalar', 'aggregate', 'macro') and database_name = 'system'
             group by function_name
            having bool_and(function_type = 'macro' or (stability = 'CONSISTENT' and not coalesce(has_side_effects, false)))
            """, ct);
        return found["name"].Texts.OfType<string>().ToHashSet(StringComparer.OrdinalIgnoreCase);
    }

    internal static ProblemException Refused(string message, string remedy) => new("STO-2007", $"{message}.", "sql", remedy, ExitCode.BadUsage);
}
