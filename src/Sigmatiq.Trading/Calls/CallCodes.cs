namespace Sigmatiq.Trading.Calls;

/// <summary>Codes of calls that were refused or failed.</summary>
public static class CallCodes
{
    /// <summary>The address is not written in the one plain form that is read the same by everybody.</summary>
    public const string BadAddress = "OUT-1020";

    /// <summary>No rule allows this host, scheme, port or method.</summary>
    public const string NotAllowed = "OUT-1021";

    /// <summary>The name leads to an address that may not be reached.</summary>
    public const string ForbiddenAddress = "OUT-1022";

    /// <summary>A header is not allowed or not in its form.</summary>
    public const string BadHeader = "OUT-1023";

    /// <summary>The request or the answer is too large.</summary>
    public const string TooLarge = "OUT-1024";

    /// <summary>Too many redirects, or one that cannot be followed.</summary>
    public const string BadRedirect = "OUT-1025";

    /// <summary>Nobody answered, or not in HTTP.</summary>
    public const string NoAnswer = "OUT-1026";

    /// <summary>The answer took too long.</summary>
    public const string TooSlow = "OUT-1027";

    /// <summary>The host answered with a status that counts as failure.</summary>
    public const string FailureStatus = "OUT-1028";

    /// <summary>A secret may not be sent to this host.</summary>
    public const string SecretNotAllowed = "OUT-1029";

    /// <summary>The call itself cannot be made: a body where none is allowed, a status that is none.</summary>
    public const string BadCall = "OUT-1030";
}
