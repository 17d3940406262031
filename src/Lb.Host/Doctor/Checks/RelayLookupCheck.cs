using Lb.Kernel;

namespace Lb.Host.Doctor.Checks;

/// <summary>What <c>sk_lookup</c> is asked for is the host's own, and nobody else names its sockets.</summary>
internal sealed class RelayLookupCheck : IHostCheck
{
    public IEnumerable<Finding> Examine(Examination host)
    {
        if (host.Facts.Relays is not { } relays)
        {
            yield break;
        }

        foreach (Endpoint vip in relays.NotLocal)
        {
            yield return Finding.Error(
                "relay-local",
                $"{vip}",
                $"relay.interception of {vip} is sk_lookup, and {vip.Address} is no address of this host.",
                "The kernel asks for a socket only for packets that are the host's own: the service is not served.",
                $"ip address add {vip.Address} dev lo, or a route 'local {vip.Address} dev lo'; or relay.interception = auto");
        }

        if (!relays.OtherLookups.IsEmpty)
        {
            string others = string.Join(", ", relays.OtherLookups);
            yield return Finding.Warning(
                "relay-lookup",
                others,
                $"Other programs name sockets in this network namespace as well (sk_lookup): {others}.",
                "One that names a socket for a VIP and port of the site takes what comes in for it from the relay.",
                "find whose it is with 'bpftool link' and 'bpftool prog', and keep VIPs of the site out of it");
        }
    }
}
