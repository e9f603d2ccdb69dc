using System.Globalization;
using System.Text.RegularExpressions;
using Sigmatiq.Store.Errors;

namespace Sigmatiq.App.Api;

/// <summary>A sweep that was refused. A grid beyond the cap says its size and the cap as numbers, so that a caller need not read them out of a
/// sentence.</summary>
internal sealed partial class SweepRefusal(IReadOnlyList<Problem> problems) : IResult
{
    public Task ExecuteAsync(HttpContext context)
    {
        Dictionary<string, long> numbers = problems.FirstOrDefault(p => p.Code == "SWS-1003") is not { Where: { } where } ? []
            : NamedNumber().Matches(where).ToDictionary(m => m.Groups["name"].Value, m => long.Parse(m.Groups["value"].Value, CultureInfo.InvariantCulture));
        long? Named(string name) => numbers.TryGetValue(name, out long number) ? number : null;
        return Answers.Refuse(context, Answers.StatusOf(problems[0]), problems, Named("grid_size"), Named("cap"));
    }

    [GeneratedRegex("(?<name>[a-z_]+)=(?<value>[0-9]+)")]
    private static partial Regex NamedNumber();
}
