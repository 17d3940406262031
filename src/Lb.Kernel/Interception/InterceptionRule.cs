namespace Lb.Kernel.Interception;

/// <summary>What there is to intercept with.</summary>
/// <param name="Interfaces">The interfaces that carry the site's programs.</param>
/// <param name="TcProblem">Why the program at traffic control cannot be had; null when it can.</param>
/// <param name="LookupProblem">Why the program that names sockets cannot be had; null when it can.</param>
internal sealed record InterceptionMeans(
    IReadOnlyCollection<int> Interfaces, string? TcProblem, string? LookupProblem);

/// <summary>What intercepts a service where the operator leaves it open. Pure.</summary>
internal static class InterceptionRule
{
    /// <summary>Chooses.</summary>
    /// <param name="wish">The service.</param>
    /// <param name="isLocal">Whether the VIP is an address of the host.</param>
    /// <param name="means">What there is.</param>
    public static InterceptionChoice Choose(InterceptWish wish, bool isLocal, InterceptionMeans means)
    {
        if (wish.Wanted == InterceptBy.SkLookup)
        {
            return Lookup(wish, means, "relay.interception says so");
        }

        if (wish.Wanted != InterceptBy.Auto)
        {
            return new InterceptionChoice(wish.Wanted, "relay.interception says so");
        }

        return isLocal && means.LookupProblem is null
            ? Lookup(wish, means, "the VIP is an address of this host, whose packets need no marks")
            : Elsewhere(wish, means);
    }

    /// <summary>Answers to clients' addresses are none for the host: they take one of the others.</summary>
    private static InterceptionChoice Lookup(InterceptWish wish, InterceptionMeans means, string reason)
    {
        if (wish.Source == RelaySource.Node)
        {
            return new InterceptionChoice(InterceptBy.SkLookup, reason);
        }

        InterceptionChoice replies = Elsewhere(wish, means);
        string by = replies.By == InterceptBy.Tc ? "tc" : "tproxy";
        return new InterceptionChoice(InterceptBy.SkLookup, $"{reason}; answers of backends by {by}: {replies.Reason}")
        {
            Replies = replies.By,
        };
    }

    private static InterceptionChoice Elsewhere(InterceptWish wish, InterceptionMeans means)
    {
        if (wish.Vip.Protocol != TransportProtocol.Tcp)
        {
            return new InterceptionChoice(
                InterceptBy.Tproxy, "netfilter puts fragments of datagrams together, which lb_tc does not");
        }

        if (wish.Source == RelaySource.Client && wish.Backends.Except(means.Interfaces).Any())
        {
            return new InterceptionChoice(
                InterceptBy.Tproxy, "backends answer by an interface that is not in lb.interfaces");
        }

        return means.TcProblem is null
            ? new InterceptionChoice(InterceptBy.Tc, "it needs no netfilter")
            : new InterceptionChoice(InterceptBy.Tproxy, $"lb_tc cannot be had: {means.TcProblem}");
    }
}
