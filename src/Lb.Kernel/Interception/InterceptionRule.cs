namespace Lb.Kernel.Interception;

/// <summary>What intercepts a service where the operator leaves it open. Pure.</summary>
internal static class InterceptionRule
{
    /// <summary>Chooses.</summary>
    /// <param name="wish">The service.</param>
    /// <param name="interfaces">The interfaces that carry the site's programs.</param>
    /// <param name="tcProblem">Why the program at traffic control cannot be had; null when it can.</param>
    public static InterceptionChoice Choose(
        InterceptWish wish, IReadOnlyCollection<int> interfaces, string? tcProblem)
    {
        if (wish.Wanted != InterceptBy.Auto)
        {
            return new InterceptionChoice(wish.Wanted, "relay.interception says so");
        }

        if (wish.Vip.Protocol != TransportProtocol.Tcp)
        {
            return new InterceptionChoice(
                InterceptBy.Tproxy, "netfilter puts fragments of datagrams together, which lb_tc does not");
        }

        if (wish.Source == RelaySource.Client && wish.Backends.Except(interfaces).Any())
        {
            return new InterceptionChoice(
                InterceptBy.Tproxy, "backends answer by an interface that is not in lb.interfaces");
        }

        return tcProblem is null
            ? new InterceptionChoice(InterceptBy.Tc, "it needs no netfilter")
            : new InterceptionChoice(InterceptBy.Tproxy, $"lb_tc cannot be had: {tcProblem}");
    }
}
