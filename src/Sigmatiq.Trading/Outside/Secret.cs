using Sigmatiq.Store.Errors;

namespace Sigmatiq.Trading.Outside;

/// <summary>A value that neither prints nor serialises itself.</summary>
public sealed class Secret(string value)
{
    /// <summary>The value; every use of it can be searched for.</summary>
    public string Reveal() => value;

    /// <inheritdoc/>
    public override string ToString() => "***";
}

/// <summary>Where a secret lies: in a file or in a variable of the environment, never in the settings themselves.</summary>
/// <param name="Name">What the settings call it.</param>
/// <param name="File">File that holds it and nothing else; one line end behind it does not count.</param>
/// <param name="Variable">Or the variable of the environment.</param>
public sealed record SecretSource(string Name, string? File, string? Variable)
{
    /// <summary>Reads it, anew each time: a secret that was exchanged works without a restart.</summary>
    /// <exception cref="ProblemException">OUT-1004: it is not there, or empty.</exception>
    public Secret Read()
    {
        string? value;
        try
        {
            value = File is { } file ? System.IO.File.ReadAllText(file) : Environment.GetEnvironmentVariable(Variable!);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ProblemException(new Problem(OutsideCodes.NoSecret, $"The secret '{Name}' cannot be read: {e.Message.ReplaceLineEndings(" ")}", File,
                "Make the file readable for the program."), e);
        }

        value = value?.TrimEnd('\n', '\r');
        return !string.IsNullOrEmpty(value) ? new(value) : throw new ProblemException(OutsideCodes.NoSecret, $"The secret '{Name}' is empty.", File ?? $"${Variable}",
            File is null ? "Set the variable where the program runs." : "Write the secret into the file.");
    }
}
