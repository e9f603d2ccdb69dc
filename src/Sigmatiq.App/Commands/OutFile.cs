using Sigmatiq.Store;
using Sigmatiq.Store.Errors;

namespace Sigmatiq.App.Commands;

/// <summary>The file that <c>--out</c> names.</summary>
internal static class OutFile
{
    /// <summary>Writes the file as a whole or not at all; one of that name is replaced.</summary>
    /// <exception cref="ProblemException">APP-1006: the file cannot be written.</exception>
    public static void Write(string path, string text)
    {
        try
        {
            AtomicFile.Write(path, text);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ProblemException(new Problem(
                "APP-1006", $"The file cannot be written: {e.Message.TrimEnd('.')}.", path, "Name a file in a folder that may be written to.", ExitCode.BadUsage), e);
        }
    }
}
