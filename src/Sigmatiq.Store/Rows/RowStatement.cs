using Sigmatiq.Store.Errors;

namespace Sigmatiq.Store.Rows;

/// <summary>A statement that travels with others, see <see cref="IRowTransaction.ExecuteAllAsync"/>.</summary>
/// <param name="Sql">As for <see cref="IRows"/>; it gives no rows back.</param>
/// <param name="Args">Its arguments, no lists among them.</param>
public sealed record RowStatement(string Sql, object? Args)
{
    /// <summary>What is thrown where it touches no row; null where it may touch as many as it finds.</summary>
    public Func<ProblemException>? Otherwise { get; init; }
}
