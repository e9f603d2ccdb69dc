namespace Sigmatiq.App.Api.Shapes;

/// <summary>Who asks, as <c>GET /me</c> answers.</summary>
/// <param name="Id">The user.</param>
/// <param name="Name">Name on screen.</param>
/// <param name="Role">Role at this moment.</param>
/// <param name="Plan">What sweeps they may run.</param>
/// <param name="Rights">What they may do by this sign-in or key at this moment.</param>
/// <param name="Key">Id of the key that the request came with; null for a session.</param>
/// <param name="Scopes">Scopes of the key; empty for a session.</param>
/// <param name="Cli">What a command needs besides its own words to mean this store; empty for the usual one. Where it lies is told only to who may operate it.</param>
public sealed record MeAnswer(
    string Id, string Name, string Role, string Plan, IReadOnlyList<string> Rights, string? Key, IReadOnlyList<string> Scopes, IReadOnlyList<string> Cli);

/// <summary>A role with what it may do.</summary>
/// <param name="Id">The role.</param>
/// <param name="Rights">Its rights.</param>
public sealed record RoleAnswer(string Id, IReadOnlyList<string> Rights);

/// <summary>A user.</summary>
/// <param name="Id">Stable id.</param>
/// <param name="Name">Name on screen.</param>
/// <param name="Role">viewer, researcher, approver, operator or admin.</param>
/// <param name="Plan">What sweeps they may run.</param>
/// <param name="IsActive">Whether they can sign in, vote and use keys.</param>
/// <param name="CreatedAtUtc">When they were added; null for a local operator who has never signed in.</param>
/// <param name="DisabledAtUtc">Since when they are disabled.</param>
public sealed record UserAnswer(string Id, string Name, string Role, string Plan, bool IsActive, DateTimeOffset? CreatedAtUtc, DateTimeOffset? DisabledAtUtc);

/// <summary>A user to be added.</summary>
/// <param name="Id">a to z, 0 to 9, '.', '_' and '-', beginning with a letter.</param>
/// <param name="Name">Name on screen.</param>
/// <param name="Role">viewer, researcher, approver, operator or admin.</param>
/// <param name="Plan">free, premium, pro or unlimited; free where left out.</param>
/// <param name="Reason">Why.</param>
public sealed record UserRequest(string? Id, string? Name, string? Role, string? Plan, string? Reason);

/// <summary>A decision about a user, with what it takes.</summary>
/// <param name="Reason">Why.</param>
public sealed record UserDecision(string? Reason);

/// <summary>Another role.</summary>
/// <param name="Role">viewer, researcher, approver, operator or admin.</param>
/// <param name="Reason">Why.</param>
public sealed record RoleRequest(string? Role, string? Reason);

/// <summary>Another plan.</summary>
/// <param name="Plan">free, premium, pro or unlimited.</param>
/// <param name="Reason">Why.</param>
public sealed record PlanRequest(string? Plan, string? Reason);

/// <summary>A one-time link.</summary>
/// <param name="User">Whom it signs in.</param>
/// <param name="Url">Open it in a browser, once, within 15 minutes.</param>
public sealed record LinkAnswer(string User, string Url);

/// <summary>A session that has neither ended nor run out.</summary>
/// <param name="Id">Names it.</param>
/// <param name="CreatedAtUtc">When they signed in.</param>
/// <param name="ExpiresAtUtc">When it runs out.</param>
/// <param name="IsThis">Whether it is the one that asks.</param>
public sealed record SessionAnswer(string Id, DateTimeOffset CreatedAtUtc, DateTimeOffset ExpiresAtUtc, bool IsThis);

/// <summary>Which sessions end.</summary>
/// <param name="Session">One of the list; all where left out.</param>
/// <param name="Reason">Why.</param>
public sealed record SignOutRequest(string? Session, string? Reason);

/// <summary>How many sessions ended.</summary>
/// <param name="User">Whose.</param>
/// <param name="Ended">How many.</param>
public sealed record SignedOutAnswer(string User, int Ended);

/// <summary>A key of a program, without its secret.</summary>
/// <param name="Id">Names it.</param>
/// <param name="User">Whose it is.</param>
/// <param name="Name">What it is for.</param>
/// <param name="Scopes">What it lets through: read, run, vote, admin.</param>
/// <param name="State">active, expired or revoked.</param>
/// <param name="MadeBy">Who made it.</param>
/// <param name="CreatedAtUtc">When.</param>
/// <param name="ExpiresAtUtc">Until when it can be used.</param>
/// <param name="LastUsedAtUtc">When it was used, to the minute.</param>
/// <param name="RevokedAtUtc">Since when it is void.</param>
public sealed record KeyAnswer(
    string Id, string User, string Name, IReadOnlyList<string> Scopes, string State, string MadeBy, DateTimeOffset CreatedAtUtc, DateTimeOffset ExpiresAtUtc,
    DateTimeOffset? LastUsedAtUtc, DateTimeOffset? RevokedAtUtc);

/// <summary>A key to be made.</summary>
/// <param name="User">Whose; one's own where left out.</param>
/// <param name="Name">What it is for.</param>
/// <param name="Scopes">What it lets through: read, run, vote, admin.</param>
/// <param name="Days">How long it can be used; 90 where left out.</param>
/// <param name="Reason">Why.</param>
public sealed record KeyRequest(string? User, string? Name, IReadOnlyList<string>? Scopes, int? Days, string? Reason);

/// <summary>A key that was just made.</summary>
/// <param name="Key">It.</param>
/// <param name="Secret">What the program sends as <c>Authorization: Bearer …</c>; it cannot be shown again.</param>
public sealed record KeyMadeAnswer(KeyAnswer Key, string Secret);
