namespace Lb.Actors;

/// <summary>The bridge's part in the flow log: it alone knows what the numbers in the kernel stand for.</summary>
internal sealed partial class KernelBridgeActor
{
    private KernelLedger? _namedLedger;
    private SiteNames? _namedBy;

    private void TellNames()
    {
        if (!ReferenceEquals(_namedLedger, _ledger) || !ReferenceEquals(_namedBy, _config!.Names))
        {
            _namedLedger = _ledger;
            _namedBy = _config!.Names;
            Context.System.EventStream.Publish(KernelNames.Of(_ledger, _config.Names));
        }
    }
}
