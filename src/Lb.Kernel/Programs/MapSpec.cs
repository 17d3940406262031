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

    /// <summary>
    /// Whether an existing map has room for all that this one would hold; then this one is to have as much. Maps of
    /// counters grow with what is counted, and what they hold may begin anew.
    /// </summary>
    public bool GrowsInto(string name, Descriptor existing)
    {
        uint there = BpfMap.Describe(existing, name).MaxEntries;
        if (there < LibBpf.MapMaxEntries(pointer))
        {
            return false;
        }

        Resize(name, there);
        return true;
    }

    /// <summary>What an existing map has that this one would not; null when they agree.</summary>
    public string? DifferenceFrom(MapInfo existing)
    {
        (string What, uint Existing, uint Wanted)[] properties =
        [
            ("type", (uint)existing.Type, (uint)LibBpf.MapTypeOf(pointer)),
            ("key size", existing.KeySize, LibBpf.MapKeySize(pointer)),
            ("value size", existing.ValueSize, LibBpf.MapValueSize(pointer)),
            ("number of entries", existing.MaxEntries, LibBpf.MapMaxEntries(pointer)),
            ("flags", (uint)existing.Flags, (uint)LibBpf.MapFlagsOf(pointer)),
        ];
        foreach ((string what, uint there, uint wanted) in properties)
        {
            if (there != wanted)
            {
                return $"its {what} is {there} where {wanted} is needed";
            }
        }

        return null;
    }
}
