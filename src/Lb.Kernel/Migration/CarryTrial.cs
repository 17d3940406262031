using Lb.Kernel.Handles;
using Lb.Kernel.Interop;
using Lb.Kernel.Maps;
using Lb.Kernel.Programs;

namespace Lb.Kernel.Migration;

/// <summary>Reads what a map holds and says whether it could be carried over. It makes and writes nothing.</summary>
/// <param name="pins">Where inner maps are pinned.</param>
/// <param name="change">How the map would be carried.</param>
/// <param name="there">The map.</param>
/// <param name="made">What the other would be made with.</param>
internal sealed class CarryTrial(SitePins pins, MapChange change, Descriptor there, MapShape made)
{
    /// <summary>Free elements that a CPU takes from an LRU map at a time: others do not get those.</summary>
    private const long LruBatch = 128;

    private readonly RawMap _old = new(change.Name, there);

    /// <summary>Tries it.</summary>
    public MapForecast Run()
    {
        (long entries, string? problem) = change.Name == MapNames.Tables ? TryTables() : TryElements();
        return problem is null
            ? new MapForecast(change.Name, MapFate.Carried, change.Why, entries) { IsTight = IsTight(entries) }
            : new MapForecast(change.Name, MapFate.Refused, problem, entries);
    }

    private (long Entries, string? Problem) TryTables()
    {
        long entries = 0;
        foreach ((uint index, uint id) in SlotTables.Read(_old))
        {
            string? problem = RoomRule.FindProblem(index, made);
            if (problem is null && change.Value is { IsInPlace: false } conversion)
            {
                using Descriptor table = SlotTables.Open(pins, id);
                problem = SlotTables.Convert(new RawMap(SlotArray.MapName, table), conversion, (_, _, _) => { });
            }

            if (problem is not null)
            {
                return (entries, problem);
            }

            entries++;
        }

        return (entries, null);
    }

    private (long Entries, string? Problem) TryElements()
    {
        var elements = new ElementConversion(change, _old, made);
        // Keys can become the same only where a member of theirs is left out.
        HashSet<string>? keysMade = change.Key is { IsInPlace: false } ? new(StringComparer.Ordinal) : null;
        long entries = 0;
        string? problem = null;
        _old.Scan((keys, values, count) =>
        {
            if (problem is not null)
            {
                return;
            }

            var newKeys = new byte[count * elements.KeySize];
            int converted = elements.ConvertAll(
                keys, values, count, only: null, newKeys, new byte[count * elements.ValueSize], out problem);
            entries += converted;
            for (int i = 0; i < converted && keysMade is not null; i++)
            {
                keysMade.Add(System.Convert.ToHexString(newKeys.AsSpan(i * elements.KeySize, elements.KeySize)));
            }
        });
        return (entries, problem ?? FindRoomProblem(entries, keysMade?.Count ?? entries));
    }

    private string? FindRoomProblem(long entries, long distinct)
    {
        if (made.Type is MapType.Array or MapType.PerCpuArray)
        {
            return null;
        }

        return made.Type != MapType.LruHash && distinct > made.Entries
            ? RoomRule.Full(made)
            : RoomRule.FindProblem(change, MapShape.Of(_old.Info), made, entries, Math.Min(distinct, made.Entries));
    }

    private bool IsTight(long entries) => made.Type == MapType.LruHash && (made.Entries < _old.Info.MaxEntries || change.Key is { IsInPlace: false })
        && entries > made.Entries - (LruBatch * LibBpf.PossibleCpus());
}
