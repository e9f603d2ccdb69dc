using System.Globalization;
using Sigmatiq.Store.Errors;

namespace Sigmatiq.App.Api;

/// <summary>Whole numbers of a query string.</summary>
internal static class QueryNumber
{
    /// <summary>Reads one; null where it is not given.</summary>
    /// <exception cref="ProblemException">APP-2022: not a whole number of the range.</exception>
    public static long? Read(HttpRequest request, string name, long min, long max)
    {
        string? text = request.Query[name];
        return text is null ? null
            : long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long number) && number >= min && number <= max ? number
            : throw new ProblemException("APP-2022", $"'{text}' is no {name}.", name,
                string.Create(CultureInfo.InvariantCulture, $"Write a whole number from {min}{(max == long.MaxValue ? "" : $" to {max}")}."), ExitCode.BadUsage);
    }
}
