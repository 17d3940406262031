using Lb.Host.Configuration;
using Lb.Kernel;

namespace Lb.Host.Running;

/// <summary>From the node's options to those of the data plane.</summary>
internal static class DatapathSettings
{
    /// <summary>SYNs that wait for their flow's second packet need less room than the flows themselves.</summary>
    private const int FlowsPerPending = 4;

    /// <summary>Room for flows of full-nat where there can be none: the maps are there, and small.</summary>
    private const int Least = 256;

    /// <summary>Prefixes of <c>nat.direct</c> and addresses of the node; they take no memory before they are there.</summary>
    private const int Prefixes = 16_384;

    public static DatapathOptions ToDatapathOptions(this NodeOptions options) => new()
    {
        Site = options.Site,
        Interfaces = options.Interfaces,
        Attach = options.Attach,
        BpfFs = options.Kernel.BpfFs,
        Spread = options.Spread,
        InsertRate = options.Kernel.InsertRate,
        BypassConntrack = options.Kernel.RelayConntrack == RelayConntrack.Bypass,
        Sizes = new MapSizes
        {
            Services = options.Kernel.MaxServices,
            Backends = options.Kernel.MaxBackends,
            Flows = options.Kernel.MaxFlows,
            Pending = options.Kernel.MaxFlows / FlowsPerPending,
            Clients = options.Kernel.MaxClients,
            FullNat = options.FullNat.Sources.IsEmpty ? Least : 2 * options.Kernel.MaxFlows,
            FullNatNew = options.FullNat.Sources.IsEmpty ? Least : 2 * options.Kernel.MaxFlows / FlowsPerPending,
            // The node may hold every VIP.
            Direct = Prefixes + options.Kernel.MaxServices,
        },
    };
}
