using System.Globalization;

namespace Lb.Cluster.Transport;

/// <summary>The versions of the protocol between nodes that a node speaks.</summary>
/// <param name="Lowest">The lowest.</param>
/// <param name="Highest">The highest.</param>
public readonly record struct ProtocolVersions(int Lowest, int Highest)
{
    /// <summary>
    /// What this program speaks. A release that adds a version goes on speaking the one before, so that nodes of two
    /// adjacent releases understand each other.
    /// </summary>
    public static ProtocolVersions Current { get; } = new(1, 1);

    /// <summary>Reads <c>1-2</c>.</summary>
    public static bool TryParse(string? text, out ProtocolVersions versions)
    {
        versions = default;
        if (text?.Split('-') is not [var low, var high]
            || !int.TryParse(low, NumberStyles.None, CultureInfo.InvariantCulture, out var lowest)
            || !int.TryParse(high, NumberStyles.None, CultureInfo.InvariantCulture, out var highest)
            || lowest > highest)
        {
            return false;
        }

        versions = new ProtocolVersions(lowest, highest);
        return true;
    }

    /// <summary>The highest that both speak; null when there is none.</summary>
    public int? HighestCommon(ProtocolVersions other)
    {
        var highest = Math.Min(Highest, other.Highest);
        return highest >= Math.Max(Lowest, other.Lowest) ? highest : null;
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Lowest}-{Highest}");
}
