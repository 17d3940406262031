using System.Collections.Immutable;

namespace Lb.Testing;

/// <summary>
/// Holds a history against a config that one process keeps, doing one thing after the other. The journal says in which
/// order changes were made; what is left to show is that this order agrees with time and with what everybody was told.
/// </summary>
public sealed class ConfigHistoryChecker
{
    private readonly ConfigHistory _history;
    private readonly List<string> _violations = [];
    private readonly List<ImmutableSortedDictionary<string, int>> _states;
    private readonly ILookup<int, long> _revisions;

    private ConfigHistoryChecker(ConfigHistory history)
    {
        _history = history;
        _states = [history.FirstValues];
        foreach (JournalRow row in history.Rows)
        {
            _states.Add(_states[^1].SetItem(row.Key, row.Value));
        }

        _revisions = history.Rows
            .Select((row, i) => (row.Change, Revision: history.FirstRevision + 1 + i))
            .ToLookup(pair => pair.Change, pair => pair.Revision);
    }

    private long Last => _history.FirstRevision + _history.Rows.Length;

    /// <summary>All that is wrong with it.</summary>
    public static ImmutableArray<string> Check(ConfigHistory history)
    {
        ConfigHistoryChecker checker = new(history);
        foreach (ChangeAsked change in history.Changes)
        {
            checker.CheckCount(change);
            checker.CheckExpected(change);
        }

        checker.CheckOrder();
        checker.CheckReads();
        return [.. checker._violations];
    }

    /// <summary>What was applied is there once, what was refused is not, and what is not known at most once.</summary>
    private void CheckCount(ChangeAsked change)
    {
        long[] found = [.. _revisions[change.Id]];
        bool isRight = change.Outcome switch
        {
            ChangeOutcome.Applied => found is [var only] && only == change.Revision,
            ChangeOutcome.Unknown => found.Length <= 1,
            _ => found.Length == 0,
        };
        if (!isRight)
        {
            _violations.Add($"{change} is in the journal at [{string.Join(", ", found)}]");
        }

        foreach (long revision in found)
        {
            JournalRow row = _history.Rows[(int)(revision - _history.FirstRevision - 1)];
            if (row.Key != change.Key || row.Value != change.Value)
            {
                _violations.Add($"{change} is in the journal as {row}");
            }
        }
    }

    private void CheckExpected(ChangeAsked change)
    {
        if (change.Expected is not { } expected)
        {
            return;
        }

        foreach (long revision in _revisions[change.Id].Where(revision => revision != expected + 1))
        {
            _violations.Add($"{change} was made at revision {revision}");
        }

        // It was right to refuse when there was a moment at which the config was at another revision.
        if (change.Outcome == ChangeOutcome.Stale
            && MadeBefore(change.Asked) == expected && MayBeMadeBy(change.Told) == expected)
        {
            _violations.Add($"{change} was refused though the config was at {expected} all the time");
        }
    }

    /// <summary>What was answered before something else was asked for comes before it.</summary>
    private void CheckOrder()
    {
        var made = _history.Changes
            .SelectMany(change => _revisions[change.Id].Select(revision => (Change: change, Revision: revision)))
            .OrderBy(pair => pair.Revision)
            .ToArray();
        TimeSpan latest = TimeSpan.MinValue;
        ChangeAsked? by = null;
        foreach (var (change, revision) in made)
        {
            if (latest > change.Told && change.Outcome == ChangeOutcome.Applied)
            {
                _violations.Add($"revision {revision} was answered before {by} was asked for, which comes before it in the journal");
            }

            if (change.Asked > latest)
            {
                latest = change.Asked;
                by = change;
            }
        }
    }

    private void CheckReads()
    {
        foreach (ConfigRead read in _history.Reads)
        {
            if (read.Revision < _history.FirstRevision || read.Revision > Last
                || !Same(read.Values, _states[(int)(read.Revision - _history.FirstRevision)]))
            {
                _violations.Add($"{Text(read)} is not what the journal says of that revision");
            }

            if (read.Revision > MayBeMadeBy(read.Told))
            {
                _violations.Add($"{Text(read)} was read before anybody had asked for it");
            }

            if (read.IsLatest && read.Revision < MadeBefore(read.Asked))
            {
                _violations.Add($"{Text(read)} was read as the latest when revision {MadeBefore(read.Asked)} was answered already");
            }
        }

        foreach (IGrouping<string, ConfigRead> node in _history.Reads.GroupBy(read => read.Node))
        {
            CheckNode(node.Key, node);
        }
    }

    /// <summary>What a node shows never goes back, and has what was made there.</summary>
    private void CheckNode(string node, IEnumerable<ConfigRead> reads)
    {
        (TimeSpan Told, long Revision)[] shown =
        [
            .. reads.Select(read => (read.Told, read.Revision)),
            .. _history.Changes
                .Where(change => change.Node == node && change.Outcome == ChangeOutcome.Applied)
                .Select(change => (change.Told, change.Revision)),
        ];
        foreach (ConfigRead read in reads)
        {
            long before = shown.Where(one => one.Told < read.Asked).Select(one => one.Revision)
                .DefaultIfEmpty(_history.FirstRevision).Max();
            if (read.Revision < before)
            {
                _violations.Add($"{Text(read)} was read after revision {before} was told there");
            }
        }
    }

    /// <summary>The highest revision that somebody was told of before a time.</summary>
    private long MadeBefore(TimeSpan time) => _history.Changes
        .Where(change => change.Outcome == ChangeOutcome.Applied && change.Told < time)
        .Select(change => change.Revision)
        .Concat(_history.Reads.Where(read => read.Told < time).Select(read => read.Revision))
        .DefaultIfEmpty(_history.FirstRevision).Max();

    /// <summary>The highest revision whose change was asked for by a time.</summary>
    private long MayBeMadeBy(TimeSpan time) => _history.Changes
        .Where(change => change.Asked <= time)
        .SelectMany(change => _revisions[change.Id])
        .DefaultIfEmpty(_history.FirstRevision).Max();

    private static bool Same(ImmutableSortedDictionary<string, int> a, ImmutableSortedDictionary<string, int> b) =>
        a.SequenceEqual(b);

    private static string Text(ConfigRead read) =>
        $"revision {read.Revision} [{string.Join(", ", read.Values.Select(pair => $"{pair.Key}={pair.Value}"))}] at {read.Node}";
}
