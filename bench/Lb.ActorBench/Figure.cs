using System.Globalization;
using Lb.Bench;

namespace Lb.ActorBench;

/// <summary>What a figure must reach.</summary>
/// <param name="Value">The bar.</param>
/// <param name="IsFloor">Whether the figure must be at least that, or at most.</param>
internal sealed record Bar(double Value, bool IsFloor)
{
    public static Bar AtLeast(double value) => new(value, IsFloor: true);

    public static Bar AtMost(double value) => new(value, IsFloor: false);

    public bool IsMetBy(double value) => IsFloor ? value >= Value : value <= Value;
}

/// <summary>A figure, measured several times.</summary>
internal sealed record Figure(string Name, string Unit, Statistics Values, Bar? Bar = null)
{
    public Figure(string name, string unit, Throughput throughput, Bar? bar = null)
        : this(name, unit, throughput.PerSecond, bar)
    {
        CpuMicroseconds = throughput.CpuMicroseconds;
    }

    /// <summary>Processor time of an operation; unlike the rate, it depends little on what else the machine does.</summary>
    public Statistics? CpuMicroseconds { get; }

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Name,-52} {Text(Values.Median),12} {Unit,-14} {$"({Text(Values.Min)} – {Text(Values.Max)})",-26} {Cpu,-12} {Verdict}");

    private string Cpu => CpuMicroseconds is { } cpu
        ? string.Create(CultureInfo.InvariantCulture, $"{cpu.Median:0.000} µs")
        : "";

    private string Verdict => Bar is null
        ? ""
        : $"{(Bar.IsMetBy(Values.Median) ? "met" : "MISSED")}: at {(Bar.IsFloor ? "least" : "most")} {Text(Bar.Value)}";

    private static string Text(double value) => value.ToString(
        value switch { >= 1000 => "N0", >= 10 => "0.0", _ => "0.0000" }, CultureInfo.InvariantCulture);
}
