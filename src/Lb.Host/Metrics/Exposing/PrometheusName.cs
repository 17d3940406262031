namespace Lb.Host.Metrics;

/// <summary>From names by OpenTelemetry's conventions to those by Prometheus': the mapping that both have agreed on.</summary>
internal static class PrometheusName
{
    /// <summary>Name of a metric.</summary>
    /// <param name="name">Name of the instrument, as <c>lb.service.bytes</c>.</param>
    /// <param name="unit">Its unit by UCUM; what stands in braces is for readers.</param>
    /// <param name="kind">What it is.</param>
    public static string Of(string name, string? unit, MetricKind kind)
    {
        string metric = Label(name);
        string suffix = unit switch
        {
            "By" => "_bytes",
            "s" => "_seconds",
            "1" when kind == MetricKind.Gauge => "_ratio",
            _ => "",
        };
        if (!metric.EndsWith(suffix, StringComparison.Ordinal))
        {
            metric += suffix;
        }

        return kind == MetricKind.Counter ? metric + "_total" : metric;
    }

    /// <summary>Name of a label: letters, digits and "_", no digit first.</summary>
    public static string Label(string key)
    {
        string name = string.Create(key.Length, key, (characters, from) =>
        {
            for (int i = 0; i < from.Length; i++)
            {
                characters[i] = char.IsAsciiLetterOrDigit(from[i]) ? from[i] : '_';
            }
        });
        return name.Length == 0 || char.IsAsciiDigit(name[0]) ? "_" + name : name;
    }
}
