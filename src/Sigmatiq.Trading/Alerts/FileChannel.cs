using System.Text;
using System.Text.Json;
using Sigmatiq.Store.Outbox;
using Sigmatiq.Trading.Outside;

namespace Sigmatiq.Trading.Alerts;

/// <summary>Appends one JSON line per message and fsyncs it. A line that a killed writer left half written is cut off first; a message that
/// may have been written before is looked for by its key, so that the file has it once.</summary>
internal sealed class FileChannel(FileSettings settings, TimeProvider clock) : IMessageChannel
{
    private static readonly TimeSpan AskAgainAfter = TimeSpan.FromMilliseconds(20);

    public async Task SendAsync(Delivery delivery, CancellationToken ct)
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(settings.Path)!);
            await using FileStream file = await OpenAloneAsync(ct);
            long end = CutHalfLine(file);
            // A first attempt cannot have been written before.
            if (delivery.Fence > 1 && Has(file, delivery.Key))
            {
                return;
            }

            file.Position = end;
            file.Write(Encoding.UTF8.GetBytes(MessageText.Json(delivery) + "\n"));
            file.Flush(flushToDisk: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DeliveryException($"{settings.Path} cannot be written: {e.Message.ReplaceLineEndings(" ")}", null, e);
        }
    }

    public void Dispose()
    {
        // Nothing stays open between messages.
    }

    private async Task<FileStream> OpenAloneAsync(CancellationToken ct)
    {
        while (true)
        {
            try
            {
                return new(settings.Path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 65_536);
            }
            catch (IOException e) when (Sigmatiq.Store.Leases.WorkLock.IsTaken(e))
            {
                await Task.Delay(AskAgainAfter, clock, ct);
            }
        }
    }

    private static long CutHalfLine(FileStream file)
    {
        long end = file.Length;
        while (end > 0)
        {
            file.Position = end - 1;
            if (file.ReadByte() == '\n')
            {
                break;
            }

            end--;
        }

        if (end != file.Length)
        {
            file.SetLength(end);
        }

        return end;
    }

    private static bool Has(FileStream file, string key)
    {
        file.Position = 0;
        using StreamReader reader = new(file, Encoding.UTF8, detectEncodingFromByteOrderMarks: false, bufferSize: 65_536, leaveOpen: true);
        string quoted = JsonSerializer.Serialize(key)[1..^1];
        while (reader.ReadLine() is { } line)
        {
            if (line.Contains("\"key\":", StringComparison.Ordinal) && (line.Contains(key, StringComparison.Ordinal) || line.Contains(quoted, StringComparison.Ordinal)) && KeyOf(line) == key)
            {
                return true;
            }
        }

        return false;
    }

    // Lines of others in the file are theirs.
    private static string? KeyOf(string line)
    {
        try
        {
            using JsonDocument parsed = JsonDocument.Parse(line);
            return parsed.RootElement.ValueKind == JsonValueKind.Object && parsed.RootElement.TryGetProperty("key", out JsonElement key) ? key.GetString() : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }
}
