using System.Globalization;

namespace Lb.Netns.Tests.Node;

/// <summary>What a scrape got: values by series, as they are written.</summary>
internal sealed class MetricsAnswer(string text)
{
    private readonly Dictionary<string, double> _values = text
        .Split('\n', StringSplitOptions.RemoveEmptyEntries)
        .Where(line => !line.StartsWith('#'))
        .ToDictionary(
            line => line[..line.LastIndexOf(' ')],
            line => double.Parse(line[(line.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture));

    /// <summary>Value of a series that must be there.</summary>
    public double this[string series] => _values.TryGetValue(series, out double value)
        ? value
        : throw new KeyNotFoundException($"{series} is not among the metrics: {string.Join(", ", _values.Keys)}");
}
