using Lb.Kernel.Interop;
using Lb.Kernel.Maps;

namespace Lb.Kernel.Migration;

/// <summary>Says what becomes of a map that is there where another release, or another size, wants it otherwise.</summary>
internal static class ChangeRule
{
    private const string Seen = "seen";

    /// <summary>Decides.</summary>
    /// <param name="name">The map.</param>
    /// <param name="there">What it was made with.</param>
    /// <param name="wanted">What it is to be.</param>
    /// <param name="old">Its types; null when they are not known.</param>
    /// <param name="types">The types it is to have.</param>
    /// <param name="problem">Why it cannot be used, neither as it is nor carried over.</param>
    public static MapChange? Decide(
        string name, MapShape there, MapShape wanted, MapLayout? old, MapLayout types, out string? problem)
    {
        string? difference = there.DifferenceFrom(wanted);
        Conversion? key = Plan(old?.Key, types.Key, (int)there.KeySize, (int)wanted.KeySize, "key", out problem);
        Conversion? value = problem is null ? PlanValue(there, wanted, old, types, out problem) : null;
        var change = new MapChange(name, MapFate.Carried)
        {
            Key = key,
            Value = value,
            SeenAt = FindSeen(old?.Value ?? types.Value),
            NewSeenAt = FindSeen(types.Value),
            Why = difference ?? (key is null or { IsInPlace: true } ? "members of its values are others" : "members of its keys are others"),
        };
        if (problem is null && difference is null && key is null or { IsInPlace: true } && value is null or { IsInPlace: true })
        {
            return change with { Fate = MapFate.Kept, Why = null };
        }

        if (MapNames.IsBegunAnew(name))
        {
            string why = problem ?? change.Why;
            problem = null;
            return new MapChange(name, MapFate.Anew) { Why = why };
        }

        problem ??= FindProblem(there, wanted, key);
        return problem is null ? change : null;
    }

    private static Conversion? PlanValue(
        MapShape there, MapShape wanted, MapLayout? old, MapLayout types, out string? problem)
    {
        if (there.Type is not (MapType.ArrayOfMaps or MapType.RingBuffer))
        {
            return Plan(old?.Value, types.Value, (int)there.ValueSize, (int)wanted.ValueSize, "value", out problem);
        }

        // How large the values of inner maps are, and records, only their types say.
        int size = types.Value?.Size ?? 0;
        return Plan(old?.Value, types.Value, old?.Value?.Size ?? size, size, "value", out problem);
    }

    private static Conversion? Plan(DataType? old, DataType? wanted, int oldSize, int newSize, string what, out string? problem)
    {
        problem = null;
        if (old is not null && wanted is not null && old.Size == oldSize && wanted.Size == newSize)
        {
            return ConversionRule.Plan(old, wanted, what, out problem);
        }

        if (oldSize == newSize)
        {
            return oldSize == 0 ? null : Conversion.Identity(oldSize);
        }

        problem = old is null
            ? $"its {what} has {oldSize} bytes where {newSize} are needed, and what they mean is not known: opening the types that the "
                + "kernel keeps with it takes CAP_SYS_ADMIN, and no lb_types is pinned beside it"
            : $"its {what} has {oldSize} bytes where its types say {old.Size}";
        return null;
    }

    private static string? FindProblem(MapShape there, MapShape wanted, Conversion? key) => (there.Type, wanted.Type) switch
    {
        (MapType.Hash or MapType.LruHash, MapType.Hash or MapType.LruHash) => null,
        var (before, after) when before != after => there.DifferenceFrom(wanted),
        (MapType.LpmTrie, _) when key is not { IsInPlace: true } =>
            "its key has changed, and what length counts the bits of has with it",
        _ => null,
    };

    private static int? FindSeen(DataType? value) => value is StructType { IsUnion: false } type
        && type.Members.FirstOrDefault(member => member.Name == Seen) is { Type: NumberType { Size: sizeof(uint), IsBigEndian: false } } seen
            ? seen.Offset
            : null;
}
