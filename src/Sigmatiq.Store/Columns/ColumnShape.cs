namespace Sigmatiq.Store.Columns;

/// <summary>Name and type of a column, without its values.</summary>
public readonly record struct ColumnShape(string Name, ColumnType Type);
