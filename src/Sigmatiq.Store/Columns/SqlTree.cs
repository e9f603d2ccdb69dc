using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Sigmatiq.Store.Columns;

/// <summary>A statement as DuckDB's own parser reads it, walked node by node: what is not known to be harmless is refused.</summary>
/// <param name="tables">The tables that were loaded.</param>
/// <param name="functions">Functions that compute from their arguments alone.</param>
internal sealed partial class SqlTree(IReadOnlySet<string> tables, IReadOnlySet<string> functions)
{
    // Kinds of source that a SELECT can have.
    private static readonly HashSet<string> Sources = ["BASE_TABLE", "TABLE_FUNCTION", "SUBQUERY", "JOIN", "EXPRESSION_LIST", "EMPTY", "PIVOT", "CTE"];

    private static readonly HashSet<string> TableFunctions = new(StringComparer.OrdinalIgnoreCase) { "range", "generate_series", "unnest" };

    private static readonly HashSet<string> WindowFunctions = new(StringComparer.OrdinalIgnoreCase)
    {
        "row_number", "rank", "rank_dense", "dense_rank", "percent_rank", "cume_dist", "ntile", "lag", "lead", "first_value", "last_value", "nth_value", "fill", "unnest",
    };

    // They ask about the machine, the session or the catalogue.
    [GeneratedRegex("^(getenv|current_setting|getvariable|set_config|version|txid_current|nextval|currval|error|write_log|parse_duckdb_log_message|in_search_path|query.*|json_.*serial.*|duckdb_.*|pragma_.*|pg_.*|has_.*_privilege|current_.*|session_user|user|col_description|obj_description|shobj_description|format_pg_type|map_to_pg_oid|get_block_size|read_.*|glob|sniff_.*|parquet_.*)$", RegexOptions.IgnoreCase)]
    private static partial Regex Asking();

    // Words of SQL that are no column where there is none of that name.
    [GeneratedRegex("^(current_.*|localtime|localtimestamp|session_user|user)$", RegexOptions.IgnoreCase)]
    private static partial Regex Clock();

    [GeneratedRegex("^(?!duckdb_|pragma_|sqlite_|pg_)[a-z_][a-z0-9_]*$", RegexOptions.IgnoreCase)]
    private static partial Regex OwnName();

    private readonly HashSet<string> named = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Walks statements.</summary>
    /// <exception cref="Errors.ProblemException">STO-2007: one of them reaches for what is not there.</exception>
    public void Walk(JsonNode? statements)
    {
        Collect(statements);
        Check(statements);
    }

    // Names that the statement gives itself; a name of the catalogue is none, since outside its own clause it would mean the catalogue.
    private void Collect(JsonNode? node)
    {
        if (node is JsonObject map)
        {
            foreach (JsonNode? entry in (map["cte_map"] as JsonObject)?["map"] as JsonArray ?? [])
            {
                Name(entry?["key"]?.ToString() ?? "");
            }

            if (map["cte_name"] is JsonValue cte)
            {
                Name(cte.ToString());
            }

            foreach (var (_, value) in map)
            {
                Collect(value);
            }
        }

        foreach (JsonNode? item in node as JsonArray ?? [])
        {
            Collect(item);
        }
    }

    private void Name(string name)
    {
        named.Add(OwnName().IsMatch(name) ? name : throw SqlJail.Refused($"'{name}' cannot be the name of a part of the statement", "Use letters, digits and underscores, and no name of the catalogue."));
    }

    private void Check(JsonNode? node)
    {
        switch (node)
        {
            case JsonObject map:
                CheckNode(map);
                foreach (var (key, value) in map)
                {
                    if (key is "from_table" && value?["type"]?.ToString() is { } kind && !Sources.Contains(kind))
                    {
                        throw SqlJail.Refused($"{kind} is no table", "Select from the tables of the step.");
                    }

                    Check(value);
                }

                break;
            case JsonArray list:
                foreach (JsonNode? item in list)
                {
                    Check(item);
                }

                break;
        }
    }

    private void CheckNode(JsonObject node)
    {
        string type = node["type"]?.ToString() ?? "";
        if (type == "BASE_TABLE")
        {
            string table = node["table_name"]?.ToString() ?? "";
            bool isQualified = node["schema_name"]?.ToString() is { Length: > 0 } || node["catalog_name"]?.ToString() is { Length: > 0 };
            if (isQualified || !(tables.Contains(table) || named.Contains(table)) || node["at_clause"] is JsonObject)
            {
                throw SqlJail.Refused($"There is no table '{table}' here", $"Use some of: {string.Join(", ", tables.Order(StringComparer.Ordinal))}.");
            }
        }
        else if (type == "TABLE_FUNCTION")
        {
            string function = node["function"]?["function_name"]?.ToString() ?? "";
            if (!TableFunctions.Contains(function) || IsQualified(node["function"]))
            {
                throw SqlJail.Refused($"The table function '{function}' is not within reach", $"Use some of: {string.Join(", ", TableFunctions)}, and the tables of the step.");
            }
        }
        else if (type is "SHOW_REF" or "COLUMN_DATA" or "BOUND_TABLE_REF" or "DELIM_GET")
        {
            throw SqlJail.Refused($"{type} is no table", "Select from the tables of the step.");
        }

        if (node["function_name"] is JsonValue called)
        {
            string function = called.ToString();
            bool isKnown = functions.Contains(function) || WindowFunctions.Contains(function) || TableFunctions.Contains(function);
            if (!isKnown || Asking().IsMatch(function) || IsQualified(node))
            {
                throw SqlJail.Refused($"The function '{function}' does not compute from its arguments alone, or there is none", "Use functions of values; for the run's now write {run.as_of}.");
            }
        }

        if (node["column_names"] is JsonArray { Count: 1 } column && Clock().IsMatch(column[0]?.ToString() ?? ""))
        {
            throw SqlJail.Refused($"'{column[0]}' asks for the time or the session", "For the run's now write {run.as_of}.");
        }

        if (node["sample"] is JsonObject)
        {
            throw SqlJail.Refused("A sample is drawn by chance", "Choose rows by a condition.");
        }
    }

    // DuckDB itself writes [1, 2] as main.list_value(1, 2).
    private static bool IsQualified(JsonNode? function) => function?["schema"]?.ToString() is not (null or "" or "main") || function?["catalog"]?.ToString() is { Length: > 0 };
}
