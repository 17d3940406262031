using System.Net;
using Lb.Kernel;
using Lb.Kernel.Host;

namespace Lb.Host.Doctor.Checks;

/// <summary>Every backend is reached, by an interface that the program sends to.</summary>
internal sealed class RouteCheck : IHostCheck
{
    public IEnumerable<Finding> Examine(Examination host) => [.. Missing(host), .. Devices(host), .. Unlisted(host), .. BehindRouters(host)];

    private static IEnumerable<Finding> Missing(Examination host)
    {
        BackendFacts[] lost = [.. host.Facts.Backends.Where(backend => backend is { Route: null, Local: false })];
        if (lost.Length > 0)
        {
            yield return Finding.Error(
                "route-missing",
                string.Join(' ', lost.Select(backend => backend.Address)),
                $"There is no route to {Names(host, lost)}.",
                "Packets for it are dropped (dropNoNextHop), and its health checks fail.",
                $"ip route add {lost[0].Address} via GATEWAY, or give an interface an address of that network");
        }
    }

    private static IEnumerable<Finding> Devices(Examination host) =>
        from backend in host.Facts.Backends
        where backend.Route is not null
        group backend by backend.Route!.Interface into behind
        where host.Facts.Interface(behind.Key) is { Ethernet: false }
        select Finding.Error(
            "route-device",
            behind.Key,
            $"Interface {behind.Key}, by which {Names(host, [.. behind])} is reached, has no Ethernet addresses.",
            "XDP sends whole frames and cannot send one there: packets are dropped (dropNoNextHop).",
            "reach the backend by an Ethernet interface; for a tunnel use mode = dsr-ipip or dsr-gue, not a tunnel device");

    private static IEnumerable<Finding> Unlisted(Examination host) =>
        from backend in host.Facts.Backends
        where backend.Route is not null
        group backend by backend.Route!.Interface into behind
        where host.IsAtXdp
            && !host.Node.Interfaces.Contains(behind.Key)
            && host.Facts.Interface(behind.Key) is { Ethernet: true }
        select Finding.Error(
            "route-unlisted",
            behind.Key,
            $"{Names(host, [.. behind])} is reached by {behind.Key}, which is not among lb.interfaces.",
            "Most drivers drop what native XDP sends to an interface without a program, and no counter shows it.",
            $"add {behind.Key} to lb.interfaces, or correct the route");

    private static IEnumerable<Finding> BehindRouters(Examination host)
    {
        HashSet<IPAddress> direct = [.. host.Site.Services.Values
            .Where(service => service.Mode == ForwardingMode.DsrL2)
            .SelectMany(service => service.Backends.Values.Select(backend => backend.Address))];
        return
            from backend in host.Facts.Backends
            where backend.Route is { } route && direct.Contains(backend.Address) && !route.Via.Equals(backend.Address)
            group backend by backend.Route!.Via into behind
            select Finding.Error(
                "route-gateway",
                string.Join(' ', behind.Select(backend => backend.Address)),
                $"{Names(host, [.. behind])} is behind router {behind.Key}, and dsr-l2 sends frames to the backend itself.",
                "Packets for it are dropped (dropNoNextHop): the router would send them to the VIP again.",
                "give the node an interface on the backend's link, or use mode = dsr-ipip or dsr-gue, which routers pass on");
    }

    private static string Names(Examination host, IReadOnlyCollection<BackendFacts> backends) =>
        Examination.Enumerate([.. backends.Select(host.NameOf)]);
}
