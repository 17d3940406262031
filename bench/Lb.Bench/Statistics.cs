namespace Lb.Bench;

/// <summary>Several measurements of one thing.</summary>
/// <param name="Min">The least.</param>
/// <param name="Median">The one in the middle.</param>
/// <param name="Max">The largest.</param>
internal readonly record struct Statistics(double Min, double Median, double Max)
{
    public static Statistics Of(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return new Statistics(sorted[0], sorted[sorted.Length / 2], sorted[^1]);
    }

    /// <summary>How far apart they are, as a share of the median.</summary>
    public double Spread => Median == 0 ? 0 : (Max - Min) / Median;
}
