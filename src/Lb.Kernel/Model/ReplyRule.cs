using System.Net;

namespace Lb.Kernel;

/// <summary>Replies of a backend of <c>nat</c>.</summary>
/// <param name="Vip">The service, whose address they get.</param>
/// <param name="Source">Where they come from: one port, or the ports of the service where clients say the port.</param>
public readonly record struct ReplySide(Endpoint Vip, Endpoint Source)
{
    /// <summary>Replies keep their port.</summary>
    public bool KeepsPort => Source.Port == Vip.Port && Source.HighestPort == Vip.HighestPort;
}

/// <summary>Whose a reply of <c>nat</c> is: nothing but its source says so. Pure.</summary>
public static class ReplyRule
{
    /// <summary>
    /// The replies of a backend; null where they could not be known: of prefixes, and where a service has ports and its backend
    /// one of its own.
    /// </summary>
    /// <param name="vip">The service.</param>
    /// <param name="backend">The backend, of port 0 where clients say the port.</param>
    public static ReplySide? Of(Endpoint vip, Endpoint backend) =>
        vip.IsPrefix || (vip.LastPort != 0 && backend.Port != 0) ? null
        : vip.LastPort == 0 ? new ReplySide(vip, backend)
        : new ReplySide(vip, backend with { Port = vip.Port, LastPort = vip.LastPort });

    /// <summary>
    /// Whether a reply could be of either. Of two services of one address that keep their ports each has those that no closer
    /// one has, as with packets of clients.
    /// </summary>
    public static bool IsAmbiguous(ReplySide a, ReplySide b) =>
        a.Source.Protocol == b.Source.Protocol
        && a.Source.Address.Equals(b.Source.Address)
        && a.Source.Port <= b.Source.HighestPort && b.Source.Port <= a.Source.HighestPort
        && !(a.KeepsPort && b.KeepsPort && a.Vip.Address.Equals(b.Vip.Address));

    /// <summary>
    /// Backends of different services whose replies could be of either, where at least one, which comes first, has a range of ports.
    /// Each pair is there once.
    /// </summary>
    /// <param name="all">Backends with their replies.</param>
    public static IEnumerable<((T Backend, ReplySide Side) One, (T Backend, ReplySide Side) Other)> Overlaps<T>(
        IReadOnlyList<(T Backend, ReplySide Side)> all)
    {
        ArgumentNullException.ThrowIfNull(all);
        int[] ranges = [.. Enumerable.Range(0, all.Count).Where(i => all[i].Side.Source.IsRange)];
        if (ranges.Length == 0)
        {
            yield break;
        }

        ILookup<IPAddress, int> near = Enumerable.Range(0, all.Count).ToLookup(i => all[i].Side.Source.Address);
        foreach (int one in ranges)
        {
            foreach (int other in near[all[one].Side.Source.Address].Where(other => other > one || !all[other].Side.Source.IsRange))
            {
                if (all[one].Side.Vip != all[other].Side.Vip && IsAmbiguous(all[one].Side, all[other].Side))
                {
                    yield return (all[one], all[other]);
                }
            }
        }
    }
}
