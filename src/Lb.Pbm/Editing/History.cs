namespace Lb.Pbm.Editing;

/// <summary>Lines that were typed, the newest last; bounded.</summary>
/// <param name="file">Where they outlive the process; null when nowhere.</param>
internal sealed class History(HistoryFile? file)
{
    /// <summary>How many lines are kept.</summary>
    public const int Limit = 1_000;

    private readonly List<string> _lines = [.. (file?.Load() ?? []).TakeLast(Limit)];

    public int Count => _lines.Count;

    /// <summary>The line typed <paramref name="age"/> lines ago, 1 for the last one.</summary>
    public string Back(int age) => _lines[^age];

    /// <summary>Keeps a line, unless it is blank, the same as the last one, or begins with a space.</summary>
    public void Add(string line)
    {
        if (string.IsNullOrWhiteSpace(line) || line[0] == ' ' || (_lines.Count > 0 && _lines[^1] == line))
        {
            return;
        }

        _lines.Add(line);
        if (_lines.Count > Limit)
        {
            _lines.RemoveAt(0);
        }

        file?.Append(line);
    }
}
