using Akka.Actor;
using Lb.Kernel;

namespace Lb.Actors;

/// <summary>The bridge's part in full-nat: flows that are over give their ports back, and what is in use is known.</summary>
internal sealed partial class KernelBridgeActor
{
    private readonly HashSet<(Endpoint Vip, Endpoint Backend)> _low = [];
    private FullNatSweep? _fullNat;
    private bool _sweepsFullNat;

    private bool UsesFullNat =>
        _ledger.Services.Values.Any(service => service.Desired.Uses(ForwardingMode.FullNat)) || _fullNat is not { Flows: 0 };

    private FullNatUse? FullNat => _ledger is not null && _fullNat is { } sweep && (sweep.Flows > 0 || !_context.FullNat.Sources.IsEmpty)
        ? FullNatUse.Of(sweep, _ledger, _context.FullNat.Sources)
        : null;

    /// <summary>Off the actor's thread, as any walk through all flows; it goes by the ledger of this moment.</summary>
    private void OnSweepFullNat()
    {
        if (_sweepsFullNat || _config is null || _held is null || !UsesFullNat)
        {
            return;
        }

        _sweepsFullNat = true;
        IDatapath datapath = _datapath;
        FullNatExpiry expiry = new(_ledger, _config.FullNat, _context.FullNat.Linger);
        _ = Task.Run(() => datapath.SweepFullNat(expiry.IsOver)).PipeTo(
            Self, ActorRefs.NoSender, sweep => new FullNatSwept(sweep, null), reason => new FullNatSwept(null, reason));
    }

    private void OnFullNatSwept(FullNatSwept swept)
    {
        _sweepsFullNat = false;
        if (swept.Reason is { } reason)
        {
            Fail("sweep flows of full-nat", reason);
            return;
        }

        _fullNat = swept.Sweep;
        if (swept.Sweep!.Removed > 0)
        {
            _log.FullNatSwept(swept.Sweep.Removed, swept.Sweep.Flows);
        }

        FullNatPorts[] low = [.. (FullNat?.Backends ?? []).Where(ports => ports.IsLow)];
        _low.RemoveWhere(known => !low.Any(ports => ports.Vip == known.Vip && ports.Backend == known.Backend));
        foreach (FullNatPorts ports in low.Where(ports => _low.Add((ports.Vip, ports.Backend))))
        {
            _log.FullNatPortsLow(ports.Backend, ports.Vip, ports.Used, ports.Room);
        }
    }

    private sealed record SweepFullNat
    {
        public static readonly SweepFullNat Instance = new();
    }

    private sealed record FullNatSwept(FullNatSweep? Sweep, Exception? Reason);
}
