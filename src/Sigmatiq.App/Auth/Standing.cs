namespace Sigmatiq.App.Auth;

/// <summary>Ends answers that go on, such as streams, once who asked for them may no longer: their session has ended, their key was revoked, they were
/// disabled.</summary>
/// <param name="people">Sessions and keys.</param>
/// <param name="limits">How often it is looked.</param>
/// <param name="clock">The clock.</param>
/// <param name="logs">Where a look that failed is noted.</param>
internal sealed class Standing(People people, RequestLimits limits, TimeProvider clock, ILogger<Standing> logs)
{
    public async Task WatchAsync(HttpContext context, RequestDelegate next)
    {
        if (CallerClaims.Read(context.User) is not { } caller)
        {
            await next(context);
            return;
        }

        // Taken now: the request is not to be read beside whoever answers it.
        string? key = KeyAuthentication.KeyOf(context.Request), session = SessionAuthentication.SessionOf(context.Request);
        CancellationToken gone = context.RequestAborted;
        object gate = new();
        bool isAnswered = false;
        await using ITimer timer = clock.CreateTimer(_ => _ = LookAsync(), null, limits.StandingLook, limits.StandingLook);
        try
        {
            await next(context);
        }
        finally
        {
            lock (gate)
            {
                isAnswered = true;
            }
        }

        async Task LookAsync()
        {
            try
            {
                bool stands = caller.Key is not null ? await people.FindKeyAsync(key!, gone) is not null : await people.FindSessionAsync(session!, gone) is not null;
                lock (gate)
                {
                    // The connection may be at its next request by now, which has a watch of its own.
                    if (!stands && !isAnswered)
                    {
                        context.Abort();
                    }
                }
            }
            catch (Exception e)
            {
                // The store could not be asked, or the answer is over; the next look comes.
                logs.LogDebug(e, "Whether {Person} still may ask could not be looked up", caller.Person.Id);
            }
        }
    }
}
