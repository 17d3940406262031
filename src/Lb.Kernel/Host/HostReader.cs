using System.Collections.Immutable;
using System.Net;
using Lb.Kernel.Ethtool;
using Lb.Kernel.Host.Reading;
using Lb.Kernel.Migration;
using Lb.Kernel.Netlink;
using Lb.Kernel.Programs;

namespace Lb.Kernel.Host;

/// <summary>
/// Reads the facts of a host, in the network namespace of the calling thread. It changes nothing that lasts; it asks
/// neighbours, and loads the XDP program once without attaching it.
/// </summary>
public static class HostReader
{
    /// <summary>Reads what concerns a site; takes from a third of a second to two, for neighbours' answers.</summary>
    public static HostFacts Read(HostScope scope)
    {
        ArgumentNullException.ThrowIfNull(scope);
        Guard guard = new();
        using NetlinkSocket netlink = new();
        IReadOnlyList<LinkEntry> links = LinkCatalog.Read(netlink);
        var addresses = AddressQueries.ReadByInterface(netlink);
        using ReachReader reach = new(netlink, links, addresses, scope);

        HostFacts facts = ReadHost(scope, guard);
        if (!facts.Process.Has(Capability.NetAdmin))
        {
            guard.Add("answers of neighbours, and who else has a VIP: asking takes CAP_NET_ADMIN");
        }

        using EthtoolSocket ethtool = new();
        using XdpFeatureQueries features = new();
        InterfaceReader reader = new(
            links, addresses, Programs(facts, scope.Datapath, netlink), features, ethtool, guard);
        HashSet<string> concerned = [.. scope.Datapath.Interfaces, .. reach.Exits];
        ImmutableArray<InterfaceFacts> interfaces =
            [.. links.Where(link => concerned.Contains(link.Name)).Select(reader.Read)];
        (ImmutableArray<BackendFacts> backends, ImmutableArray<VipFacts> vips) = reach.Read();
        return facts with
        {
            Interfaces = interfaces,
            Backends = backends,
            Vips = vips,
            Bird = scope.Bird is { } bird
                ? new BirdFacts(File.Exists(bird), ListenerReader.Read(new IPEndPoint(IPAddress.Any, BirdFacts.BgpPort)))
                : null,
            Announce = scope.Announces ? ReadVipHost() : null,
            Relays = scope.Relayed.IsEmpty
                ? null
                : RelayReader.Read(
                    scope, [.. interfaces.Select(i => i.Name)], facts.Process.Has(Capability.NetAdmin), guard),
            Unread = [.. guard.Unread],
        };
    }

    private static HostFacts ReadHost(HostScope scope, Guard guard)
    {
        DatapathOptions options = scope.Datapath;
        ProcessFacts process = SystemReader.ReadProcess();
        BpfFacts bpf = BpfReader.Read(
            options, Capabilities.MissingFrom(process.Capabilities).Count == 0, guard);
        bool pinned = bpf.FileSystemMounted && new SitePins(options.BpfFs, options.Site).Exist;
        string lockPath = SiteLock.PathOf(options.RunDirectory, options.Site);
        return new HostFacts
        {
            System = SystemReader.Read(),
            Process = process,
            Bpf = bpf,
            Site = new SiteFacts
            {
                Pinned = pinned,
                Start = pinned ? Foresee(options, guard) : null,
                LockPath = lockPath,
                LockHolder = LockReader.FindHolder(lockPath),
            },
            RunDirectory = DirectoryReader.Read(options.RunDirectory),
            JournalDirectory = scope.JournalDirectory is null ? null : DirectoryReader.Read(scope.JournalDirectory),
            Admin = ListenerReader.Read(scope.Admin),
            Remote = scope.Remote is { } remote
                ? new RemoteFacts(
                    ListenerReader.Read(remote.Endpoint), CertificateReader.Read(remote.Certificate, remote.Key))
                : null,
            ClusterCertificate = scope.ClusterCertificate is { } cluster
                ? CertificateReader.Read(cluster.Certificate, cluster.Key)
                : null,
            Network = new NetworkFacts
            {
                IPv4 = SettingsReader.ReadIPv4("all"),
                IPv6 = SettingsReader.ReadIPv6("all"),
                RouterAdvertisements = SettingsReader.ReadRouterAdvertisements(),
                DroppingChains = guard.Read<ImmutableArray<string>>(
                    "chains of nftables", [], () => [.. ChainQueries.ReadDroppingForwards()]),
                Conntrack = SettingsReader.ReadConntrack(),
                LocalPorts = SettingsReader.ReadLocalPorts(),
                ReservedPorts = SettingsReader.ReadReservedPorts(),
                OwnFullNat = guard.Read<ImmutableArray<IPAddress>>("own addresses", [], () => ReadOwn(scope.FullNat)),
            },
        };
    }

    private static StartForecast? Foresee(DatapathOptions options, Guard guard)
    {
        StartForecast forecast = StartForecaster.Read(options);
        if (forecast.NotRead is { } why)
        {
            guard.Add($"what a start would do with the pinned maps: {why}");
            return null;
        }

        return forecast;
    }

    private static ImmutableArray<IPAddress> ReadOwn(ImmutableArray<IPAddress> addresses)
    {
        using NetlinkSocket netlink = new();
        return [.. addresses.Where(address => LocalAddressQueries.Has(netlink, address))];
    }

    private static VipHost ReadVipHost()
    {
        using VipAddresses addresses = new();
        return addresses.Read();
    }

    /// <summary>What reads programs; null without the library that does.</summary>
    private static ProgramReader? Programs(HostFacts facts, DatapathOptions options, NetlinkSocket netlink) =>
        facts.Bpf.Library is null
            ? null
            : new ProgramReader(
                netlink,
                new SitePins(options.BpfFs, options.Site),
                pinsMayExist: facts.Bpf.FileSystemMounted,
                pinsMayBeOpened: facts.Process.Has(Capability.Bpf));
}
