namespace Lb.Actors;

/// <summary>
/// Whether a node can take VIPs, and why not. At the start all must be well before it takes one; later a moment of trouble
/// with the kernel moves nothing, and trouble that lasts has it hand over what it holds.
/// </summary>
internal sealed class AnnouncerFitness
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    private TimeSpan? _since;

    /// <summary>Why it can take none; null when it can.</summary>
    public string? Reason { get; private set; } = "it has just started";

    /// <summary>It could take VIPs at some time.</summary>
    public bool WasFit { get; private set; }

    /// <summary>It could take VIPs, and cannot any more.</summary>
    public bool MustHandOver => WasFit && Reason is not null;

    /// <summary>Takes note of how things are.</summary>
    /// <param name="hard">What makes it unfit at once; null for nothing.</param>
    /// <param name="soft">What makes it unfit when it lasts; null for nothing.</param>
    /// <param name="now">The time.</param>
    public void Update(string? hard, string? soft, TimeSpan now)
    {
        _since = soft is null ? null : _since ?? now;
        bool lasts = soft is not null && (Reason is not null || now - _since >= Patience);
        Reason = hard ?? (lasts ? soft : null);
        WasFit |= Reason is null;
    }

    /// <summary>Why what the site says of itself keeps it from taking VIPs; null when nothing does.</summary>
    public string? ProblemOf(ServicesSnapshot? site) =>
        site is null ? "its services are not known yet"
        : !site.Config.InForce ? "no config holds yet"
        : site.Kernel.Health == KernelHealth.Starting ? "the kernel has not been read yet"
        : site.Kernel.Health == KernelHealth.Failing ? $"the kernel does not take what it is told ({site.Kernel.Problem})"
        : site.Kernel.Attachments.IsEmpty ? "the program is on no interface"
        : site.Services.FirstOrDefault(service => service.Written == 0) is { } missing
            ? $"the table of {missing.Name} is not in the kernel"
        : site.Apart is [var apart, ..] ? $"the table of {apart} is another than most nodes have"
        : !WasFit && site.Services.FirstOrDefault(IsUnchecked) is { } waiting
            ? $"backends of {waiting.Name} have no verdict yet"
        : null;

    private static bool IsUnchecked(ServiceSnapshot service) =>
        service.Backends.Any(backend => backend.State == BackendState.Checking);
}
