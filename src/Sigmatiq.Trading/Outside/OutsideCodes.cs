namespace Sigmatiq.Trading.Outside;

/// <summary>Codes of what goes wrong on the way out.</summary>
public static class OutsideCodes
{
    /// <summary>The settings are not in the form asked for.</summary>
    public const string BadSettings = "OUT-1001";

    /// <summary>The settings name something that they do not have.</summary>
    public const string UnknownName = "OUT-1002";

    /// <summary>The settings would send a secret, or a password, in the clear.</summary>
    public const string InTheClear = "OUT-1003";

    /// <summary>A secret is not where the settings say.</summary>
    public const string NoSecret = "OUT-1004";

    /// <summary>There is no such channel.</summary>
    public const string UnknownChannel = "OUT-1005";

    /// <summary>A message was given up.</summary>
    public const string GivenUp = "OUT-1006";

    /// <summary>An attachment is no file of the data directory with that hash.</summary>
    public const string BadAttachment = "OUT-1007";
}
