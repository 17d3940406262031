using System.Collections.Immutable;

namespace Lb.Cluster.Membership;

/// <summary>
/// Those whom a node watches, and how suspicious they are. It has a time of its own, which stands still while the node
/// does: one that was halted, or had no processor, does not blame others for what it could not hear.
/// </summary>
internal sealed class WatchList(MembershipOptions options)
{
    private const int LongestTicks = 2;

    private readonly Dictionary<long, PhiAccrual> _detectors = [];
    private readonly HashSet<long> _silent = [];
    private TimeSpan? _lastTick;
    private TimeSpan _attention;

    internal IEnumerable<long> Watched => _detectors.Keys;

    /// <summary>Those that are not reached.</summary>
    internal ImmutableSortedSet<long> Silent => [.. _silent];

    internal bool IsSilent(long node) => _silent.Contains(node);

    internal void Watch(IReadOnlySet<long> nodes)
    {
        foreach (var gone in _detectors.Keys.Where(node => !nodes.Contains(node)).ToList())
        {
            _detectors.Remove(gone);
            _silent.Remove(gone);
        }

        foreach (var node in nodes.Where(node => !_detectors.ContainsKey(node)))
        {
            _detectors.Add(node, New());
        }
    }

    internal void Heard(long node)
    {
        if (!_detectors.TryGetValue(node, out var detector))
        {
            return;
        }

        // One that is back is new: what was usual before its silence may not be any more.
        if (_silent.Remove(node))
        {
            _detectors[node] = New();
        }
        else
        {
            detector.Heard(_attention);
        }
    }

    /// <summary>Lets time pass.</summary>
    internal void Tick(TimeSpan now)
    {
        var passed = now - (_lastTick ?? now);
        _lastTick = now;
        _attention += passed < options.Tick * LongestTicks ? passed : options.Tick;
        foreach (var (node, detector) in _detectors)
        {
            if (detector.Phi(_attention) >= options.Threshold)
            {
                _silent.Add(node);
            }
        }
    }

    private PhiAccrual New() => new(
        _attention, options.HeartbeatInterval, options.LeastDeviation, options.AcceptablePause);
}
