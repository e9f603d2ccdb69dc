using System.Text.Json.Nodes;

namespace Sigmatiq.Store.Threads;

/// <summary>Has the pieces of a long computation done by many processes at once: <see cref="SharedLoop"/> over a cluster. Each piece leaves a file
/// in the folder of the work, which all of them see.</summary>
public interface ISpread
{
    /// <summary>Has pieces done and returns once each has left its file; blocks the calling thread, as a loop does.</summary>
    /// <param name="part">Name of what does a piece.</param>
    /// <param name="pieces">What to do; the same pieces again are the same work, which goes on where it stands.</param>
    /// <param name="done">Told how many are done.</param>
    /// <param name="ct">Ends the waiting; what is done stays.</param>
    /// <returns>The hash of each piece's file as it was counted, in the order of the pieces.</returns>
    /// <exception cref="Errors.ProblemException">A piece failed: its own problem. CLU-2004: pieces were dropped.</exception>
    IReadOnlyList<string> Do(string part, IReadOnlyList<JsonObject> pieces, Action<int> done, CancellationToken ct);
}

/// <summary>Checks what others did.</summary>
public static class Spread
{
    /// <summary>Refuses a file that is not the one that was counted.</summary>
    /// <param name="what">The piece, for people.</param>
    /// <param name="found">Hash of the file that is there.</param>
    /// <param name="counted">Hash that its piece was counted with.</param>
    /// <exception cref="Errors.ProblemException">CLU-2005: they differ.</exception>
    public static void RequireSame(string what, string found, string counted)
    {
        if (found != counted)
        {
            throw new Errors.ProblemException("CLU-2005", $"{what} has the hash {found[..12]}, a node had counted {counted[..12]}: two nodes gave different results.", what,
                "Run the nodes on machines of one kind and with one version of the libraries below them, then ask for the work anew.");
        }
    }
}
