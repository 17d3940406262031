using Lb.Kernel.Interop;

namespace Lb.Kernel.Maps;

/// <summary>What a map is made with, but for its types.</summary>
/// <param name="Type">Its type.</param>
/// <param name="KeySize">Bytes of a key.</param>
/// <param name="ValueSize">Bytes of a value.</param>
/// <param name="Entries">How many it holds.</param>
/// <param name="Flags">Its flags.</param>
internal sealed record MapShape(MapType Type, uint KeySize, uint ValueSize, uint Entries, MapFlags Flags)
{
    /// <summary>That of a map in the kernel.</summary>
    public static MapShape Of(MapInfo info) => new(info.Type, info.KeySize, info.ValueSize, info.MaxEntries, info.Flags);

    /// <summary>What this one has that another has not; null when they agree.</summary>
    public string? DifferenceFrom(MapShape wanted)
    {
        ArgumentNullException.ThrowIfNull(wanted);
        (string What, uint There, uint Wanted)[] properties =
        [
            ("type", (uint)Type, (uint)wanted.Type),
            ("key size", KeySize, wanted.KeySize),
            ("value size", ValueSize, wanted.ValueSize),
            ("number of entries", Entries, wanted.Entries),
            ("flags", (uint)Flags, (uint)wanted.Flags),
        ];
        foreach ((string what, uint there, uint needed) in properties)
        {
            if (there != needed)
            {
                return $"its {what} is {there} where {needed} is needed";
            }
        }

        return null;
    }
}
