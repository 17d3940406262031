using System.Collections.Immutable;
using Lb.Kernel.Ethtool;
using Lb.Kernel.Host.Reading;
using Lb.Kernel.Netlink;
using Lb.Kernel.Programs;

namespace Lb.Kernel.Host;

/// <summary>
/// Reads the facts of a host, in the network namespace of the calling thread. It changes nothing that lasts; it asks
/// neighbours, and loads the XDP program once without attaching it.
/// </summary>
public static class HostReader
{
    /// <summary>Reads what concerns a site; takes from half a second to two, for neighbours' answers.</summary>
    public static HostFacts Read(HostScope scope)
    {
        ArgumentNullException.ThrowIfNull(scope);
        DatapathOptions options = scope.Datapath;
        Guard guard = new();
        ProcessFacts process = SystemReader.ReadProcess();
        BpfFacts bpf = BpfReader.Read(
            options, process.Has(Capability.SysAdmin) && process.Has(Capability.NetAdmin), guard);
        SitePins pins = new(options.BpfFs, options.Site);
        bool pinsAreReadable = bpf is { FileSystemMounted: true, Library: not null } && process.Has(Capability.SysAdmin);

        HostFacts facts = new()
        {
            System = SystemReader.Read(),
            Process = process,
            Bpf = bpf,
            Site = new SiteFacts
            {
                Pinned = bpf.FileSystemMounted && pins.Exist,
                LockPath = SiteLock.PathOf(options.RunDirectory, options.Site),
                LockHolder = LockReader.FindHolder(SiteLock.PathOf(options.RunDirectory, options.Site)),
            },
            RunDirectory = DirectoryReader.Read(options.RunDirectory),
            Admin = ListenerReader.Read(scope.Admin),
            Network = ReadNetwork(guard),
        };
        facts = guard.Read("interfaces, routes and neighbours", facts, () =>
            ReadInterfaces(facts, scope, bpf.Library is null ? null : pins, pinsAreReadable, guard));
        return facts with { Unread = [.. guard.Unread] };
    }

    private static NetworkFacts ReadNetwork(Guard guard) => new()
    {
        IPv4 = SettingsReader.ReadIPv4("all"),
        IPv6 = SettingsReader.ReadIPv6("all"),
        RouterAdvertisements = SettingsReader.ReadRouterAdvertisements(),
        DroppingChains = guard.Read(
            "chains of nftables", [], () => ChainQueries.ReadDroppingForwards().ToImmutableArray()),
        Conntrack = SettingsReader.ReadConntrack(),
    };

    private static HostFacts ReadInterfaces(
        HostFacts facts, HostScope scope, SitePins? pins, bool pinsAreReadable, Guard guard)
    {
        using NetlinkSocket netlink = new();
        using EthtoolSocket ethtool = new();
        using XdpFeatureQueries features = new();
        IReadOnlyList<LinkEntry> links = LinkCatalog.Read(netlink);
        var addresses = AddressQueries.ReadByInterface(netlink);
        (ImmutableArray<BackendFacts> backends, ImmutableArray<VipFacts> vips) =
            new ReachReader(netlink, links, addresses, scope).Read();
        if (!facts.Process.Has(Capability.NetAdmin))
        {
            guard.Add("answers of neighbours, and who else has a VIP: asking takes CAP_NET_ADMIN");
        }

        HashSet<string> concerned =
        [
            .. scope.Datapath.Interfaces,
            .. backends.Select(backend => backend.Route?.Interface).OfType<string>(),
        ];
        ProgramReader? programs = pins is null ? null : new ProgramReader(netlink, pins, pinsAreReadable);
        InterfaceReader reader = new(links, addresses, programs, features, ethtool, guard);
        return facts with
        {
            Interfaces = [.. links.Where(link => concerned.Contains(link.Name)).Select(reader.Read)],
            Backends = backends,
            Vips = vips,
        };
    }
}
