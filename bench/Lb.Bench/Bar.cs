using System.Globalization;

namespace Lb.Bench;

/// <summary>One thing that must hold.</summary>
internal sealed record Bar(string What, double Measured, double Limit, string Unit)
{
    /// <summary>The limit is the least, not the most.</summary>
    public bool AtLeast { get; init; }

    public bool IsMet => AtLeast ? Measured >= Limit : Measured <= Limit;

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{(IsMet ? "met   " : "MISSED")}  {What}: {Measured:0.00} {Unit}, at {(AtLeast ? "least" : "most")} {Limit:0.00} {Unit}");
}
