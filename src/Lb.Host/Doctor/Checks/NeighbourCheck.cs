using System.Net;
using Lb.Kernel.Host;

namespace Lb.Host.Doctor.Checks;

/// <summary>The next hop of every backend answers.</summary>
internal sealed class NeighbourCheck : IHostCheck
{
    private const string Code = "neighbour";

    public IEnumerable<Finding> Examine(Examination host) =>
        from backend in host.Facts.Backends
        where backend.Route is { Answers: false }
            && host.Facts.Interface(backend.Route.Interface) is { Up: true, Carrier: true }
        group backend by (backend.Route!.Via, backend.Route.Interface) into silent
        select Describe(host, silent.Key.Via, silent.Key.Interface, [.. silent]);

    private static Finding Describe(
        Examination host, IPAddress via, string by, IReadOnlyCollection<BackendFacts> backends)
    {
        string names = Examination.Enumerate([.. backends.Select(host.NameOf)]);
        bool itself = backends.Any(backend => backend.Address.Equals(via));
        string mend = $"see that it is up and in this network: 'ip neigh show {via}', 'arping -I {by} {via}'";
        return itself
            ? Finding.Warning(
                Code,
                $"{via}",
                $"Backend {names} does not answer on {by} when it is asked for its link-layer address.",
                "It is down, or in another network; it gets no packets until it answers.",
                mend)
            : Finding.Error(
                Code,
                $"{via}",
                $"Gateway {via} to {names} does not answer on {by} when it is asked for its link-layer address.",
                "Packets for it are dropped (dropNoNextHop).",
                mend);
    }
}
