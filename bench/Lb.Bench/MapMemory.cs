using System.Globalization;

namespace Lb.Bench;

/// <summary>Memory of a map, as the kernel accounts it.</summary>
internal sealed record MapMemory(string Kind, long Entries, double Mebibytes)
{
    private static readonly Dictionary<int, string> Kinds = new()
    {
        [1] = "hash",
        [2] = "array",
        [3] = "program array",
        [6] = "per-CPU array",
        [9] = "LRU hash",
        [11] = "prefix trie",
        [12] = "array of tables",
    };

    /// <summary>The maps that this process has open, the large ones first.</summary>
    public static IReadOnlyList<MapMemory> ReadAll()
    {
        var maps = new Dictionary<string, MapMemory>();
        foreach (string path in Directory.EnumerateFiles("/proc/self/fdinfo"))
        {
            if (Fields(path) is { } fields && fields.TryGetValue("map_id", out string? id))
            {
                maps[id] = Of(fields);
            }
        }

        return [.. maps.Values.OrderByDescending(map => map.Mebibytes)];
    }

    private static MapMemory Of(Dictionary<string, string> fields)
    {
        int type = int.Parse(fields["map_type"], CultureInfo.InvariantCulture);
        string kind = $"{Kinds.GetValueOrDefault(type, "other")}, {fields["key_size"]} + {fields["value_size"]} B";
        return new MapMemory(
            kind,
            long.Parse(fields["max_entries"], CultureInfo.InvariantCulture),
            long.Parse(fields["memlock"], CultureInfo.InvariantCulture) / (1024.0 * 1024.0));
    }

    private static Dictionary<string, string>? Fields(string path)
    {
        try
        {
            return File.ReadLines(path)
                .Select(line => line.Split(':', 2))
                .Where(parts => parts.Length == 2)
                .GroupBy(parts => parts[0])
                .ToDictionary(group => group.Key, group => group.First()[1].Trim());
        }
        catch (IOException)
        {
            // Closed meanwhile, as the descriptor of the enumeration itself is.
            return null;
        }
    }
}
