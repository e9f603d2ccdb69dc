namespace Sigmatiq.App.Auth;

/// <summary>What somebody may do. Every route and every command that decides something names one; there are no others.</summary>
public enum Right
{
    /// <summary>Look at everything but the sign-ins of others.</summary>
    Read,

    /// <summary>Prepare work: make models, preview what would run.</summary>
    Plan,

    /// <summary>Start work and decide about it: sweeps, trainings, runs.</summary>
    Run,

    /// <summary>Vote on a request, hand a vote over, set a decision aside. Whether the vote counts is the request's own policy.</summary>
    Approve,

    /// <summary>Keep the platform going: schedules, backfills, deployments, what is published and what is kept.</summary>
    Operate,

    /// <summary>Decide about users, their sessions and keys, and take over an audit chain.</summary>
    Administer,
}
