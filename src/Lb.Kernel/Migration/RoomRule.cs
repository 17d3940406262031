using Lb.Kernel.Maps;

namespace Lb.Kernel.Migration;

/// <summary>Whether what a map holds has room in another.</summary>
internal static class RoomRule
{
    /// <summary>What is wrong with an element of an array that is in use; null when nothing is.</summary>
    public static string? FindProblem(uint index, MapShape made) => index < made.Entries
        ? null
        : $"its element {index} is in use, and there is to be room for {made.Entries}";

    /// <summary>What is wrong when not all entries of a hash that evicts have room; null when nothing is.</summary>
    /// <param name="change">How they are converted.</param>
    /// <param name="old">What the map that is there was made with.</param>
    /// <param name="made">What the other is made with.</param>
    /// <param name="copied">Entries that were put into it.</param>
    /// <param name="there">Entries that it has then.</param>
    public static string? FindProblem(MapChange change, MapShape old, MapShape made, long copied, long there) =>
        there >= copied ? null
        : change.Key is { IsInPlace: false } ? "entries that differ in a member of the key which is no more would become one"
        : made.Entries < old.Entries ? $"it holds {copied} entries, and there is to be room for {made.Entries}"
        : null;

    /// <summary>What is wrong with a hash that takes no more.</summary>
    public static string Full(MapShape made) => $"it holds more than the {made.Entries} entries that there is to be room for";
}
