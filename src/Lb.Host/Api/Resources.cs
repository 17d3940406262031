using System.Collections.Immutable;
using Lb.Actors;
using Lb.Host.Running;
using Lb.Kernel;

namespace Lb.Host.Api;

/// <summary>Answer of the health checks.</summary>
internal sealed record HealthResource(string Status);

internal sealed record CounterResource(ulong Packets, ulong Bytes)
{
    public static CounterResource From(Counter counter) => new(counter.Packets, counter.Bytes);
}

/// <summary>What a service or a backend carried.</summary>
internal sealed record CountersResource(
    CounterResource Forwarded,
    CounterResource Replied,
    CounterResource Dropped,
    ulong NewFlows,
    ulong TrackedFlows,
    ulong UntrackedFlows)
{
    public static CountersResource From(Traffic traffic) => new(
        CounterResource.From(traffic.Forwarded),
        CounterResource.From(traffic.Replied),
        CounterResource.From(traffic.Dropped),
        traffic.NewFlows,
        traffic.Tracked,
        traffic.Untracked);
}

internal sealed record ServicesResource(string Site, long ConfigRevision, ImmutableArray<ServiceResource> Services);

/// <summary>How the program is on an interface.</summary>
/// <param name="Interface">Its name.</param>
/// <param name="Index">Its index.</param>
/// <param name="Attach">native or generic.</param>
/// <param name="Reason">Why it is generic.</param>
internal sealed record AttachmentResource(string Interface, int Index, string Attach, string? Reason);

/// <summary>A table of tracked flows, or of clients that keep their backend, as it was at the last self-check.</summary>
/// <param name="Table">established, pending or clients.</param>
/// <param name="Family">ipv4 or ipv6.</param>
/// <param name="Entries">Flows, or clients, in it.</param>
/// <param name="Limit">Entries that it has room for.</param>
/// <param name="Evicted">Entries that the kernel gave up since lbd runs, to make room for others.</param>
internal sealed record FlowTableResource(string Table, string Family, long Entries, long Limit, long Evicted)
{
    public static FlowTableResource From(FlowTableUse use) => new(
        FlowTableWords.Name(use), FlowTableWords.Family(use), use.Entries, use.Room, use.Evicted);
}

/// <summary>How the node gets on with the kernel.</summary>
internal sealed record KernelResource(
    string State, string? Problem, int Drifts, ImmutableArray<FlowTableResource> FlowTables);

/// <summary>Which config holds.</summary>
/// <param name="Revision">Its revision; 0 for a file that the journal does not know yet.</param>
/// <param name="RuntimeChanges">Changes at run time on top of the site file.</param>
/// <param name="JournalProblem">Why changes are refused; null when the journal works.</param>
internal sealed record ConfigResource(long Revision, int RuntimeChanges, string? JournalProblem);

internal sealed record NodeResource(
    string Site,
    string Version,
    ConfigResource Config,
    bool Ready,
    bool Draining,
    ImmutableArray<AttachmentResource> Interfaces,
    KernelResource Kernel,
    ImmutableSortedDictionary<string, CounterResource> Verdicts)
{
    public static NodeResource From(ServicesSnapshot snapshot, NodeState state)
    {
        KernelSnapshot kernel = snapshot.Kernel;
        return new NodeResource(
            snapshot.Site,
            BuildVersion.Text,
            new ConfigResource(
                snapshot.Config.Revision, snapshot.Config.RuntimeChanges, snapshot.Config.Problem),
            state.IsReady && SiteClient.IsWell(snapshot),
            state.Draining,
            [.. kernel.Attachments.Select(a => new AttachmentResource(
                a.Interface, a.InterfaceIndex, Word.Of(a.Xdp), a.Reason))],
            new KernelResource(
                Word.Of(kernel.Health),
                kernel.Problem,
                kernel.Drifts,
                [.. kernel.FlowTables.Select(table => FlowTableResource.From(table.Use))]),
            kernel.Verdicts.ToImmutableSortedDictionary(
                v => Word.Of(v.Key), v => CounterResource.From(v.Value), StringComparer.Ordinal));
    }
}
