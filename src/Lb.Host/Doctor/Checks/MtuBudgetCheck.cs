using System.Net.Sockets;
using Lb.Actors;
using Lb.Kernel;
using Lb.Kernel.Host;

namespace Lb.Host.Doctor.Checks;

/// <summary>What clients can send in one packet fits towards the backends, with what the mode puts in front.</summary>
internal sealed class MtuBudgetCheck : IHostCheck
{
    private const int IPv4Header = 20;
    private const int IPv6Header = 40;
    private const int UdpHeader = 8;

    /// <summary>Headers of IP and TCP within a packet.</summary>
    private const int WithinIPv4 = 40;
    private const int WithinIPv6 = 60;

    /// <summary>What every link of IPv6 takes, and no host of IPv6 needs to send less than.</summary>
    private const int LeastOfIPv6 = 1280;

    public IEnumerable<Finding> Examine(Examination host) => host.Site.Services.Values
        .SelectMany(service => service.Backends.Values
            .Select(backend => Budget(host, service, backend))
            .OfType<Need>())
        .GroupBy(need => need.Exit.Name)
        .Select(needs => needs.Where(need => need.IsHopeless).MaxBy(need => need.Bytes) is { } hopeless
            ? DescribeHopeless(hopeless)
            : Describe(needs.MaxBy(need => need.Bytes)!));

    /// <summary>What a backend takes where that is more than the interface towards it does; null when it fits.</summary>
    private static Need? Budget(Examination host, ServiceConfig service, BackendConfig backend)
    {
        // A relay's connections to backends have a segment size of their own.
        if (service.Mode == ForwardingMode.Tproxy
            || host.Backend(backend.Address)?.Route is not { } route
            || host.Facts.Interface(route.Interface) is not { } exit
            || host.ClientSide.MaxBy(listed => listed.Mtu) is not { } entry)
        {
            return null;
        }

        bool outerIsIPv4 = backend.Address.AddressFamily == AddressFamily.InterNetwork;
        int overhead = (service.Mode.Tunnels() ? outerIsIPv4 ? IPv4Header : IPv6Header : 0)
            + (service.Mode == ForwardingMode.DsrGue ? UdpHeader : 0);
        return entry.Mtu + overhead > exit.Mtu
            ? new Need(service, entry, exit, overhead)
            : null;
    }

    private static Finding Describe(Need need)
    {
        int inner = need.Service.Vip.Address.AddressFamily == AddressFamily.InterNetwork ? WithinIPv4 : WithinIPv6;
        string overhead = need.Overhead == 0 ? "" : $" with the {need.Overhead} bytes that {need.Service.Mode.Name()} puts in front";
        return Finding.Warning(
            "mtu-budget",
            need.Exit.Name,
            $"Interface {need.Exit.Name} takes packets of {need.Exit.Mtu} bytes; a full one of {need.Entry.Name} "
            + $"({need.Entry.Mtu}) for service {need.Service.Name} has {need.Bytes}{overhead}.",
            $"Whoever sends more than {need.Room} bytes is told so by ICMP (icmpTooBig) and sends less; clients that no ICMP "
            + "reaches hang.",
            $"ip link set dev {need.Exit.Name} mtu {need.Bytes}, and on the way to the backends and there; or let them "
            + $"announce a smaller segment: 'ip route change … advmss {need.Room - inner}' on the "
            + "backends");
    }

    private static Finding DescribeHopeless(Need need) => Finding.Error(
        "mtu-ipv6",
        need.Exit.Name,
        $"Interface {need.Exit.Name} takes packets of {need.Exit.Mtu} bytes, which leaves {need.Room} for those of service "
        + $"{need.Service.Name}, and hosts of IPv6 need not send less than {LeastOfIPv6}.",
        "Larger ones are dropped (dropTooBig), and nobody is told, for clients could not heed it.",
        $"ip link set dev {need.Exit.Name} mtu {LeastOfIPv6 + need.Overhead}, or better {need.Bytes}, and on the way to the "
        + "backends and there");

    private sealed record Need(ServiceConfig Service, InterfaceFacts Entry, InterfaceFacts Exit, int Overhead)
    {
        public int Bytes => Entry.Mtu + Overhead;

        /// <summary>What is left for a client's packet.</summary>
        public int Room => Exit.Mtu - Overhead;

        /// <summary>No client can send so little.</summary>
        public bool IsHopeless => Service.Vip.Address.AddressFamily == AddressFamily.InterNetworkV6 && Room < LeastOfIPv6;
    }
}
