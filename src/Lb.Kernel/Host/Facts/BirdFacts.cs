namespace Lb.Kernel.Host;

/// <summary>What a bird needs.</summary>
/// <param name="IsThere">The program is where it should be.</param>
/// <param name="Port">The port of BGP.</param>
public sealed record BirdFacts(bool IsThere, ListenerFacts Port)
{
    /// <summary>The port.</summary>
    public const int BgpPort = 179;
}
