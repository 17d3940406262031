using Xunit;

namespace Akka.Subset.Tests.Support;

/// <summary>What happened, in order, from all threads.</summary>
public sealed class Journal
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    private readonly object _lock = new();
    private readonly List<string> _entries = [];

    public IReadOnlyList<string> Entries
    {
        get
        {
            lock (_lock)
            {
                return [.. _entries];
            }
        }
    }

    public void Add(string entry)
    {
        lock (_lock)
        {
            _entries.Add(entry);
            Monitor.PulseAll(_lock);
        }
    }

    public void Clear()
    {
        lock (_lock)
        {
            _entries.Clear();
        }
    }

    /// <summary>Waits until that many things have happened and requires them to be these.</summary>
    public void Expect(params string[] expected)
    {
        WaitFor(entries => entries.Count >= expected.Length, $"{expected.Length} entries");
        Assert.Equal(expected, Entries);
    }

    public void WaitFor(string entry) => WaitFor(entries => entries.Contains(entry), $"[{entry}]");

    private void WaitFor(Func<IReadOnlyList<string>, bool> condition, string what)
    {
        var end = DateTime.UtcNow + Deadline;
        lock (_lock)
        {
            while (!condition(_entries))
            {
                var left = end - DateTime.UtcNow;
                if (left <= TimeSpan.Zero || !Monitor.Wait(_lock, left))
                {
                    Assert.Fail($"waited in vain for {what}; there is: {string.Join(", ", _entries)}");
                }
            }
        }
    }
}
