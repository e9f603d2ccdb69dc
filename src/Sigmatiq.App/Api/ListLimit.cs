using System.Globalization;
using Sigmatiq.Store.Errors;

namespace Sigmatiq.App.Api;

/// <summary><c>?limit=</c>: at most how many entries of a list are answered.</summary>
/// <param name="Given">What was asked for; null where nothing was.</param>
internal readonly record struct ListLimit(int? Given)
{
    /// <summary>The most that one answer holds.</summary>
    public const int Most = 1_000;

    /// <summary>What was asked for, else the usual number.</summary>
    public int Or(int byDefault) => Given ?? byDefault;

    /// <summary>Reads it from a request.</summary>
    /// <exception cref="ProblemException">APP-2022: not a whole number from 1 to <see cref="Most"/>.</exception>
    public static ValueTask<ListLimit> BindAsync(HttpContext context)
    {
        string? text = context.Request.Query["limit"];
        return text is null ? new(new ListLimit(null))
            : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int rows) && rows is >= 1 and <= Most ? new(new ListLimit(rows))
            : throw new ProblemException("APP-2022", $"'{text}' is no limit of a list.", "limit", $"Write a whole number from 1 to {Most}.", ExitCode.BadUsage);
    }
}
