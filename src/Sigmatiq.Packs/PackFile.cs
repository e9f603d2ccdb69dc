using System.Text;
using Sigmatiq.Packs.Yaml;
using Sigmatiq.Store.Errors;

namespace Sigmatiq.Packs;

/// <summary>The text of one file of a pack.</summary>
internal static class PackFile
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Reads a file; a byte order mark is not part of the text.</summary>
    /// <returns>The text, or PCK-1001 where there is none, where it is a folder or a link, too long, not UTF-8, or not readable.</returns>
    public static ParseResult<string> Read(string path)
    {
        FileInfo file = new(path);
        string name = file.Name;
        try
        {
            if (file.LinkTarget is not null)
            {
                return Refused("is a link", "Put the file itself there: a published pack must not change with something elsewhere.");
            }

            if (Directory.Exists(path))
            {
                return Refused("is a folder", "Put the file in its place.");
            }

            if (!file.Exists)
            {
                return ParseResult<string>.Refused(new Problem(
                    "PCK-1001", $"The pack has no file {name}.", path, $"Add it; a pack has {string.Join(", ", PackFolder.FileNames)}.", ExitCode.BadUsage));
            }

            // Four bytes a character at most; what is longer is not worth its memory.
            if (file.Length > 4L * YamlText.LengthMax)
            {
                return Refused($"has {file.Length} bytes", $"A file of a pack has at most {YamlText.LengthMax} characters.");
            }

            byte[] bytes = File.ReadAllBytes(path);
            int mark = bytes.AsSpan().StartsWith(Encoding.UTF8.Preamble) ? Encoding.UTF8.Preamble.Length : 0;
            return ParseResult<string>.Ok(Strict.GetString(bytes, mark, bytes.Length - mark));
        }
        catch (DecoderFallbackException broken)
        {
            return Refused($"is not UTF-8 (byte {broken.Index})", "Save it as UTF-8.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Refused($"cannot be read: {e.Message.TrimEnd('.')}", "Give the right to read it.");
        }

        ParseResult<string> Refused(string what, string remedy) =>
            ParseResult<string>.Refused(new Problem("PCK-1001", $"The file {name} {what}.", path, remedy, ExitCode.BadUsage));
    }
}
