using System.Text;
using Sigmatiq.Store;
using Sigmatiq.Store.Errors;

namespace Sigmatiq.App.Commands;

/// <summary>The file that an option names for a result.</summary>
internal static class OutFile
{
    /// <summary>Writes the file as a whole or not at all; one of that name is replaced.</summary>
    /// <exception cref="ProblemException">APP-1006: the file cannot be written.</exception>
    public static void Write(string path, string text) => Write(path, Encoding.UTF8.GetBytes(text));

    /// <inheritdoc cref="Write(string, string)"/>
    public static void Write(string path, byte[] bytes)
    {
        try
        {
            AtomicFile.Write(path, bytes);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new ProblemException(new Problem(
                "APP-1006", $"The file cannot be written: {e.Message.TrimEnd('.')}.", path, "Name a file in a folder that may be written to.", ExitCode.BadUsage), e);
        }
    }
}
