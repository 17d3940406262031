namespace Lb.Kernel.Relays;

/// <summary>Which backends one choice may not take.</summary>
/// <param name="Tried">Those that this connection has tried.</param>
/// <param name="Most">Those with so many connections, or fewer where nodes share the limit; 0 for no limit.</param>
/// <param name="Now">Those that are ejected at this moment, in ms of the loops' clock; negative when none is left out for that.</param>
/// <param name="Only">All but these, where the client's TLS name allows no others; null for none.</param>
internal readonly record struct RelayExclusion(List<RelayBackend>? Tried, int Most, long Now, TlsCandidates? Only = null)
{
    public bool Has(RelayBackend backend) =>
        (Only is not null && !Only.Has(backend))
        || (Tried is not null && Tried.Contains(backend))
        || backend.IsFull(Most)
        || backend.Outlier.IsOutAt(Now);
}
