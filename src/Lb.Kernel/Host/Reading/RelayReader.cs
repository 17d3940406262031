using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Lb.Kernel.Interception;
using Lb.Kernel.Interop;
using Lb.Kernel.Netlink;
using Lb.Kernel.Nftables;
using Lb.Kernel.Programs;
using Lb.Kernel.Relays;
using SocketAddress = Lb.Kernel.Interop.SocketAddress;

namespace Lb.Kernel.Host.Reading;

/// <summary>Reads what relays need of a host.</summary>
internal static unsafe class RelayReader
{
    /// <summary>Reads it.</summary>
    /// <param name="scope">What concerns the site.</param>
    /// <param name="interfaces">Its interfaces, and those that backends are reached by.</param>
    /// <param name="privileged">Whether this process may ask for what takes CAP_NET_ADMIN.</param>
    /// <param name="guard">Keeps what cannot be read.</param>
    public static RelayFacts Read(
        HostScope scope, ImmutableArray<string> interfaces, bool privileged, Guard guard)
    {
        SiteInterception interception = new(scope.Datapath);
        bool library = HasLibrary();
        if (!privileged)
        {
            guard.Add("rules and ports of relays: asking takes CAP_NET_ADMIN");
        }

        return new RelayFacts
        {
            Library = library,
            RuleProblem = library && privileged ? InterceptTrial.Run() : null,
            SockmapProblem = privileged && scope.TakesSockmap ? SockmapPairs.Try() : null,
            Mark = interception.Mark,
            SocketMark = SiteInterception.SocketMark(scope.Datapath),
            Missing = library && privileged
                ? guard.Read<ImmutableArray<string>>(
                    "rules and routes of relays", [], () => [.. interception.Missing(scope.Relayed)])
                : [],
            NotLocal = guard.Read<ImmutableArray<Endpoint>>("local addresses", [], () => [.. NotLocal(scope)]),
            OtherLookups = privileged
                ? guard.Read<ImmutableArray<string>>(
                    "programs that name sockets", [], () => [.. OtherLookups(scope, interception)])
                : [],
            Rules = guard.Read<ImmutableArray<RoutingRuleFacts>>(
                "routing rules", [], () => [.. ReadRules(interception.Mark)]),
            Taken = privileged ? [.. scope.Relayed.Select(service => Taken(service.Vip)).OfType<TakenPortFacts>()] : [],
            DroppingBefore = guard.Read<ImmutableArray<string>>(
                "chains of nftables", [], () => [.. ChainQueries.ReadDroppingBefore()]),
            DroppingInput = guard.Read<ImmutableArray<string>>(
                "chains of nftables", [], () => [.. ChainQueries.ReadDroppingInputs()]),
            MarkedSources = SettingsReader.ReadMarkedSources(interfaces),
            MarkIsAccepted = SettingsReader.ReadMarkIsAccepted(),
            Backlog = SettingsReader.ReadBacklog(),
        };
    }

    private static bool HasLibrary()
    {
        if (!NativeLibrary.TryLoad(LibNftables.Library, out nint handle))
        {
            return false;
        }

        NativeLibrary.Free(handle);
        return true;
    }

    private static IEnumerable<Endpoint> NotLocal(HostScope scope)
    {
        using NetlinkSocket netlink = new();
        return
        [
            .. scope.Relayed
                .Where(service => service.Wanted == InterceptBy.SkLookup
                    && !LocalAddressQueries.Has(netlink, service.Vip.Address))
                .Select(service => service.Vip),
        ];
    }

    private static IEnumerable<string> OtherLookups(HostScope scope, SiteInterception interception)
    {
        uint? ours = interception.LookupProgramId();
        return ours is null && scope.Relayed.All(service => service.Wanted != InterceptBy.SkLookup)
            ? []
            : LookupLink.ReadAttached()
                .Where(id => id != ours)
                .Select(id => ProgramReader.NameOf(id) is { } name ? $"{name} (program {id})" : $"program {id}");
    }

    private static IEnumerable<RoutingRuleFacts> ReadRules(uint ours)
    {
        using NetlinkSocket netlink = new();
        return
        [
            .. RuleQueries.ReadByMark(netlink, AddressFamily.InterNetwork)
                .Concat(RuleQueries.ReadByMark(netlink, AddressFamily.InterNetworkV6))
                .Where(rule => rule.Mark != ours || rule.Mask != uint.MaxValue),
        ];
    }

    /// <summary>Tries to have the port as a relay would, but does not listen.</summary>
    private static TakenPortFacts? Taken(Endpoint vip)
    {
        SocketAddress address = new(vip.Address, vip.Port);
        bool udp = vip.Protocol == TransportProtocol.Udp;
        int socket = LibC.Socket(address.Family, udp ? LibC.DatagramNow : LibC.StreamNow, 0);
        if (socket < 0)
        {
            return null; // A kernel without the family, which other findings tell.
        }

        try
        {
            int on = 1;
            if (!udp)
            {
                // Connections that have only just ended are in nobody's way.
                _ = LibC.SetOption(socket, LibC.LevelSocket, LibC.ReuseAddress, &on, sizeof(int));
            }

            return RelaySockets.MakeTransparent(socket, address.Family) == 0
                && LibC.Bind(socket, &address, address.Size) < 0
                && RelaySockets.Last() == Errno.EADDRINUSE
                    ? new TakenPortFacts(vip, ListenerReader.FindHolder(new IPEndPoint(vip.Address, vip.Port), vip.Protocol))
                    : null;
        }
        finally
        {
            _ = LibC.Close(socket);
        }
    }
}
