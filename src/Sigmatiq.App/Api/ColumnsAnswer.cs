using System.Globalization;
using System.Reflection;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http.Metadata;
using Sigmatiq.App.Api.Shapes;
using Sigmatiq.Store;
using Sigmatiq.Store.Columns;
using Sigmatiq.Store.Errors;

namespace Sigmatiq.App.Api;

/// <summary>Many rows as columns: JSON with one array a column (<see cref="ColumnTable"/>), or Parquet or CSV where the caller accepts that. Never an object
/// per row: a hundred thousand combos of forty figures would be a hundred megabytes of keys.</summary>
/// <param name="data">Where Parquet is written for the length of the answer.</param>
/// <param name="columns">The columns.</param>
/// <param name="about">What they are of.</param>
/// <param name="tag">Names exactly this answer, so that whoever has it is not sent it again; null where it may differ the next moment.</param>
public sealed class ColumnsAnswer(DataDirectory data, ColumnSet columns, JsonObject about, AnswerTag? tag = null) : IResult, IEndpointMetadataProvider
{
    /// <summary>Content type of Parquet.</summary>
    public const string Parquet = "application/vnd.apache.parquet";

    /// <summary>Content type of CSV.</summary>
    public const string Csv = "text/csv";

    // So many values are written before the network is given its turn.
    private const int ValuesAtOnce = 8_192;

    private static long counter;

    /// <inheritdoc/>
    public Task ExecuteAsync(HttpContext httpContext)
    {
        ColumnSet asked = Asked(httpContext.Request);
        tag?.Say(httpContext.Response);
        return Accepts(httpContext.Request, Parquet) ? WriteParquetAsync(httpContext, asked)
            : Accepts(httpContext.Request, Csv) ? WriteCsvAsync(httpContext.Response, asked, httpContext.RequestAborted)
            : WriteJsonAsync(httpContext.Response, asked, httpContext.RequestAborted);
    }

    /// <summary>Whether the answer is a file that somebody keeps.</summary>
    public static bool IsFile(HttpRequest request) => Accepts(request, Parquet) || Accepts(request, Csv);

    private static bool Accepts(HttpRequest request, string type) => request.Headers.Accept.ToString().Contains(type, StringComparison.OrdinalIgnoreCase);

    static void IEndpointMetadataProvider.PopulateMetadata(MethodInfo method, EndpointBuilder builder)
    {
        builder.Metadata.Add(new ProducesResponseTypeMetadata(StatusCodes.Status200OK, typeof(ColumnTable), ["application/json", Parquet, Csv]));
        builder.Metadata.Add(new OperationParameter("columns", "Only these columns, separated by commas, in this order; without it all. With a minus before each name all but these."));
    }

    private ColumnSet Asked(HttpRequest request)
    {
        string? names = request.Query["columns"];
        return string.IsNullOrEmpty(names) ? columns
            : IsWithout(Names(request)!) ? Without(Names(request)!)
            : new(Names(request)!.Distinct(StringComparer.Ordinal).DefaultIfEmpty("").Select(n => columns.Find(n)
                ?? throw new ProblemException("APP-2024", $"There is no column '{n}'.", "columns", $"There are: {string.Join(", ", columns.Names)}.", ExitCode.BadUsage)));
    }

    private ColumnSet Without(IReadOnlyList<string> names) => columns.Where(c => !names.Contains("-" + c.Name)).ToArray() is { Length: > 0 } left ? new(left)
        : throw new ProblemException("APP-2024", "No column is left.", "columns", "Leave fewer out.", ExitCode.BadUsage);

    /// <summary>The columns that a request names; null where it names none.</summary>
    public static IReadOnlyList<string>? Names(HttpRequest request) =>
        request.Query["columns"] is [{ Length: > 0 } names] ? names.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) : null;

    /// <summary>Whether names say what is left out.</summary>
    public static bool IsWithout(IReadOnlyList<string> names) => names.Count > 0 && names.All(n => n.StartsWith('-'));

    private async Task WriteParquetAsync(HttpContext context, ColumnSet asked)
    {
        string path = data.File("exports", string.Create(CultureInfo.InvariantCulture, $"{Environment.MachineName}-{Environment.ProcessId}-{Interlocked.Increment(ref counter)}.parquet"));
        try
        {
            ParquetFile.Write(path, asked, context.RequestAborted);
            context.Response.ContentType = Parquet;
            await context.Response.SendFileAsync(path, context.RequestAborted);
        }
        finally
        {
            File.Delete(path);
        }
    }

    private async Task WriteJsonAsync(HttpResponse response, ColumnSet asked, CancellationToken ct)
    {
        response.ContentType = "application/json; charset=utf-8";
        await using Utf8JsonWriter json = new(response.BodyWriter, new() { Encoder = Wire.Json.Encoder });
        json.WriteStartObject();
        json.WriteNumber("rows", asked.Rows);
        json.WritePropertyName("about");
        about.WriteTo(json);
        json.WriteStartObject("types");
        foreach (Column column in asked)
        {
            json.WriteString(column.Name, TypeOf(column.Type));
        }

        json.WriteEndObject();
        json.WriteStartObject("columns");
        foreach (Column column in asked)
        {
            json.WriteStartArray(column.Name);
            for (int row = 0; row < column.Count; row++)
            {
                Write(json, column, row);
                if (row % ValuesAtOnce == ValuesAtOnce - 1)
                {
                    await json.FlushAsync(ct);
                    await response.BodyWriter.FlushAsync(ct);
                }
            }

            json.WriteEndArray();
        }

        json.WriteEndObject();
        json.WriteEndObject();
        await json.FlushAsync(ct);
        await response.BodyWriter.FlushAsync(ct);
    }

    // A line a row; what is undefined is empty.
    private static async Task WriteCsvAsync(HttpResponse response, ColumnSet asked, CancellationToken ct)
    {
        response.ContentType = $"{Csv}; charset=utf-8";
        StringBuilder lines = new(string.Join(',', asked.Names.Select(Quoted)) + "\n");
        for (int row = 0; row < asked.Rows; row++)
        {
            for (int c = 0; c < asked.Count; c++)
            {
                lines.Append(c == 0 ? "" : ",").Append(TextOf(asked[c], row));
            }

            lines.Append('\n');
            if (lines.Length > ValuesAtOnce)
            {
                await response.WriteAsync(lines.ToString(), ct);
                lines.Clear();
            }
        }

        await response.WriteAsync(lines.ToString(), ct);
    }

    private static string TextOf(Column column, int row) => column.IsNull(row) ? "" : column.Type switch
    {
        ColumnType.Double => double.IsFinite(column.Doubles[row]) ? column.Doubles[row].ToString("R", CultureInfo.InvariantCulture) : "",
        ColumnType.Long => column.Longs[row].ToString(CultureInfo.InvariantCulture),
        ColumnType.Int => column.Ints[row].ToString(CultureInfo.InvariantCulture),
        ColumnType.Bool => column.Bools[row] ? "true" : "false",
        ColumnType.Timestamp => DateTimeOffset.UnixEpoch.AddTicks(10 * column.TimestampsUtcUs[row]).UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.FFFFFFZ", CultureInfo.InvariantCulture),
        ColumnType.Date => column.Dates[row].ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        _ => Quoted(column.Texts[row] ?? ""),
    };

    private static string Quoted(string text) => text.AsSpan().IndexOfAny(",\"\r\n") < 0 ? text : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    private static void Write(Utf8JsonWriter json, Column column, int row)
    {
        if (column.IsNull(row) || (column.Type == ColumnType.Double && !double.IsFinite(column.Doubles[row])))
        {
            json.WriteNullValue();
            return;
        }

        switch (column.Type)
        {
            case ColumnType.Double: json.WriteNumberValue(column.Doubles[row]); break;
            case ColumnType.Long: json.WriteNumberValue(column.Longs[row]); break;
            case ColumnType.Int: json.WriteNumberValue(column.Ints[row]); break;
            case ColumnType.Bool: json.WriteBooleanValue(column.Bools[row]); break;
            case ColumnType.Timestamp: json.WriteStringValue(DateTimeOffset.UnixEpoch.AddTicks(10 * column.TimestampsUtcUs[row]).UtcDateTime); break;
            case ColumnType.Date: json.WriteStringValue(column.Dates[row].ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)); break;
            default: json.WriteStringValue(column.Texts[row]); break;
        }
    }

    private static string TypeOf(ColumnType type) => type switch
    {
        ColumnType.Double => "double",
        ColumnType.Long or ColumnType.Int => "integer",
        ColumnType.Bool => "boolean",
        ColumnType.Timestamp => "instant",
        ColumnType.Date => "date",
        _ => "text",
    };
}
