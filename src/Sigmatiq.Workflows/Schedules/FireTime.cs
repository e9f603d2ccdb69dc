namespace Sigmatiq.Workflows.Schedules;

/// <summary>One fire of a schedule.</summary>
/// <param name="AtUtc">The instant.</param>
/// <param name="Local">The local time that the expression named and the convention kept or moved.</param>
/// <param name="MovedFrom">The local date it stood on before the convention moved it; null where it did not.</param>
public sealed record FireTime(DateTimeOffset AtUtc, DateTime Local, DateOnly? MovedFrom);

/// <summary>A fire that its expression named and that does not happen.</summary>
/// <param name="AtUtc">When it would have been.</param>
/// <param name="Local">Its local time.</param>
/// <param name="Reason">Why not, as a clause.</param>
/// <param name="ByConvention">Whether a business-day convention could not keep it, which the history notes; false where the schedule
/// simply skips days without trading.</param>
public sealed record DroppedFire(DateTimeOffset AtUtc, DateTime Local, string Reason, bool ByConvention);
