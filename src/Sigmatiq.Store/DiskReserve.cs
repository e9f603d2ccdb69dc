using Sigmatiq.Store.Seeds;

namespace Sigmatiq.Store;

/// <summary>A file that keeps room on the disk of a data directory, so that on a full one the store can still say that it is full.</summary>
/// <param name="data">The data directory.</param>
public sealed class DiskReserve(DataDirectory data)
{
    /// <summary>Name of the file below the data directory.</summary>
    public const string FileName = "reserve";

    private const int Bytes = 1 << 20;

    /// <summary>So much must be free, beside the reserve, before work goes on that a full disk had stopped: with less it would stop again at once.</summary>
    public long RoomToGoOn { get; init; } = 64L << 20;

    private string Path => System.IO.Path.Combine(data.Root, FileName);

    /// <summary>Whether the room is kept.</summary>
    public bool IsKept => new FileInfo(Path) is { Exists: true, Length: Bytes };

    /// <summary>Keeps the room, unless it is kept already.</summary>
    /// <returns>False where there is not so much room.</returns>
    public bool TryKeep()
    {
        if (IsKept)
        {
            return true;
        }

        // Of no pattern, so that a disk that packs what it stores keeps the room too.
        byte[] noise = new byte[Bytes];
        Rng chance = Rng.From(Bytes);
        for (int i = 0; i < noise.Length; i++)
        {
            noise[i] = (byte)chance.NextBits();
        }

        try
        {
            // Not flushed: after a power cut it is simply made again.
            File.WriteAllBytes(Path, noise);
            return true;
        }
        catch (Exception e) when (DiskFull.Is(e) || e is UnauthorizedAccessException)
        {
            File.Delete(Path);
            return false;
        }
    }

    /// <summary>Gives the room away to what must be written now.</summary>
    public void Release() => File.Delete(Path);

    /// <summary>Whether there is room again: the reserve is kept, and enough is free beside it.</summary>
    public bool HasRoomToGoOn() => new DriveInfo(data.Root).AvailableFreeSpace >= RoomToGoOn && TryKeep();
}
