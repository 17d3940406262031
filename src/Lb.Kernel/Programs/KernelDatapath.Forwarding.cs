using Lb.Kernel.Interception;
using Lb.Kernel.Netlink;

namespace Lb.Kernel;

/// <summary>What goes by traffic control.</summary>
public sealed partial class KernelDatapath
{
    private protected override void RequireTc(bool byTc)
    {
        if (byTc)
        {
            _forwarding.Ensure();
        }
    }

    private static SiteFilters ForwardFilters(DatapathOptions options, uint mark) =>
        new(options.Site, mark, SiteFilters.Forward);

    private static bool RemoveForwarding(DatapathOptions options, uint mark)
    {
        using var netlink = new NetlinkSocket();
        return ForwardFilters(options, mark).RemoveExcept(netlink, []);
    }

    /// <summary>The program takes the place of that of an earlier start, which forwards until then.</summary>
    private void AdoptForwarding()
    {
        if (UsesTc)
        {
            _forwarding.Put();
        }
        else
        {
            _forwarding.Remove();
        }
    }

    private IEnumerable<SetupFault> CheckForwarding()
    {
        if (UsesTc)
        {
            return _forwarding.Check();
        }

        _forwarding.Remove();
        return [];
    }
}
