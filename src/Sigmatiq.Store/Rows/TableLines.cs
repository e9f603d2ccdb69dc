using System.Data.Common;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Sigmatiq.Store.Rows;

/// <summary>Rows as lines of JSON, keys in order of their names: the same row gives the same line on every engine.</summary>
internal static class TableLines
{
    private const int LineBytesMax = 1 << 30;
    private static readonly JsonWriterOptions Compact = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>A statement that reads a table's columns in their order.</summary>
    public static string SelectOf(StoredTable table) => $"select {string.Join(", ", table.Columns.Select(c => Quoted(c.Name)))} from {Quoted(table.Name)}";

    /// <summary>A name that may be a word of SQL.</summary>
    public static string Quoted(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    /// <summary>Writes all rows that a reader gives.</summary>
    public static async Task<TableSum> WriteAsync(StoredTable table, DbDataReader rows, Stream to, CancellationToken ct)
    {
        var sum = new Sum();
        using var line = new MemoryStream();
        while (await rows.ReadAsync(ct))
        {
            line.SetLength(0);
            using (var json = new Utf8JsonWriter(line, Compact))
            {
                json.WriteStartObject();
                for (int i = 0; i < table.Columns.Count; i++)
                {
                    json.WritePropertyName(table.Columns[i].Name);
                    Write(json, table.Columns[i].Kind, rows, i);
                }

                json.WriteEndObject();
            }

            ReadOnlyMemory<byte> bytes = line.GetBuffer().AsMemory(0, (int)line.Length);
            sum.Add(bytes.Span);
            await to.WriteAsync(bytes, ct);
            to.WriteByte((byte)'\n');
        }

        return sum.Take();
    }

    /// <summary>Adds all rows of a stream by one insert statement.</summary>
    /// <exception cref="FormatException">A line is no row of the table.</exception>
    public static async Task<TableSum> ReadAsync(StoredTable table, Stream from, DbConnection connection, DbTransaction transaction, CancellationToken ct)
    {
        await using DbCommand insert = connection.CreateCommand();
        insert.Transaction = transaction;
        insert.CommandText = $"insert into {Quoted(table.Name)} ({string.Join(", ", table.Columns.Select(c => Quoted(c.Name)))}) values "
            + $"({string.Join(", ", table.Columns.Select((_, i) => string.Create(CultureInfo.InvariantCulture, $"@p{i}")))})";
        DbParameter[] values = [.. table.Columns.Select((_, i) =>
        {
            DbParameter parameter = insert.CreateParameter();
            parameter.ParameterName = string.Create(CultureInfo.InvariantCulture, $"@p{i}");
            insert.Parameters.Add(parameter);
            return parameter;
        })];
        var sum = new Sum();
        using var lines = new StreamReader(from, new UTF8Encoding(false, throwOnInvalidBytes: true), detectEncodingFromByteOrderMarks: false, bufferSize: 1 << 16, leaveOpen: true);
        for (long number = 1; await lines.ReadLineAsync(ct) is { } line; number++)
        {
            try
            {
                Bind(table, line, values);
            }
            catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException or KeyNotFoundException)
            {
                throw new FormatException($"Line {number} of {table.Name} is no row of it: {e.Message}", e);
            }

            sum.Add(Encoding.UTF8.GetBytes(line));
            await insert.ExecuteNonQueryAsync(ct);
        }

        return sum.Take();
    }

    private static void Bind(StoredTable table, string line, DbParameter[] values)
    {
        if (line.Length > LineBytesMax)
        {
            throw new FormatException("it is too long");
        }

        using JsonDocument row = JsonDocument.Parse(line);
        int found = 0;
        foreach (JsonProperty property in row.RootElement.EnumerateObject())
        {
            int i = found++;
            if (i >= values.Length || property.Name != table.Columns[i].Name)
            {
                throw new FormatException($"'{property.Name}' is not the column that comes next");
            }

            values[i].Value = property.Value.ValueKind == JsonValueKind.Null ? DBNull.Value : table.Columns[i].Kind switch
            {
                StoredKind.Whole => property.Value.GetInt64(),
                StoredKind.Real => property.Value.ValueKind == JsonValueKind.String
                    ? double.Parse(property.Value.GetString()!, CultureInfo.InvariantCulture) : property.Value.GetDouble(),
                StoredKind.Bytes => property.Value.GetBytesFromBase64(),
                _ => property.Value.GetString()!,
            };
        }

        if (found != values.Length)
        {
            throw new FormatException($"it has {found} of {values.Length} columns");
        }
    }

    private static void Write(Utf8JsonWriter json, StoredKind kind, DbDataReader rows, int column)
    {
        if (rows.IsDBNull(column))
        {
            json.WriteNullValue();
            return;
        }

        switch (kind)
        {
            case StoredKind.Whole:
                json.WriteNumberValue(Convert.ToInt64(rows.GetValue(column), CultureInfo.InvariantCulture));
                break;
            case StoredKind.Real:
                double value = rows.GetDouble(column);
                // JSON has no infinite numbers.
                if (double.IsFinite(value))
                {
                    json.WriteRawValue(value.ToString("R", CultureInfo.InvariantCulture));
                }
                else
                {
                    json.WriteStringValue(value.ToString("R", CultureInfo.InvariantCulture));
                }

                break;
            case StoredKind.Bytes:
                json.WriteBase64StringValue((byte[])rows.GetValue(column));
                break;
            default:
                json.WriteStringValue(rows.GetString(column));
                break;
        }
    }

    /// <summary>Adds up hashes of lines, so that their order does not matter.</summary>
    private sealed class Sum
    {
        private readonly byte[] total = new byte[32];
        private long rows;

        public void Add(ReadOnlySpan<byte> line)
        {
            Span<byte> hash = stackalloc byte[32];
            SHA256.HashData(line, hash);
            int carry = 0;
            for (int i = 31; i >= 0; i--)
            {
                carry += total[i] + hash[i];
                total[i] = (byte)carry;
                carry >>= 8;
            }

            rows++;
        }

        public TableSum Take() => new(rows, Convert.ToHexStringLower(total));
    }
}
