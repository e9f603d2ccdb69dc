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
    /// <exception cref="Sigmatiq.Store.Errors.ProblemException">APP-2022: not a whole number from 1 to <see cref="Most"/>.</exception>
    public static ValueTask<ListLimit> BindAsync(HttpContext context) => new(new ListLimit((int?)QueryNumber.Read(context.Request, "limit", 1, Most)));
}
