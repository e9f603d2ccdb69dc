using System.Collections.Concurrent;
using System.Reflection;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml;
using System.Xml.Linq;

namespace Sigmatiq.Workflows.Steps;

/// <summary>What stands beside the fields of a record in its source: the compiler writes it to a file beside the assembly, so that schema,
/// tables and code say the same words. Without that file there are none.</summary>
internal static partial class RecordDocs
{
    private static readonly ConcurrentDictionary<Assembly, IReadOnlyDictionary<string, XElement>> Files = new();

    /// <summary>What a field is, as a sentence; null where nobody wrote it.</summary>
    /// <param name="record">The record.</param>
    /// <param name="field">The field as JSON spells it.</param>
    public static string? Of(Type record, string field)
    {
        IReadOnlyDictionary<string, XElement> members = Files.GetOrAdd(record.Assembly, Read);
        string name = record.FullName?.Replace('+', '.') ?? "";
        XElement? text = members.GetValueOrDefault($"T:{name}")?.Elements("param").FirstOrDefault(p => StepJson.NameOf((string?)p.Attribute("name") ?? "") == field);
        if (text is null && record.GetProperties().FirstOrDefault(p => StepJson.NameOf(p.Name) == field) is { } property)
        {
            text = members.GetValueOrDefault($"P:{name}.{property.Name}")?.Element("summary");
        }

        return text is null ? null : Flat(text);
    }

    private static string Flat(XElement element)
    {
        StringBuilder text = new();
        foreach (XNode node in element.Nodes())
        {
            text.Append(node switch
            {
                XText plain => plain.Value,
                XElement { Name.LocalName: "paramref" } reference => StepJson.NameOf((string?)reference.Attribute("name") ?? ""),
                XElement { Name.LocalName: "see" } see => ((string?)see.Attribute("langword") ?? (string?)see.Attribute("cref") ?? "").Split('.', ':', '(')[^1],
                XElement inner => Flat(inner),
                _ => "",
            });
        }

        return Blank().Replace(text.ToString(), " ").Trim();
    }

    private static IReadOnlyDictionary<string, XElement> Read(Assembly assembly)
    {
        string path = Path.ChangeExtension(assembly.Location, ".xml");
        try
        {
            return !File.Exists(path) ? new Dictionary<string, XElement>() : XDocument.Load(path).Descendants("member")
                .GroupBy(m => (string?)m.Attribute("name") ?? "").ToDictionary(g => g.Key, g => g.First(), StringComparer.Ordinal);
        }
        catch (Exception e) when (e is XmlException or IOException or UnauthorizedAccessException)
        {
            // Words beside a plug-in's fields are a help, not a condition.
            return new Dictionary<string, XElement>();
        }
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blank();
}
