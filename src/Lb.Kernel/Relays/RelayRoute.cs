namespace Lb.Kernel.Relays;

/// <summary>Where connections of a service go, as its loops read it. Not changed after it is made.</summary>
internal sealed class RelayRoute(RelaySettings settings, RelayTable table, Func<Endpoint, RelayBackend> backend)
{
    private readonly RelayStrategy _strategy = RelayStrategy.Of(settings.Balance);

    public RelaySettings Settings { get; } = settings;

    public RelayTable Table { get; } = table;

    public int ConnectMilliseconds { get; } = (int)settings.ConnectTimeout.TotalMilliseconds;

    public long IdleMilliseconds { get; } = (long)settings.IdleTimeout.TotalMilliseconds;

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
    public RelayBackend? Choose(
        ReadOnlySpan<byte> source, ushort port, RelayService service, List<RelayBackend> tried, long now)
    {
        if (Candidates.Slots == 0)
        {
            return null;
        }

        uint slot = FlowHash.Slot(HashOf(source, port, service), (uint)Candidates.Slots);
        RelayDice dice = new((ulong)Random.Shared.NextInt64());
        RelayExclusion excluded = new(tried, Settings.Limits.BackendConnections, now);
        return _strategy.Choose(Candidates, excluded, slot, ref dice)
            ?? (Settings.Outlier.Failures > 0
                ? _strategy.Choose(Candidates, excluded with { Now = -1 }, slot, ref dice)
                : null);
    }

    /// <summary>Hash of a client's flow.</summary>
    public uint HashOf(ReadOnlySpan<byte> source, ushort port, RelayService service) => FlowHash.Of(
        source, service.VipBytes, port, service.Vip.Port, TransportProtocol.Tcp, Table.Seed);

    /// <summary>Whether a backend that was not tried is full.</summary>
    public bool HasFull(List<RelayBackend> tried)
    {
        int most = Settings.Limits.BackendConnections;
        if (most == 0)
        {
            return false;
        }

        foreach (RelayCandidate candidate in Candidates.All)
        {
            // One that has room by now was full when it was looked at: it is tried again soon.
            if (!tried.Contains(candidate.Backend))
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
