namespace Lb.Kernel.Relays;

/// <summary>The connection in the flow log.</summary>
internal sealed partial class RelayConnection
{
    private bool _logged;
    private uint _slot;

    /// <summary>Decides whether it is logged: once, when it is accepted.</summary>
    public void ChooseLogging()
    {
        FlowLogging logging = Route.Settings.Logging;
        _logged = false;
        if (logging != FlowLogging.Off)
        {
            uint hash = Peer.HashTo(Service, Route.Table.Seed);
            _slot = FlowHash.Slot(hash, (uint)Route.Candidates.Slots);
            _logged = FlowSampling.Takes(logging, hash, Route.Settings.LogSample);
        }
    }

    /// <summary>Writes that it has reached its backend, when it is logged.</summary>
    public void LogBegin(RelayFlowLog log, long now)
    {
        if (_logged)
        {
            log.Write(Entry(begins: true, default, now));
        }
    }

    /// <summary>Writes that it ends, when it is logged.</summary>
    public void LogEnd(RelayFlowLog log, RelayEnd end, long now)
    {
        if (_logged)
        {
            log.Write(Entry(begins: false, end, now));
        }
    }

    private RelayLogEntry Entry(bool begins, RelayEnd end, long now) => new(
        DateTime.UtcNow.Ticks, begins, end, Peer, Service.Vip, Target?.Socket, _slot, ToBackend, ToClient, now - Began);
}
