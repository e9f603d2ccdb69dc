using System.Globalization;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Sigmatiq.App.Api;
using Sigmatiq.Store.Errors;

namespace Sigmatiq.App.Auth;

/// <summary>How often somebody may ask.</summary>
/// <param name="Burst">So many requests at once.</param>
/// <param name="Refill">So many come back.</param>
/// <param name="Every">In this time.</param>
public sealed record RequestBudget(int Burst, int Refill, TimeSpan Every);

/// <summary>What one caller may take of the server, so that the others do not notice.</summary>
public sealed record RequestLimits
{
    /// <summary>The limits of a server where nothing else is said.</summary>
    public static RequestLimits Usual { get; } = new();

    /// <summary>The variable of the environment that says other budgets than the usual, e.g. <c>caller=2000/400 door=10/1</c>: so many requests at once, and so many
    /// back each second.</summary>
    public const string RatesVariable = "SIGMATIQ_RATES";

    private const int RateMax = 1_000_000;

    /// <summary>The usual limits with the budgets that the environment says.</summary>
    /// <param name="read">Reads a variable of the environment.</param>
    /// <exception cref="ProblemException">APP-1164: it cannot be read.</exception>
    public static RequestLimits Of(Func<string, string?> read)
    {
        RequestLimits limits = Usual;
        foreach (string part in (read(RatesVariable) ?? "").Split([' ', ','], StringSplitOptions.RemoveEmptyEntries))
        {
            RequestBudget budget = part.Split('=') is [_, var rate] && rate.Split('/') is [var burst, var refill] && Rate(burst) is { } atOnce && Rate(refill) is { } back
                ? new(atOnce, back, TimeSpan.FromSeconds(1)) : throw Unread(part);
            limits = part.Split('=')[0] switch
            {
                "caller" => limits with { Caller = budget },
                "stranger" => limits with { Stranger = budget },
                "door" => limits with { Door = budget },
                _ => throw Unread(part),
            };
        }

        return limits;
    }

    private static int? Rate(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int rate) && rate is >= 1 and <= RateMax ? rate : null;

    private static ProblemException Unread(string part) => new("APP-1164", $"'{part}' says no budget of requests.", RatesVariable,
        "Write caller, stranger or door, each with requests at once and back a second from 1 to 1000000: caller=2000/400 stranger=200/20 door=30/1.", ExitCode.BadUsage);

    /// <summary>Of each user and each key.</summary>
    public RequestBudget Caller { get; init; } = new(1_000, 200, TimeSpan.FromSeconds(1));

    /// <summary>Of each address, for whoever is not signed in.</summary>
    public RequestBudget Stranger { get; init; } = new(200, 20, TimeSpan.FromSeconds(1));

    /// <summary>Of each address, at the door where links are tried.</summary>
    public RequestBudget Door { get; init; } = new(30, 1, TimeSpan.FromSeconds(1));

    /// <summary>Largest body, in bytes.</summary>
    public long BodyBytesMax { get; init; } = 1024 * 1024;

    /// <summary>Slowest body, in bytes a second, once <see cref="BodyGrace"/> is over.</summary>
    public double BodyBytesPerSecondMin { get; init; } = 240;

    /// <summary>How long a body may be slower than that.</summary>
    public TimeSpan BodyGrace { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Slowest reading of an answer, in bytes a second, once <see cref="AnswerGrace"/> is over; a stream that has nothing to say is not slow.</summary>
    public double AnswerBytesPerSecondMin { get; init; } = 240;

    /// <summary>How long an answer may be read slower than that.</summary>
    public TimeSpan AnswerGrace { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long the head of a request may take.</summary>
    public TimeSpan HeadPatience { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How often it is looked again whether who asked still may, while an answer goes on.</summary>
    public TimeSpan StandingLook { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Says the limits of connections and bodies to the server.</summary>
    internal void Apply(KestrelServerLimits limits)
    {
        limits.MaxRequestBodySize = BodyBytesMax;
        limits.MaxRequestHeadersTotalSize = 32 * 1024;
        limits.MinRequestBodyDataRate = new(BodyBytesPerSecondMin, BodyGrace);
        limits.MinResponseDataRate = new(AnswerBytesPerSecondMin, AnswerGrace);
        limits.RequestHeadersTimeout = HeadPatience;
    }

    /// <summary>Says the budgets to the limiter. It stands behind the authentication, so that the budget of a user is theirs alone.</summary>
    internal void Apply(RateLimiterOptions limiter)
    {
        limiter.GlobalLimiter = PartitionedRateLimiter.Create<HttpContext, string>(context =>
        {
            string address = $"{context.Connection.RemoteIpAddress}";
            return context.GetEndpoint()?.Metadata.GetMetadata<Door>() is not null ? Partition($"door {address}", Door)
                : CallerClaims.Read(context.User) is { } caller ? Partition(caller.Key is { } key ? $"key {key}" : $"user {caller.Person.Id}", Caller)
                : Partition($"address {address}", Stranger);
        });
        limiter.OnRejected = (rejected, _) =>
        {
            TimeSpan after = rejected.Lease.TryGetMetadata(MetadataName.RetryAfter, out TimeSpan said) ? said : TimeSpan.FromSeconds(1);
            int seconds = Math.Max(1, (int)Math.Ceiling(after.TotalSeconds));
            HttpContext context = rejected.HttpContext;
            context.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
            return new(Answers.Refuse(context, StatusCodes.Status429TooManyRequests, new Problem(
                "APP-2034", "These are too many requests.", Answers.PathOf(context.Request), string.Create(CultureInfo.InvariantCulture, $"Ask again in {seconds} s."))));
        };
    }

    private static RateLimitPartition<string> Partition(string key, RequestBudget budget) => RateLimitPartition.GetTokenBucketLimiter(key, _ => new()
    {
        TokenLimit = budget.Burst, TokensPerPeriod = budget.Refill, ReplenishmentPeriod = budget.Every, QueueLimit = 0, AutoReplenishment = true,
    });
}

/// <summary>Marks the door, where links are tried.</summary>
internal sealed record Door;
