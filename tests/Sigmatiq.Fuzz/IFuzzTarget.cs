namespace Sigmatiq.Fuzz;

/// <summary>Something that reads text from outside.</summary>
public interface IFuzzTarget : IDisposable
{
    /// <summary>Its name on the command line.</summary>
    string Name { get; }

    /// <summary>Good inputs to spoil.</summary>
    IReadOnlyList<string> Corpus { get; }

    /// <summary>Words that mean something to it.</summary>
    IReadOnlyList<string> Words { get; }

    /// <summary>Reads a text. It is taken (true), or refused by a <c>ProblemException</c>; every other end is a finding. A target may
    /// also check what it took and throw where that is wrong.</summary>
    bool Read(string text);
}
