using System.Collections.Immutable;

namespace Lb.Kernel.Relays;

/// <summary>What a service knows of limits, of how connections end, and of backends that fail.</summary>
internal sealed partial class RelayService
{
    private readonly long[] _ends = new long[Enum.GetValues<RelayEnd>().Length];

    /// <summary>Who waits for room.</summary>
    public RelayRoom Room { get; } = new();

    /// <summary>What clients have, where that is limited.</summary>
    public RelaySources Sources { get; } = new();

    /// <summary>What the kernel carries of it.</summary>
    public SockmapCounts Sockmap { get; } = new();

    /// <summary>Where connections that are logged are written to.</summary>
    public RelayFlowLog FlowLog => _engine.Flows;

    public Action<RelayEjection>? Ejected { get; set; }

    public void AddEnd(RelayEnd end) => Interlocked.Increment(ref _ends[(int)end]);

    /// <summary>There is room for a connection more.</summary>
    public void OnRoom()
    {
        if (Room.Call())
        {
            _engine.Post(loop => loop.Resume(this));
        }
    }

    /// <summary>A backend has failed; enough of that in a row eject it.</summary>
    public void Fail(RelayBackend backend, RelayFailure why)
    {
        RelayOutlierSettings settings = Route.Settings.Outlier;
        if (settings.Failures == 0)
        {
            return;
        }

        int failures = backend.Outlier.Fail();
        if (failures < settings.Failures)
        {
            return;
        }

        long now = Environment.TickCount64;
        RelayCandidate[] pool = Route.Candidates.All;
        int others = pool.Count(other => other.Backend != backend && other.Backend.Outlier.IsOutAt(now));
        if (backend.Outlier.TryEject(settings, why, now, pool.Length, others) is { } state)
        {
            Ejected?.Invoke(new RelayEjection(
                backend.Socket, why, failures, TimeSpan.FromMilliseconds(state.Until - now), state.Ejections));
        }
    }

    private void OpenLog(RelaySettings settings)
    {
        if (settings.Logging != FlowLogging.Off)
        {
            FlowLog.Open();
        }
    }

    private void Adopt(RelaySettings before, RelaySettings after)
    {
        if (before.KeepAlive != after.KeepAlive)
        {
            RelaySockets.KeepNoLonger(Listener);
            RelaySockets.KeepAlive(Listener, after.KeepAlive);
        }

        if (after.Outlier.Failures == 0)
        {
            foreach (RelayBackend backend in _backends.Values)
            {
                backend.Outlier.Readmit();
            }
        }

        // Limits may have been raised, and backends added.
        OnRoom();
    }

    private ImmutableSortedDictionary<RelayEnd, long> ReadEnds() => Enum.GetValues<RelayEnd>()
        .Select(end => KeyValuePair.Create(end, Interlocked.Read(ref _ends[(int)end])))
        .Where(end => end.Value > 0)
        .ToImmutableSortedDictionary();

    private ImmutableDictionary<Endpoint, RelayOutlierReport> ReadOutliers()
    {
        long now = Environment.TickCount64;
        return _backends.Values
            .Select(backend => (backend.Socket, Report: backend.Outlier.Read(now)))
            .Where(backend => backend.Report is not null)
            .ToImmutableDictionary(backend => backend.Socket, backend => backend.Report!);
    }
}
