using System.Collections.Concurrent;

namespace Lb.Kernel;

/// <summary>
/// What a node may use of the limits of a relayed service, where they hold for several nodes together: of its connections, and
/// of those to each backend. Written by whoever deals with the other nodes, read by the relay; any thread may do either.
/// </summary>
public sealed class RelayShares
{
    private readonly ConcurrentDictionary<Endpoint, RelayShare> _backends = [];
    private volatile IRelayUse? _relay;

    /// <summary>Begins with nothing.</summary>
    public RelayShares() => Service = new RelayShare(() => _relay?.Open ?? 0);

    /// <summary>Of the service's connections.</summary>
    public RelayShare Service { get; }

    /// <summary>A relay goes by it.</summary>
    public bool IsUsed => _relay is not null;

    /// <summary>The relay has ended, and accepts nothing any more; or there never was one.</summary>
    public bool IsOver => _relay is not { IsOver: false };

    /// <summary>Something waits for room below a limit.</summary>
    public bool IsWaitedFor => _relay is { Waits: true };

    /// <summary>Of the connections to a backend.</summary>
    public RelayShare Of(Endpoint backend) =>
        _backends.GetOrAdd(backend, added => new RelayShare(() => _relay?.OpenTo(added) ?? 0));

    /// <summary>There may be more room than before: whoever waits tries again.</summary>
    public void Tell() => _relay?.OnRoom();

    internal void Use(IRelayUse relay) => _relay = relay;
}

/// <summary>
/// What a node may use of one limit, until when. Afterwards it may use nothing, whether or not somebody says so: a process
/// that was halted goes on with nothing.
/// </summary>
public sealed class RelayShare
{
    private readonly Func<int> _used;
    private volatile Grant _grant = new(0, 0);
    private volatile bool _missed;

    internal RelayShare(Func<int> used) => _used = used;

    /// <summary>Connections that are open.</summary>
    public int Used => _used();

    /// <summary>How many may be, now.</summary>
    public int Most
    {
        get
        {
            Grant grant = _grant;
            return grant.Until == long.MaxValue || Environment.TickCount64 < grant.Until ? grant.Most : 0;
        }
    }

    /// <summary>From now on so many may be open. Those that are open stay.</summary>
    /// <param name="most">How many.</param>
    /// <param name="time">For how long; null for ever.</param>
    public void Set(int most, TimeSpan? time) =>
        _grant = new Grant(most, time is { } t ? Environment.TickCount64 + (long)t.TotalMilliseconds : long.MaxValue);

    /// <summary>Whether more was wanted since this was asked last.</summary>
    public bool TakeMissed()
    {
        bool missed = _missed;
        if (missed)
        {
            _missed = false;
        }

        return missed;
    }

    internal void Miss()
    {
        if (!_missed)
        {
            _missed = true;
        }
    }

    private sealed record Grant(int Most, long Until);
}

/// <summary>A relay that goes by <see cref="RelayShares"/>.</summary>
internal interface IRelayUse
{
    /// <summary>Connections that are open.</summary>
    int Open { get; }

    /// <summary>Something waits for room.</summary>
    bool Waits { get; }

    /// <summary>It has ended, in all loops.</summary>
    bool IsOver { get; }

    /// <summary>Connections to a backend that are open or being opened.</summary>
    int OpenTo(Endpoint backend);

    /// <summary>There may be room.</summary>
    void OnRoom();
}
