namespace Lb.Kernel;

/// <summary>What takes a relay's packets out of the host's forwarding and to its sockets.</summary>
public enum InterceptBy : byte
{
    /// <summary>The best that can be had.</summary>
    Auto,

    /// <summary>A table of nftables (<c>tproxy</c>, <c>socket</c>).</summary>
    Tproxy,

    /// <summary>A program at traffic control on each interface (<c>bpf_sk_assign</c>), without netfilter.</summary>
    Tc,

    /// <summary>A program that names their sockets where the VIP is an address of the host (<c>sk_lookup</c>).</summary>
    SkLookup,
}

/// <summary>A service whose packets are intercepted.</summary>
/// <param name="Vip">The service.</param>
/// <param name="By">What intercepts them; not <see cref="InterceptBy.Auto"/>.</param>
public readonly record struct Intercept(Endpoint Vip, InterceptBy By)
{
    /// <summary>
    /// What intercepts answers of backends to clients' addresses, where that is not the same: which
    /// <see cref="InterceptBy.SkLookup"/> cannot. Null when nothing has to.
    /// </summary>
    public InterceptBy? Replies { get; init; }

    /// <summary>Whether packets are marked, so that routing takes them for the host's own.</summary>
    internal bool Marks => By != InterceptBy.SkLookup || Replies is not null;

    /// <summary>Whether it has a part in this.</summary>
    internal bool Uses(InterceptBy kind) => By == kind || Replies == kind;
}

/// <summary>A relayed service, and what is asked for it.</summary>
/// <param name="Vip">The service.</param>
/// <param name="Wanted">What is asked for.</param>
/// <param name="Source">The address that the relay connects to backends from.</param>
/// <param name="Backends">Interfaces that its backends are reached by, where that is known.</param>
public sealed record InterceptWish(
    Endpoint Vip, InterceptBy Wanted, RelaySource Source, IReadOnlyCollection<int> Backends);

/// <summary>What intercepts a service's packets.</summary>
/// <param name="By">Not <see cref="InterceptBy.Auto"/>.</param>
/// <param name="Reason">Why that: the rest of a sentence.</param>
public sealed record InterceptionChoice(InterceptBy By, string Reason)
{
    /// <inheritdoc cref="Intercept.Replies"/>
    public InterceptBy? Replies { get; init; }
}
