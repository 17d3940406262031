using Akka.Actor;
using Lb.Kernel;

namespace Lb.Actors;

/// <summary>Packets that are spread over CPUs: the node's own affair, which no journal knows.</summary>
internal sealed partial class KernelBridgeActor
{
    private long _lostBefore;
    private long _lostLately;

    private void OnSpreadPackets(SpreadPackets spread)
    {
        try
        {
            _datapath.WriteSpread(spread.Wish);
            Sender.Tell(new PacketsSpread());
        }
        catch (Exception reason)
        {
            _log.KernelFailed($"spread packets over CPUs {spread.Wish}", reason.Message, reason is KernelException ? null : reason);
            Sender.Tell(new KernelUnavailable(reason.Message));
        }
    }

    /// <summary>Looks at a self-check what full queues have cost since the last one.</summary>
    private void CountLost()
    {
        long lost = _datapath.ReadSpread()?.Lost ?? 0;
        // Less than before: the programs were loaded anew, and count from zero.
        _lostLately = lost >= _lostBefore ? lost - _lostBefore : lost;
        _lostBefore = lost;
    }

    private SpreadPressure? Spread() => _datapath.ReadSpread() is { } use ? new SpreadPressure(use, _lostLately) : null;
}
