using Lb.Actors;
using Lb.Kernel.Host;

namespace Lb.Host.Doctor.Checks;

/// <summary>The process may do what a node does.</summary>
internal sealed class CapabilityCheck : IHostCheck
{
    private const int FirstFreePort = 1024;

    public IEnumerable<Finding> Examine(Examination host)
    {
        bool lowPort = !host.Facts.Process.Has(Capability.NetBindService)
            && (host.Node.Admin.Port < FirstFreePort || host.Facts.Bird is not null || host.Relayed.Any(service => service.Vip.Port < FirstFreePort));
        bool silent = host.Node.Announce.Mode == AnnounceMode.Arp && !host.Facts.Process.Has(Capability.NetRaw);
        string[] missing =
        [
            .. Capabilities.MissingFrom(host.Facts.Process.Capabilities).Select(c => c.Name()),
            .. lowPort ? (string[])[Capability.NetBindService.Name()] : [],
            .. silent ? (string[])[Capability.NetRaw.Name()] : [],
        ];
        if (missing.Length > 0)
        {
            yield return Finding.Error(
                "capabilities",
                string.Join(' ', missing),
                $"This process runs without {string.Join(" and ", missing)}.",
                "The kernel refuses it the XDP program, its maps, its place on an interface or its port, and lbd does not "
                + "start; or it refuses to tell the network of VIPs.",
                $"run lbd as root, or give its unit AmbientCapabilities={string.Join(' ', missing)}");
        }
    }
}
