using System.Collections.Immutable;
using Lb.Kernel;

namespace Lb.Actors;

/// <summary>Asks the owner of a flow's service what it has decided for it. Answered by <see cref="SlotTold"/>.</summary>
internal sealed record TellSlot(Flow Flow);

/// <summary>Reply to <see cref="TellSlot"/>.</summary>
/// <param name="Story">What was decided; null when there is no such service, or it has no table yet.</param>
internal sealed record SlotTold(SlotStory? Story);

/// <summary>A backend in the story of a slot.</summary>
/// <param name="Name">Name in the config.</param>
/// <param name="Socket">Address, port and protocol.</param>
/// <param name="State">State.</param>
/// <param name="Verdict">What probes say.</param>
/// <param name="Checked">It is probed; otherwise it counts as up.</param>
/// <param name="Since">When probes reached the verdict; null when it is from before the start of lbd.</param>
/// <param name="Weight">Configured weight.</param>
public sealed record StoryBackend(
    string Name, Endpoint Socket, BackendState State, HealthVerdict Verdict, bool Checked, DateTimeOffset? Since, int Weight);

/// <summary>What was decided for the slot of a flow, and why.</summary>
/// <param name="Service">Name of the service.</param>
/// <param name="Revision">Number of the generation on this node.</param>
/// <param name="Written">Generation that the kernel is known to hold.</param>
/// <param name="Digest">Fingerprint of the generation.</param>
/// <param name="Seed">Seed of the flow hash.</param>
/// <param name="Mode">Forwarding mode.</param>
/// <param name="Tracking">Which flows are remembered.</param>
/// <param name="Slots">Number of slots.</param>
/// <param name="MovedSlots">Slots that are moved.</param>
/// <param name="Slot">Number of the flow's slot; 0 while there are none.</param>
/// <param name="Current">Backend of new flows; null for none.</param>
/// <param name="Previous">Backend of older flows; null on a clean slot.</param>
/// <param name="WindowOver">UDP: unknown flows count as new again.</param>
/// <param name="MovedFor">How long the slot has waited for its older flows; null for a clean one.</param>
/// <param name="Memory">How long it waits at least.</param>
/// <param name="ChangedAt">Generation that gave it its current backend; 0 when that is from before the start.</param>
/// <param name="Change">Why; null when it is not remembered.</param>
/// <param name="Backends">Every backend of the service.</param>
public sealed record SlotStory(
    string Service,
    long Revision,
    long Written,
    string Digest,
    uint Seed,
    ForwardingMode Mode,
    Tracking Tracking,
    int Slots,
    int MovedSlots,
    int Slot,
    Endpoint? Current,
    Endpoint? Previous,
    bool WindowOver,
    TimeSpan? MovedFor,
    TimeSpan Memory,
    long ChangedAt,
    GenerationNote? Change,
    ImmutableArray<StoryBackend> Backends)
{
    /// <summary>Which part of the pool takes new flows.</summary>
    public PoolUse Use { get; init; }

    /// <summary>The backend of a socket; null when the service has none.</summary>
    public StoryBackend? Find(Endpoint? socket) => Backends.FirstOrDefault(backend => backend.Socket == socket);

    /// <summary>Tells the story. Pure.</summary>
    /// <param name="flow">The flow.</param>
    /// <param name="state">The service.</param>
    /// <param name="generation">Its table.</param>
    /// <param name="history">What led to that.</param>
    /// <param name="judged">When probes reached the verdicts that hold.</param>
    /// <param name="flows">How flows are swept.</param>
    /// <param name="written">Generation that the kernel is known to hold.</param>
    /// <param name="now">Monotonic time in ticks.</param>
    internal static SlotStory Of(
        Flow flow,
        ServiceState state,
        Generation generation,
        TableHistory history,
        ImmutableDictionary<Endpoint, DateTimeOffset> judged,
        FlowsConfig flows,
        long written,
        long now)
    {
        DesiredService desired = generation.Desired;
        TableState table = generation.Table;
        int number = table.Slots.IsEmpty ? 0 : (int)desired.Hashing.Slot(flow, (uint)table.Slots.Length);
        Slot slot = table.Slots.IsEmpty ? default : table.Slots[number];
        Dictionary<uint, Endpoint> sockets = desired.Backends.ToDictionary(backend => backend.Id, backend => backend.Socket);
        bool isChecked = state.Config.Health.Check is not HealthCheck.None;
        return new SlotStory(
            state.Config.Name,
            desired.Revision,
            written,
            generation.Digest,
            desired.Seed,
            desired.Mode,
            desired.Tracking,
            table.Slots.Length,
            table.Moved,
            number,
            Socket(slot.Current),
            slot.IsClean ? null : Socket(slot.Previous),
            slot.WindowOver,
            slot.IsClean ? null : TimeSpan.FromTicks(now - table.Since[number]),
            flow.Protocol == TransportProtocol.Udp ? flows.UdpWindow : state.Config.FlowMemory,
            number < history.ChangedAt.Length ? history.ChangedAt[number] : 0,
            history.Of(number),
            [.. state.Members.Values
                .OrderBy(member => member.Name, StringComparer.Ordinal)
                .Select(member => new StoryBackend(
                    member.Name,
                    member.Socket,
                    member.State,
                    member.Verdict,
                    isChecked,
                    judged.TryGetValue(member.Socket, out DateTimeOffset since) ? since : null,
                    member.Weight))])
        {
            Use = state.Choice.Use,
        };

        Endpoint? Socket(uint id) => sockets.TryGetValue(id, out Endpoint socket) ? socket : null;
    }
}
