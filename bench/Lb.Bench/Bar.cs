using System.Globalization;

namespace Lb.Bench;

/// <summary>One thing that must hold.</summary>
internal sealed record Bar(string What, double Measured, double Limit, string Unit)
{
    public bool IsMet => Measured <= Limit;

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{(IsMet ? "met   " : "MISSED")}  {What}: {Measured:0.00} {Unit}, at most {Limit:0.00} {Unit}");
}
