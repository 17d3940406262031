using Lb.Kernel;

namespace Lb.Host.Configuration;

/// <summary>What a prefix of VIPs or a range of ports asks of a service, and of services beside each other.</summary>
internal static class RangeRules
{
    public static IEnumerable<ConfigIssue> Check(ServiceDraft service) =>
        service.Endpoint is { IsRange: true } vip ? [.. Mode(service, vip), .. Ports(service, vip), .. Health(service)] : [];

    /// <summary>Ranges of the same addresses that lie across each other: neither is the closer one.</summary>
    public static IEnumerable<ConfigIssue> Ambiguous(IReadOnlyCollection<ServiceDraft> services)
    {
        ServiceDraft[] ranges = [.. services.Where(service => service.Endpoint is { IsRange: true })];
        for (int i = 0; i < ranges.Length; i++)
        {
            foreach (ServiceDraft other in ranges[..i].Where(o => RangeRule.IsAmbiguous(o.Endpoint!.Value, ranges[i].Endpoint!.Value)))
            {
                Endpoint here = ranges[i].Endpoint!.Value;
                Endpoint there = other.Endpoint!.Value;
                int first = Math.Max(here.Port, there.Port);
                int last = Math.Min(here.HighestPort, there.HighestPort);
                yield return ranges[i].Ports!.Error(
                    $"ports {first}-{last} of {here} are those of service {other.Name} too ({other.Ports!.Origin}), "
                    + $"which has {there}, and neither range is within the other",
                    "ranges of one VIP and protocol that have no port in common, or one within the other",
                    $"end one range before the other begins, or make a service of its own of \"{first}-{last}\"");
            }
        }
    }

    /// <summary>
    /// Backends of nat with ranges of ports, beside others of their address: a reply says nothing but where it is from.
    /// </summary>
    public static IEnumerable<ConfigIssue> AmbiguousReplies(IEnumerable<BackendDraft> backends)
    {
        (BackendDraft Backend, ReplySide Side)[] all = [.. backends
            .Where(b => b.Endpoint is not null && b.Service.Endpoint is not null)
            .Select(b => (b, ReplyRule.Of(b.Service.Endpoint!.Value, b.Endpoint!.Value)))
            .Where(pair => pair.Item2 is not null)
            .Select(pair => (pair.b, pair.Item2!.Value))];
        return ReplyRule.Overlaps(all).Select(pair => pair.One.Backend.Address!.Error(
            $"{pair.One.Side.Source} of nat service {pair.One.Backend.Service.Name} has ports of {pair.Other.Side.Source}, which "
            + $"{pair.Other.Backend.Service.Mode!.Value.Name()} service {pair.Other.Backend.Service.Name} has ({pair.Other.Backend.Address!.Origin}), "
            + "so replies from them could belong to either VIP",
            "each port of a backend address in one service of nat",
            $"give {pair.One.Backend.Service.Name} or {pair.Other.Backend.Service.Name} other ports or another backend address, or use "
            + "mode = full-nat for one of the two"));
    }

    private static IEnumerable<ConfigIssue> Ports(ServiceDraft service, Endpoint vip) =>
        service.Mode == ForwardingMode.Nat && vip.LastPort != 0
            ? service.Backends.Where(backend => backend.Port is { Value: not 0 }).Select(backend => backend.Port!.Error(
                $"{backend.Port!.Value} is one port, and the service has more",
                "no port, as nat keeps the one that the client asks for: a reply would not say which that was",
                "remove port, or use mode = full-nat, which knows each flow"))
            : [];

    private static IEnumerable<ConfigIssue> Mode(ServiceDraft service, Endpoint vip)
    {
        string what = vip.IsPrefix ? "a prefix of VIPs" : "a range of ports";
        ConfigIssue Refuse(string why, string mend) => vip.IsPrefix
            ? service.Network!.Error($"{vip.AddressText} is {what}, and {why}", "a single address", mend)
            : service.Ports!.Error($"\"{vip.PortText}\" is {what}, and {why}", "a single port", mend);
        switch (service.Mode)
        {
            case ForwardingMode.Nat when vip.IsPrefix:
                yield return Refuse(
                    "nat knows a reply by its backend's address and port alone, which do not say what address the client had asked for",
                    "use mode = full-nat, which knows each flow, or one of the dsr modes");
                break;
            case ForwardingMode.Tproxy:
                yield return Refuse(
                    "a relay listens on one address and port",
                    "write a service for each address and port, or use mode = full-nat or one of the dsr modes");
                break;
        }
    }

    private static IEnumerable<ConfigIssue> Health(ServiceDraft service)
    {
        if (service.Health.Find(HealthKeys.Check) is { Value: not CheckKind.None } check
            && service.Health.Find(HealthKeys.Port) is { Value: 0 }
            && service.Backends.FirstOrDefault(backend => backend.Port is { Value: 0 }) is { } backend)
        {
            yield return check.Error(
                $"backend {backend.Name} of {service.Name} has no port of its own, and a probe needs one",
                "health.port beside it",
                $"add health.port = {service.Ports!.Value.First}, or another port that tells whether the backend is well; or check = none");
        }
    }
}
