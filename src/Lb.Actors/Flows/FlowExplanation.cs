using System.Collections.Immutable;
using System.Globalization;
using Lb.Kernel;

namespace Lb.Actors;

/// <summary>Where packets of a flow go by what the kernel holds, with what was decided beside it.</summary>
/// <param name="Trace">What the kernel holds.</param>
/// <param name="Choices">What becomes of the next packet, by its kind.</param>
/// <param name="Story">What was decided for its slot; null when there is no service.</param>
/// <param name="Differences">Where both do not agree, in words.</param>
/// <param name="Traffic">Counters of the service.</param>
/// <param name="BackendTraffic">Counters of the backends in the trace, by index.</param>
/// <param name="Attachments">Interfaces that packets are taken from.</param>
public sealed record FlowExplanation(
    FlowTrace Trace,
    ImmutableArray<KeyValuePair<FlowPacket, FlowChoice>> Choices,
    SlotStory? Story,
    ImmutableArray<string> Differences,
    Traffic Traffic,
    ImmutableDictionary<uint, Traffic> BackendTraffic,
    ImmutableArray<Attachment> Attachments)
{
    /// <summary>Address, port and protocol of a backend in the trace; null when it is not in use.</summary>
    public Endpoint? SocketOf(uint index) => SocketOf(Trace, index);

    /// <summary>Explains. Pure.</summary>
    internal static FlowExplanation Of(FlowTraced traced, SlotStory? story) => new(
        traced.Trace,
        [.. FlowRule.PacketsOf(traced.Trace.Flow.Protocol).Select(
            packet => KeyValuePair.Create(packet, FlowRule.Choose(traced.Trace, packet)))],
        story,
        [.. Compare(traced.Trace, story)],
        traced.Service,
        traced.Backends,
        traced.Attachments);

    private static Endpoint? SocketOf(FlowTrace trace, uint index) =>
        trace.Backends.TryGetValue(index, out BackendEntry? backend)
            ? new Endpoint(backend.Address, backend.Port, trace.Flow.Protocol)
            : null;

    private static IEnumerable<string> Compare(FlowTrace trace, SlotStory? story)
    {
        if (story is null || trace.Service is not { } service)
        {
            return (story, trace.Service) switch
            {
                (null, null) => [],
                (null, _) => ["the kernel has a service there, which is not among those of the node"],
                _ => [$"service {story!.Service} is not in the kernel"],
            };
        }

        Slot slot = trace.Slot ?? default;
        (string What, object? Kernel, object? Wanted)[] parts =
        [
            ("number of slots", service.Slots, (uint)story.Slots),
            ("seed", service.Seed, story.Seed),
            ("mode", service.Mode, story.Mode),
            ("tracking", service.Tracking, story.Tracking),
            ("current backend of the slot", SocketOf(trace, slot.Current), story.Current),
            ("previous backend of the slot", slot.IsClean ? null : SocketOf(trace, slot.Previous), story.Previous),
            ("end of the slot's window", slot.WindowOver, story.WindowOver),
        ];
        return parts
            .Where(part => !Equals(part.Kernel, part.Wanted))
            .Select(part => string.Create(
                CultureInfo.InvariantCulture,
                $"the {part.What} is {part.Kernel ?? "none"} in the kernel, {part.Wanted ?? "none"} by what was decided"));
    }
}
