namespace Lb.Kernel.Relays;

/// <summary>How many connections a service has, and may have.</summary>
internal sealed partial class RelayService
{
    private int _loopsEnded;

    /// <summary>Connections that it has.</summary>
    public RelayLoad Load { get; } = new();

    /// <summary>It has all the connections that it may have, or all its backends have.</summary>
    public bool IsFull
    {
        get
        {
            bool full = Load.Open >= Most;
            if (full)
            {
                _route.Settings.Shares?.Service.Miss();
            }

            return full || _route.IsFull;
        }
    }

    int IRelayUse.Open => Load.Open;

    bool IRelayUse.Waits => Room.IsWaitedFor;

    bool IRelayUse.IsOver => Volatile.Read(ref _loopsEnded) >= _engine.LoopCount;

    private int Most => _route.Settings is { Shares: { } shares } settings
        ? Math.Min(settings.Connections, shares.Service.Most)
        : _route.Settings.Connections;

    int IRelayUse.OpenTo(Endpoint backend) => _backends.TryGetValue(backend, out RelayBackend? known) ? known.Load.Open : 0;

    /// <summary>Takes room for one more connection, which several loops may want at one time.</summary>
    public bool TryEnter()
    {
        bool enters = Load.TryEnter(Most);
        if (!enters)
        {
            _route.Settings.Shares?.Service.Miss();
        }

        return enters;
    }

    /// <summary>There was none to take room for.</summary>
    public void Leave()
    {
        Load.Leave();
        OnRoom();
    }

    /// <summary>A loop has ended it.</summary>
    public void AddEnded() => Interlocked.Increment(ref _loopsEnded);

    private void Share(RelaySettings settings, RelayTable table)
    {
        settings.Shares?.Use(this);
        foreach (Endpoint socket in table.Backends.Values)
        {
            RelayBackend backend = Backend(socket);
            backend.Share = settings.Limits.BackendConnections > 0 ? settings.Shares?.Of(socket) : null;
        }
    }
}
