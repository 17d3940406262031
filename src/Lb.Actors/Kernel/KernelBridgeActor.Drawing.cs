using System.Net;
using System.Net.Sockets;

namespace Lb.Actors;

/// <summary>The bridge's picture of what is to be in the kernel, by its ledger and by what the host says.</summary>
internal sealed partial class KernelBridgeActor
{
    // The ledger that it was drawn from, while the host's answers are those that it was drawn by; else null.
    private KernelLedger? _drawn;

    /// <summary>What is to be, by what is there, which it reads when that is not known.</summary>
    private KernelState Draw()
    {
        KernelLedger? drawn = _held is not null && _datapath.WhyNotXdp == _whyNotXdp ? _drawn : null;
        _drawn = null;
        _held ??= KernelState.Read(_datapath, KnownTables());
        return (drawn is null ? null : KernelRedraw.Of(_held, drawn, _ledger))
            ?? KernelImage.Of(_ledger, Direct(), _held, Answers);
    }

    private void OnNeighboursChanged()
    {
        _drawn = null;
        FlushSoon();
    }

    private HashSet<IPNetwork> Direct() =>
    [
        .. _config!.Direct,
        .. _context.Neighbours.LocalAddresses().Select(address =>
            // Without the scope of a link-local address: the kernel's tries know none.
            new IPNetwork(
                new IPAddress(address.GetAddressBytes()),
                address.AddressFamily == AddressFamily.InterNetwork ? 32 : 128)),
    ];

    private KernelAnswers Answers => new(
        _context.Neighbours.Resolve, _datapath.ChooseInterception, _datapath.WhyNotXdp is not null);

    private sealed record NeighboursChanged
    {
        public static readonly NeighboursChanged Instance = new();
    }
}
