using Lb.Kernel.Interop;

namespace Lb.Kernel.Relays;

/// <summary>Where connections of a service go, as its loops read it. Not changed after it is made.</summary>
internal sealed class RelayRoute(RelaySettings settings, RelayTable table, Func<Endpoint, RelayBackend> backend)
{
    private readonly RelayStrategy _strategy = RelayStrategy.Of(settings.Balance);

    public RelaySettings Settings { get; } = settings;

    public RelayTable Table { get; } = table;

    public int ConnectMilliseconds { get; } = (int)settings.ConnectTimeout.TotalMilliseconds;

    public long IdleMilliseconds { get; } = (long)settings.IdleTimeout.TotalMilliseconds;

    public long GreetingMilliseconds { get; } = (long)settings.GreetingTimeout.TotalMilliseconds;

    /// <summary>What is read of a connection before a backend is chosen; null for nothing.</summary>
    public GreetingPlan? Plan { get; } = GreetingPlan.Of(settings, table, backend);

    public long DatagramIdleMilliseconds { get; } = (long)settings.UdpIdleTimeout.TotalMilliseconds;

    /// <summary>Age at which a connection is reset.</summary>
    public long LifeMilliseconds { get; } = settings.Limits.LifeTimeout > TimeSpan.Zero
        ? (long)settings.Limits.LifeTimeout.TotalMilliseconds
        : long.MaxValue;

    /// <summary>Latencies are taken.</summary>
    public bool Measures { get; } = settings.Balance == RelayBalance.PeakEwma;

    /// <summary>The backends that take new connections.</summary>
    public RelayCandidates Candidates { get; } = Draw(table, backend);

    /// <summary>All backends have the most connections that they may have.</summary>
    public bool IsFull =>
        Settings.Limits.BackendConnections > 0 && Candidates.AreFull(Settings.Limits.BackendConnections);

    /// <summary>
    /// The backend that the service's rule takes. When all others were tried, are full or are ejected, one that is ejected is
    /// better than none.
    /// </summary>
    /// <param name="client">The client's address and port.</param>
    /// <param name="service">The service.</param>
    /// <param name="tried">Backends that were tried.</param>
    /// <param name="now">In ms of the loop's clock.</param>
    /// <param name="only">Backends that its TLS name allows; null for all.</param>
    public RelayBackend? Choose(
        SocketAddress client, RelayService service, List<RelayBackend> tried, long now, TlsCandidates? only)
    {
        if (Candidates.Slots == 0 || only is { IsEmpty: true })
        {
            return null;
        }

        uint slot = FlowHash.Slot(client.HashTo(service, Table.Seed), (uint)Candidates.Slots);
        RelayDice dice = new((ulong)Random.Shared.NextInt64());
        RelayExclusion excluded = new(tried, Settings.Limits.BackendConnections, now, only);
        return _strategy.Choose(Candidates, excluded, slot, ref dice)
            ?? (Settings.Outlier.Failures > 0
                ? _strategy.Choose(Candidates, excluded with { Now = -1 }, slot, ref dice)
                : null);
    }

    /// <summary>Whether a backend that was not tried is full.</summary>
    /// <param name="tried">Those that were.</param>
    /// <param name="only">Backends that the TLS name allows; null for all.</param>
    public bool HasFull(List<RelayBackend> tried, TlsCandidates? only)
    {
        int most = Settings.Limits.BackendConnections;
        if (most == 0)
        {
            return false;
        }

        foreach (RelayCandidate candidate in Candidates.All)
        {
            // One that has room by now was full when it was looked at: it is tried again soon.
            if (!tried.Contains(candidate.Backend) && (only is null || only.Has(candidate.Backend)))
            {
                return true;
            }
        }

        return false;
    }

    private static RelayCandidates Draw(RelayTable table, Func<Endpoint, RelayBackend> backend)
    {
        Dictionary<uint, RelayBackend> byId = table.Backends.ToDictionary(known => known.Key, known => backend(known.Value));
        return new RelayCandidates([.. table.Slots.Select(slot => byId.GetValueOrDefault(slot.Current))]);
    }
}
