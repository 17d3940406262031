using Lb.Kernel;

namespace Lb.Actors;

/// <summary>That replies of nat can be told apart, by the backend's address and port alone.</summary>
internal static class ReplyRules
{
    /// <summary>What is wrong between services.</summary>
    public static IEnumerable<string> Check(SiteConfig config)
    {
        (ServiceConfig Service, ReplySide Side)[] all = [.. config.Services.Values
            .Where(service => service.Mode == ForwardingMode.Nat || IsClientSourced(service))
            .SelectMany(service => service.Backends.Values
                .Select(backend => ReplyRule.Of(service.Vip, ServiceState.SocketOf(service, backend)))
                .OfType<ReplySide>()
                .Distinct()
                .Select(side => (service, side)))];
        return [.. Same(all), .. Overlapping(all)];
    }

    private static IEnumerable<string> Same((ServiceConfig Service, ReplySide Side)[] all) => all
        .Where(pair => !pair.Side.Source.IsRange)
        .GroupBy(pair => pair.Side.Source)
        .Where(same => same.Count() > 1 && same.Any(pair => pair.Service.Mode == ForwardingMode.Nat))
        .Select(same => $"{same.Key} is a nat backend of {string.Join(" and ", same.Select(pair => pair.Service.Name))}: "
            + "its replies could not be told apart");

    private static IEnumerable<string> Overlapping((ServiceConfig Service, ReplySide Side)[] all) => ReplyRule.Overlaps(all).Select(
        pair => $"{pair.One.Side.Source} of nat service {pair.One.Backend.Name} ({pair.One.Side.Vip}) has ports of {pair.Other.Side.Source} of "
            + $"{pair.Other.Backend.Mode.Name()} service {pair.Other.Backend.Name} ({pair.Other.Side.Vip}): replies from them could not be told "
            + "apart; give one of them other ports or another backend address, or use full-nat for it");

    /// <summary>Its backends answer to clients' addresses, as those of nat do.</summary>
    private static bool IsClientSourced(ServiceConfig service) =>
        service is { Mode: ForwardingMode.Tproxy, Relay.Source: RelaySource.Client };
}
