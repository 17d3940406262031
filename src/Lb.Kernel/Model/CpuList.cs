using System.Collections.Immutable;
using System.Globalization;

namespace Lb.Kernel;

/// <summary>CPUs as the kernel writes them: <c>0-3,6</c>.</summary>
public static class CpuList
{
    /// <summary>More than any kernel is built for.</summary>
    public const int MostCpus = 8192;

    /// <summary>Reads a list; null when it is none.</summary>
    public static ImmutableSortedSet<int>? Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var cpus = ImmutableSortedSet.CreateBuilder<int>();
        foreach (string part in text.Split(','))
        {
            string[] ends = part.Split('-');
            if (ends.Length > 2 || !TryParse(ends[0], out int first) || !TryParse(ends[^1], out int last) || first > last)
            {
                return null;
            }

            cpus.UnionWith(Enumerable.Range(first, last - first + 1));
        }

        return cpus.ToImmutable();
    }

    /// <summary>Writes a list, with neighbours as ranges.</summary>
    public static string Format(IEnumerable<int> cpus)
    {
        ArgumentNullException.ThrowIfNull(cpus);
        // Neighbours have the same distance from their place in the order.
        return string.Join(',', cpus.Order()
            .Select((cpu, place) => (Cpu: cpu, Group: cpu - place))
            .GroupBy(one => one.Group, one => one.Cpu)
            .Select(range => range.First() == range.Last()
                ? string.Create(CultureInfo.InvariantCulture, $"{range.First()}")
                : string.Create(CultureInfo.InvariantCulture, $"{range.First()}-{range.Last()}")));
    }

    private static bool TryParse(string text, out int cpu) =>
        int.TryParse(text.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out cpu) && cpu < MostCpus;
}
