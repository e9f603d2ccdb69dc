namespace Sigmatiq.Store.Columns;

/// <summary>What a column holds.</summary>
public enum ColumnType
{
    /// <summary>64-bit floating point; NaN in memory is null at rest.</summary>
    Double,

    /// <summary>64-bit whole number.</summary>
    Long,

    /// <summary>32-bit whole number.</summary>
    Int,

    /// <summary>True or false.</summary>
    Bool,

    /// <summary>Microseconds since 1970 UTC.</summary>
    Timestamp,

    /// <summary>A calendar date.</summary>
    Date,

    /// <summary>Unicode text.</summary>
    Text,
}
