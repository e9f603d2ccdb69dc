using System.Globalization;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http.Metadata;
using Sigmatiq.App.Api.Shapes;
using Sigmatiq.Store;
using Sigmatiq.Store.Columns;
using Sigmatiq.Store.Errors;

namespace Sigmatiq.App.Api;

/// <summary>Many rows as columns: JSON with one array a column (<see cref="ColumnTable"/>), or Parquet where the caller accepts that. Never an object
/// per row: a hundred thousand combos of forty figures would be a hundred megabytes of keys.</summary>
/// <param name="data">Where Parquet is written for the length of the answer.</param>
/// <param name="columns">The columns.</param>
/// <param name="about">What they are of.</param>
public sealed class ColumnsAnswer(DataDirectory data, ColumnSet columns, JsonObject about) : IResult, IEndpointMetadataProvider
{
    /// <summary>Content type of Parquet.</summary>
    public const string Parquet = "application/vnd.apache.parquet";

    // So many values are written before the network is given its turn.
    private const int ValuesAtOnce = 8_192;

    private static long counter;

    /// <inheritdoc/>
    public Task ExecuteAsync(HttpContext httpContext)
    {
        ColumnSet asked = Asked(httpContext.Request);
        return httpContext.Request.Headers.Accept.ToString().Contains(Parquet, StringComparison.OrdinalIgnoreCase)
            ? WriteParquetAsync(httpContext, asked) : WriteJsonAsync(httpContext.Response, asked, httpContext.RequestAborted);
    }

    static void IEndpointMetadataProvider.PopulateMetadata(MethodInfo method, EndpointBuilder builder)
    {
        builder.Metadata.Add(new ProducesResponseTypeMetadata(StatusCodes.Status200OK, typeof(ColumnTable), ["application/json", Parquet]));
        builder.Metadata.Add(new OperationParameter("columns", "Only these columns, separated by commas, in this order; without it all."));
    }

    private ColumnSet Asked(HttpRequest request)
    {
        string? names = request.Query["columns"];
        return string.IsNullOrEmpty(names) ? columns : new(names.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Distinct(StringComparer.Ordinal).DefaultIfEmpty("").Select(n => columns.Find(n)
                ?? throw new ProblemException("APP-2024", $"There is no column '{n}'.", "columns", $"There are: {string.Join(", ", columns.Names)}.", ExitCode.BadUsage)));
    }

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
