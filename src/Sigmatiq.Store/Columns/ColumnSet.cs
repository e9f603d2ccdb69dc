using System.Collections;
using Sigmatiq.Store.Errors;

namespace Sigmatiq.Store.Columns;

/// <summary>Columns of equal length with different names, in a fixed order.</summary>
public sealed class ColumnSet : IReadOnlyList<Column>
{
    private readonly Column[] columns;
    private readonly Dictionary<string, Column> byName = new(StringComparer.Ordinal);

    /// <summary>Takes the columns in this order.</summary>
    /// <exception cref="ArgumentException">None, unequal lengths, or a name twice.</exception>
    public ColumnSet(params IEnumerable<Column> columns)
    {
        this.columns = [.. columns];
        if (this.columns.Length == 0)
        {
            throw new ArgumentException("A set has at least one column.", nameof(columns));
        }

        foreach (Column column in this.columns)
        {
            if (column.Count != Rows)
            {
                throw new ArgumentException($"Column '{column.Name}' has {column.Count} rows, '{this.columns[0].Name}' has {Rows}.", nameof(columns));
            }

            if (!byName.TryAdd(column.Name, column))
            {
                throw new ArgumentException($"Two columns are named '{column.Name}'.", nameof(columns));
            }
        }
    }

    /// <summary>Number of rows.</summary>
    public int Rows => columns[0].Count;

    /// <summary>Bytes that all values take in memory.</summary>
    public long Bytes => columns.Sum(c => c.Bytes);

    /// <summary>Number of columns.</summary>
    public int Count => columns.Length;

    /// <summary>The names in order.</summary>
    public IEnumerable<string> Names => columns.Select(c => c.Name);

    /// <inheritdoc/>
    public Column this[int index] => columns[index];

    /// <summary>The column of a name.</summary>
    /// <exception cref="ProblemException">STO-2003: there is none.</exception>
    public Column this[string name] => Find(name)
        ?? throw new ProblemException("STO-2003", $"There is no column '{name}'.", name, $"There are: {string.Join(", ", Names)}.");

    /// <summary>The column of a name, or null.</summary>
    public Column? Find(string name) => byName.GetValueOrDefault(name);

    /// <inheritdoc/>
    public IEnumerator<Column> GetEnumerator() => ((IEnumerable<Column>)columns).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
