using Npgsql;

namespace Sigmatiq.Store.Rows;

/// <summary>The tables of a PostgreSQL schema, read or filled within one transaction.</summary>
internal sealed class PostgresTables(NpgsqlConnection connection, NpgsqlTransaction transaction) : ITableSource, ITableTarget
{
    // The scheduler keeps tables of its own beside ours, which it can make anew.
    private const string Ours = "select cast(tablename as text) from pg_tables where schemaname = current_schema() and tablename not like 'qrtz\\_%' order by tablename";

    private const string ColumnsOf = """
        select cast(column_name as text) as name, cast(data_type as text) as type from information_schema.columns
         where table_schema = current_schema() and table_name = @name and is_generated = 'NEVER'
        """;

    private const string Numbering = """
        select cast(table_name as text) as name, cast(column_name as text) as type from information_schema.columns
         where table_schema = current_schema() and is_identity = 'YES' and table_name not like 'qrtz\_%'
        """;

    private const string References = """
        select cast(c.relname as text) as child, cast(k.conname as text) as name, pg_get_constraintdef(k.oid) as definition
          from pg_constraint k join pg_class c on c.oid = k.conrelid join pg_namespace n on n.oid = c.relnamespace
         where n.nspname = current_schema() and k.contype = 'f' order by 1, 2
        """;

    public async Task<IReadOnlyList<StoredTable>> TablesAsync(CancellationToken ct)
    {
        List<StoredTable> tables = [];
        foreach (string name in await QueryAsync<string>(Ours, null, ct))
        {
            tables.Add(new(name, [.. (await QueryAsync<NamedRow>(ColumnsOf, new { name }, ct)).Select(c => new StoredColumn(c.Name, KindOf(c.Type))).OrderBy(c => c.Name, StringComparer.Ordinal)]));
        }

        return [.. tables.OrderBy(t => t.Name, StringComparer.Ordinal)];
    }

    public async Task<TableSum> CopyAsync(StoredTable table, Stream to, CancellationToken ct)
    {
        await using NpgsqlCommand command = new(TableLines.SelectOf(table), connection, transaction);
        await using NpgsqlDataReader rows = await command.ExecuteReaderAsync(ct);
        return await TableLines.WriteAsync(table, rows, to, ct);
    }

    public Task<TableSum> FillAsync(StoredTable table, Stream from, CancellationToken ct) => TableLines.ReadAsync(table, from, connection, transaction, ct);

    public async Task<IReadOnlyDictionary<string, long>> CountersAsync(CancellationToken ct)
    {
        Dictionary<string, long> counters = new(StringComparer.Ordinal);
        foreach (NamedRow column in await QueryAsync<NamedRow>(Numbering, null, ct))
        {
            string sequence = (await QueryAsync<string>("select pg_get_serial_sequence(@Name, @Type)", column, ct))[0];
            if ((await QueryAsync<long>($"select case when is_called then last_value else 0 end from {sequence}", null, ct))[0] is > 0 and long last)
            {
                counters[column.Name] = last;
            }
        }

        return counters;
    }

    public async Task CountFromAsync(string table, long last, CancellationToken ct)
    {
        foreach (NamedRow column in (await QueryAsync<NamedRow>(Numbering, null, ct)).Where(c => c.Name == table))
        {
            await QueryAsync<long>("select setval(pg_get_serial_sequence(@Name, @Type), @last)", new { column.Name, column.Type, last }, ct);
        }
    }

    public Task<IReadOnlyList<T>> QueryAsync<T>(string sql, object? args, CancellationToken ct) =>
        Statements.QueryAsync<T>(connection, transaction, SqlDialect.Postgres.Expand(sql), args, ct);

    /// <summary>Empties every table and takes triggers and references down, which only their owner may do.</summary>
    /// <returns>The references, to be put up again.</returns>
    public async Task<IReadOnlyList<string>> EmptyAsync(CancellationToken ct)
    {
        IReadOnlyList<ReferenceRow> references = await QueryAsync<ReferenceRow>(References, null, ct);
        foreach (ReferenceRow reference in references)
        {
            await ExecuteAsync($"alter table {TableLines.Quoted(reference.Child)} drop constraint {TableLines.Quoted(reference.Name)}", ct);
        }

        foreach (StoredTable table in await TablesAsync(ct))
        {
            await ExecuteAsync($"alter table {TableLines.Quoted(table.Name)} disable trigger user", ct);
            await ExecuteAsync($"delete from {TableLines.Quoted(table.Name)}", ct);
        }

        return [.. references.Select(r => $"alter table {TableLines.Quoted(r.Child)} add constraint {TableLines.Quoted(r.Name)} {r.Definition}")];
    }

    /// <summary>Puts references, which looks at every row, and triggers up again.</summary>
    public async Task GuardAsync(IReadOnlyList<string> references, CancellationToken ct)
    {
        foreach (string reference in references)
        {
            await ExecuteAsync(reference, ct);
        }

        foreach (StoredTable table in await TablesAsync(ct))
        {
            await ExecuteAsync($"alter table {TableLines.Quoted(table.Name)} enable trigger user", ct);
        }
    }

    private Task<int> ExecuteAsync(string sql, CancellationToken ct) => Statements.ExecuteAsync(connection, transaction, sql, null, ct);

    private static StoredKind KindOf(string type) => type switch
    {
        "bigint" or "integer" or "smallint" => StoredKind.Whole,
        "double precision" or "real" => StoredKind.Real,
        "bytea" => StoredKind.Bytes,
        _ => StoredKind.Text,
    };

    private sealed record NamedRow(string Name, string Type);

    private sealed record ReferenceRow(string Child, string Name, string Definition);
}
