using System.Globalization;

namespace Lb.Hocon.Resolution;

/// <summary>Objects with numeric keys stand for arrays where an array is needed.</summary>
internal static class NumericKeys
{
    /// <summary>The values under numeric keys in numeric order; other keys are left out and gaps closed.</summary>
    public static List<T> Order<T>(IEnumerable<KeyValuePair<string, T>> fields)
    {
        var found = new List<(int Index, T Value)>();
        foreach ((string key, T value) in fields)
        {
            if (int.TryParse(key, NumberStyles.None, CultureInfo.InvariantCulture, out int index))
            {
                found.Add((index, value));
            }
        }

        return [.. found.OrderBy(f => f.Index).Select(f => f.Value)];
    }
}
