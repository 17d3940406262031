using Lb.Kernel.Handles;
using Lb.Kernel.Interop;
using Lb.Kernel.Maps;

namespace Lb.Kernel.Programs;

/// <summary>A map of an object that is not loaded yet.</summary>
internal sealed class MapSpec(nint pointer)
{
    /// <summary>libbpf's own.</summary>
    public nint Pointer => pointer;

    /// <summary>Sets how many elements it will hold.</summary>
    public void Resize(string name, uint entries) =>
        Failure.Check(LibBpf.MapSetMaxEntries(pointer, entries), $"bpf_map__set_max_entries({name})");

    /// <summary>Uses a map that exists in place of a new one.</summary>
    public void Reuse(string name, Descriptor existing) =>
        Failure.Check(LibBpf.MapReuse(pointer, existing), $"bpf_map__reuse_fd({name})");

    /// <summary>Has it as many elements as an existing map, where that has more.</summary>
    public void GrowInto(string name, MapInfo existing) =>
        Resize(name, Math.Max(existing.MaxEntries, LibBpf.MapMaxEntries(pointer)));

    /// <summary>What it will be made with.</summary>
    public MapShape Shape => new(
        LibBpf.MapTypeOf(pointer),
        LibBpf.MapKeySize(pointer),
        LibBpf.MapValueSize(pointer),
        LibBpf.MapMaxEntries(pointer),
        LibBpf.MapFlagsOf(pointer));

    /// <summary>What an existing map has that this one would not; null when they agree.</summary>
    public string? DifferenceFrom(MapInfo existing) => MapShape.Of(existing).DifferenceFrom(Shape);
}
