using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Sigmatiq.Store.Content;
using Sigmatiq.Store.Rows;

namespace Sigmatiq.Store.Migrations;

/// <summary>One numbered step of the schema, from a file <c>NNNN_name.{dialect}.sql</c> that is built into the program.</summary>
/// <param name="Number">Position; gaps are allowed.</param>
/// <param name="Name">The file's name without number, dialect and ending.</param>
/// <param name="Sql">The statements, with line ends of one kind.</param>
public sealed partial record Migration(int Number, string Name, string Sql)
{
    /// <summary>Hash of the statements: a migration that has run somewhere may not change any more.</summary>
    public ContentHash Hash => ContentHash.Of(Sql);

    /// <summary>All migrations built into the program for an engine, in order.</summary>
    public static IReadOnlyList<Migration> Embedded(SqlDialect dialect)
    {
        var assembly = typeof(Migration).Assembly;
        List<Migration> found = [];
        foreach (string resource in assembly.GetManifestResourceNames())
        {
            Match match = FileName().Match(resource);
            if (match.Success && match.Groups["dialect"].Value == dialect.Name)
            {
                using StreamReader reader = new(assembly.GetManifestResourceStream(resource)!, Encoding.UTF8);
                found.Add(new(int.Parse(match.Groups["number"].Value, CultureInfo.InvariantCulture), match.Groups["name"].Value,
                    reader.ReadToEnd().ReplaceLineEndings("\n")));
            }
        }

        found.Sort((a, b) => a.Number.CompareTo(b.Number));
        return found;
    }

    [GeneratedRegex(@"(^|\.)(?<number>\d{4})_(?<name>[a-z0-9_]+)\.(?<dialect>[a-z]+)\.sql$")]
    private static partial Regex FileName();
}
