namespace Lb.Kernel;

/// <summary>A map, and how much of it is in use.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its type, as <c>bpftool</c> calls it.</param>
/// <param name="KeySize">Bytes of a key.</param>
/// <param name="ValueSize">Bytes of a value; of one CPU where each has its own.</param>
/// <param name="Capacity">Entries that it can hold.</param>
/// <param name="Entries">Entries in use; null where every entry is always there.</param>
/// <param name="Bytes">Memory that the kernel counts for it.</param>
/// <param name="Pin">Where it is pinned; null where it is not.</param>
public sealed record MapUse(
    string Name, string Type, int KeySize, int ValueSize, long Capacity, long? Entries, long Bytes, string? Pin);
