using Lb.Kernel.Host;

namespace Lb.Host.Doctor.Checks;

/// <summary>The process may do what a node does.</summary>
internal sealed class CapabilityCheck : IHostCheck
{
    private const int FirstFreePort = 1024;

    public IEnumerable<Finding> Examine(Examination host)
    {
        string[] missing =
        [
            .. Missing(host, Capability.SysAdmin, "CAP_SYS_ADMIN"),
            .. Missing(host, Capability.NetAdmin, "CAP_NET_ADMIN"),
            .. host.Node.Admin.Port < FirstFreePort
                ? Missing(host, Capability.NetBindService, "CAP_NET_BIND_SERVICE")
                : [],
        ];
        if (missing.Length > 0)
        {
            yield return Finding.Error(
                "capabilities",
                string.Join(' ', missing),
                $"This process runs without {string.Join(" and ", missing)}.",
                "The kernel refuses it the XDP program, its maps or its port; CAP_BPF alone is not enough, as tables "
                + "are opened by their ids.",
                $"run lbd as root, or give its unit AmbientCapabilities={string.Join(' ', missing)}");
        }
    }

    private static IEnumerable<string> Missing(Examination host, Capability capability, string name) =>
        host.Facts.Process.Has(capability) ? [] : [name];
}
