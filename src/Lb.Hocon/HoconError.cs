namespace Lb.Hocon;

/// <summary>One thing that is wrong, where, and how to mend it.</summary>
/// <param name="Origin">Where it stands.</param>
/// <param name="Found">What stands there.</param>
/// <param name="Expected">What could stand there.</param>
/// <param name="Mend">What the author can do.</param>
public sealed record HoconError(HoconOrigin Origin, string Found, string Expected, string Mend)
{
    /// <summary>The whole error in one line.</summary>
    public string Message => $"{Origin}: found {Found}, expected {Expected}; {Mend}";

    /// <inheritdoc/>
    public override string ToString() => Message;
}
