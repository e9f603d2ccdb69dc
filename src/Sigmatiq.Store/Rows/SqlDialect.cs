namespace Sigmatiq.Store.Rows;

/// <summary>The few words in which the engines differ; statements write them in braces.</summary>
/// <param name="Name">Also the middle part of migration files: <c>0001_store.sqlite.sql</c>.</param>
/// <param name="Lock">Replaces <c>{lock}</c> at the end of a select that claims work: skips rows another claimant holds.</param>
public sealed record SqlDialect(string Name, string Lock)
{
    /// <summary>One writer at a time, so a claim needs no lock of its own.</summary>
    public static SqlDialect Sqlite { get; } = new("sqlite", "");

    /// <summary>Many writers.</summary>
    public static SqlDialect Postgres { get; } = new("postgres", "for update skip locked");

    /// <summary>Replaces the words in braces.</summary>
    public string Expand(string sql) => sql.Contains('{') ? sql.Replace("{lock}", Lock, StringComparison.Ordinal) : sql;
}
