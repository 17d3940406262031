namespace Lb.Hocon;

/// <summary>Conversions to sizes in bytes.</summary>
public static class HoconSize
{
    private const string Mend = "write a number with B, kB, MB, GB … for powers of ten or K, KiB, M, MiB … for powers of two";

    private static readonly string[] TenPrefixes = ["kilo", "mega", "giga", "tera", "peta", "exa", "zetta", "yotta"];
    private static readonly string[] TwoPrefixes = ["kibi", "mebi", "gibi", "tebi", "pebi", "exbi", "zebi", "yobi"];
    private static readonly Dictionary<string, decimal> Factors = BuildFactors();

    /// <summary>A size in bytes; a bare number is bytes. Parts of a byte are cut off.</summary>
    public static HoconResult<long> TryGetSize(this HoconValue value)
    {
        if (!Units.TrySplit(value, out decimal number, out string unit) || !Factors.TryGetValue(unit, out decimal factor))
        {
            return HoconConversions.Fail<long>(value, "a size in bytes", Mend);
        }

        return Units.TryMultiply(number, factor, out decimal bytes) && bytes is >= 0 and <= long.MaxValue
            ? new((long)bytes)
            : HoconConversions.Fail<long>(value, $"a size from 0 to {long.MaxValue} bytes", Mend);
    }

    private static Dictionary<string, decimal> BuildFactors()
    {
        var factors = new Dictionary<string, decimal>(StringComparer.Ordinal);
        Add(1, "", "B", "b", "byte", "bytes");
        decimal ten = 1;
        decimal two = 1;
        for (int i = 0; i < TenPrefixes.Length; i++)
        {
            ten *= 1000;
            two *= 1024;
            string letter = TenPrefixes[i][..1];
            string capital = letter.ToUpperInvariant();
            Add(ten, (i == 0 ? letter : capital) + "B", TenPrefixes[i] + "byte", TenPrefixes[i] + "bytes");
            Add(two, letter, capital, capital + "i", capital + "iB", TwoPrefixes[i] + "byte", TwoPrefixes[i] + "bytes");
        }

        return factors;

        void Add(decimal factor, params ReadOnlySpan<string> units)
        {
            foreach (string unit in units)
            {
                factors.Add(unit, factor);
            }
        }
    }
}
